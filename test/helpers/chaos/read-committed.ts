import { randomUUID } from 'node:crypto'
import type { Kafka } from '#infra/kafka/client.ts'

export interface Message {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: string
  readonly offset: string
}

/**
 * Everything committed in these topics, by `topic/partition`. The end is where a record stands that this reader has put
 * there itself: nobody else may be writing any more.
 */
export async function readCommitted(
  kafka: Kafka,
  topics: readonly string[],
  partitions: number,
): Promise<Map<string, Message[]>> {
  const end = `end-${randomUUID()}`
  const found = new Map<string, Message[]>()
  const open = new Set(
    topics.flatMap((topic) => Array.from({ length: partitions }, (_, partition) => `${topic}/${partition}`)),
  )
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const where of open) {
    const [topic, partition] = where.split('/') as [string, string]
    await producer.send({
      topic,
      acks: -1,
      messages: [{ key: end, value: end, partition: Number(partition), timestamp: '1' }],
    })
  }
  await producer.disconnect()
  const consumer = kafka.consumer({ groupId: end, maxWaitTimeInMs: 100 })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) reject(payload.error)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [...topics], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const where = `${batch.topic}/${batch.partition}`
      const messages = found.get(where) ?? []
      found.set(where, messages)
      for (const message of batch.messages) {
        if (message.key?.toString() === end) open.delete(where)
        else if (!message.key?.toString().startsWith('end-')) messages.push(message)
      }
      if (open.size === 0) resolve()
    },
  })
  await promise
  await consumer.disconnect()
  return found
}
