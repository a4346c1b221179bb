import { randomUUID } from 'node:crypto'
import { consumerEvents, type Kafka } from '#infra/kafka/client.ts'
import { missingTopic } from '#infra/kafka/deploy-topics.ts'
import type { RawMessage } from '#infra/kafka/inbox.ts'
import { fetchOffsetsOf } from '#infra/kafka/topic-offsets.ts'
import type { TopicName } from '#schemas/topics.ts'

/** From the first record that is still there up to, and without, the end. */
export interface Extent {
  readonly topic: TopicName
  readonly partition: number
  readonly low: bigint
  readonly end: bigint
}

/** Longer than a transaction that somebody left open hides what comes after it. */
const SILENCE_MAX_MS = 60_000

/** The extents of topics as of now, one topic after the other in the order given. Throws TopicError for a missing one. */
export async function extentsOf(kafka: Kafka, topicPrefix: string, topics: readonly TopicName[]): Promise<Extent[]> {
  const extents: Extent[] = []
  for (const topic of topics) {
    const name = topicPrefix + topic
    const offsets = await fetchOffsetsOf(kafka, [name]).catch((error) => {
      throw error.type === 'UNKNOWN_TOPIC_OR_PARTITION' ? missingTopic(name) : error
    })
    for (const { partition, low, high } of offsets.get(name)!) {
      extents.push({ topic, partition, low: BigInt(low), end: BigInt(high) })
    }
  }
  return extents
}

/** Reads all committed records of the extents, those of a partition in their order. */
export async function readExtents(
  kafka: Kafka,
  topicPrefix: string,
  extents: readonly Extent[],
  onMessage: (topic: TopicName, partition: number, message: RawMessage) => Promise<void>,
): Promise<void> {
  const ends = new Map(extents.map(({ topic, partition, end }) => [`${topicPrefix}${topic}/${partition}`, end]))
  const open = new Set(
    extents.filter(({ low, end }) => low < end).map((one) => `${topicPrefix}${one.topic}/${one.partition}`),
  )
  if (open.size === 0) return
  const groupId = `${topicPrefix}replay-${randomUUID()}`
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const silence = (): void => reject(new Error(`nothing more came of ${[...open].join(', ')} for ${SILENCE_MAX_MS} ms`))
  const timer = setTimeout(silence, SILENCE_MAX_MS)
  const reached = (where: string, offset: bigint): void => {
    timer.refresh()
    if (offset >= ends.get(where)! - 1n) open.delete(where)
    if (open.size === 0) resolve()
  }
  consumer.on(consumerEvents.crash, ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  // The marks of transactions are told of here only: the last offset of a partition is one of them.
  consumer.on(consumerEvents.batchEnd, ({ payload: { topic, partition, lastOffset } }) => {
    reached(`${topic}/${partition}`, BigInt(lastOffset))
  })
  const read = new Map<string, bigint>()
  try {
    await consumer.connect()
    const topics = [...new Set(extents.map(({ topic }) => topicPrefix + topic))]
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const where = `${topic}/${partition}`
        const offset = BigInt(message.offset)
        // A reader that starts over begins at the beginning.
        if (offset <= (read.get(where) ?? -1n) || offset >= ends.get(where)!) return
        read.set(where, offset)
        await onMessage(topic.slice(topicPrefix.length) as TopicName, partition, message)
        reached(where, offset)
      },
    })
    await promise
  } finally {
    clearTimeout(timer)
    await consumer.disconnect().catch(() => {})
  }
}
