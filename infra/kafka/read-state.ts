import { randomUUID } from 'node:crypto'
import { consumerEvents, type Kafka } from './client.ts'
import { fixedAssigner } from './co-partition-assigner.ts'

/** The newest value of each key of a partition. */
export type CompactedPartition = Map<string, Buffer | null>

/** Written into a state partition before it is read: what comes before it is all there is. */
export const MARKER_KEY = '~marker'

/** A reader to whom nothing has come for so long has lost its way; however much there is, some of it comes all the time. */
const SILENCE_MAX_MS = 20_000
/** A reader that starts over after a broken connection waits so long for its former self: the least that brokers take. */
const SESSION_TIMEOUT_MS = 6_000

/**
 * Reads partitions of a state topic from the beginning up to the marker that this process has just committed to each.
 * A marker rather than the end of the log, because a reader of committed records never sees where that is.
 */
export async function readState(
  kafka: Kafka,
  topic: string,
  markers: ReadonlyMap<number, string>,
): Promise<Map<number, CompactedPartition>> {
  const groupId = `${topic}.read-${randomUUID()}`
  const found = new Map([...markers.keys()].map((partition) => [partition, new Map() as CompactedPartition]))
  const open = new Set(markers.keys())
  const consumer = kafka.consumer({
    groupId,
    partitionAssigners: [fixedAssigner(topic, [...markers.keys()])],
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: SESSION_TIMEOUT_MS / 6,
    maxWaitTimeInMs: 50,
    maxBytesPerPartition: 8 << 20,
    allowAutoTopicCreation: false,
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => reject(new Error(`reading ${topic}, nothing came for ${SILENCE_MAX_MS} ms`)),
    SILENCE_MAX_MS,
  )
  // The client starts over by itself where that may help: a coordinator is still loading on a broker that has just begun.
  consumer.on(consumerEvents.crash, ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: markers.size,
      eachBatch: async ({ batch }) => {
        timer.refresh()
        const entries = found.get(batch.partition)!
        for (const { key, value } of batch.messages) {
          if (key === null) continue
          const name = key.toString()
          if (name !== MARKER_KEY) entries.set(name, value)
          else if (value?.toString() === markers.get(batch.partition)) open.delete(batch.partition)
        }
        if (open.size === 0) resolve()
      },
    })
    await promise
  } finally {
    clearTimeout(timer)
    await consumer.disconnect().catch(() => {})
    await forgetGroup(kafka, groupId)
  }
  return found
}

/** Groups made for one reading should not stay in the broker's books; if this fails, the broker drops them in time. */
async function forgetGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.deleteGroups([groupId])
  } catch {
    // The group expires by itself.
  } finally {
    await admin.disconnect().catch(() => {})
  }
}
