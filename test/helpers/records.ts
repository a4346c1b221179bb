import { connectKafka } from '#infra/kafka/client.ts'
import { partitionOf } from '#schemas/partition.ts'
import { silent } from './deployed.ts'
import { sharedStack } from './stack.ts'

export interface Sent {
  readonly key: string
  readonly value: Buffer | null
  readonly timestampMs: number
}

/** Writes records as any other program could, each to the partition of its key. */
export async function send(topic: string, partitions: number, records: readonly Sent[]): Promise<void> {
  const producer = connectKafka(sharedStack().connection, 'test', silent).producer()
  await producer.connect()
  const messages = records.map(({ key, value, timestampMs }) => ({
    key,
    value,
    timestamp: String(timestampMs),
    partition: partitionOf(key, partitions),
  }))
  await producer.send({ topic, acks: -1, messages })
  await producer.disconnect()
}
