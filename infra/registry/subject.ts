import type { TopicName } from '#schemas/topics.ts'

/** TopicNameStrategy, the default of Confluent's serialisers: the subject of a topic's values. */
export const subjectOf = (topicPrefix: string, topic: TopicName): string => `${topicPrefix}${topic}-value`
