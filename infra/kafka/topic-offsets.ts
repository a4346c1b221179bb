import type { Admin, Kafka } from './client.ts'

/** Where a topic's records begin and end, by partition; `high` is the offset that the next record will have. */
export type TopicOffsets = Awaited<ReturnType<Admin['fetchTopicOffsets']>>

const TRY_FOR_MS = 30_000
const PAUSE_MS = 100

/**
 * The offsets of topics, by their full names, as of now. A broker tells of a new topic before it leads it, and of a
 * leader for a while after there is another: the client gives up at that, so a new one asks again, for `tryForMs`.
 * Throws KafkaJSProtocolError, at once where no second try would help: for a topic that is not there.
 */
export async function fetchOffsetsOf(
  kafka: Kafka,
  topics: readonly string[],
  tryForMs = TRY_FOR_MS,
): Promise<Map<string, TopicOffsets>> {
  for (const deadlineMs = performance.now() + tryForMs; ; ) {
    try {
      return await askOnce(kafka, topics)
    } catch (error) {
      if (!willPass(error) || performance.now() >= deadlineMs) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

async function askOnce(kafka: Kafka, topics: readonly string[]): Promise<Map<string, TopicOffsets>> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const offsets = new Map<string, TopicOffsets>()
    for (const topic of topics) offsets.set(topic, await admin.fetchTopicOffsets(topic))
    return offsets
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

/** The client has already waited in vain for a topic that nobody has made. */
const willPass = (error: unknown): boolean => {
  const { retriable, type } = error as { retriable?: boolean; type?: string }
  return retriable === true && type !== 'UNKNOWN_TOPIC_OR_PARTITION'
}
