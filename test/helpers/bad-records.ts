import type { MemoryLog, MemoryRecord } from '#infra/memory/memory-log.ts'
import { type TopicName, topics } from '#schemas/topics.ts'
import type { DeadLetterCause } from '#schemas/types.ts'

/** A message for partition 0 of a topic. */
export interface RawRecord {
  readonly key: string
  readonly value: Buffer | null
  readonly timestamp: string
}

export interface BadRecord extends RawRecord {
  readonly why: string
  readonly cause: DeadLetterCause
}

export type SchemaIds = Readonly<Record<TopicName, number>>

const UNKNOWN_ID = 987_654

/** The same record as the registry of a test's broker would have it: with its schema's id there. */
export function framed({ key, value, timestampMs }: MemoryRecord, schemaId: number) {
  const copy = Buffer.from(value)
  copy.writeUInt32BE(schemaId, 1)
  return { key, value: copy, timestamp: String(timestampMs) }
}

/** One record for each way in which a record of this topic can be unreadable in partition 0. */
export function badRecords(log: MemoryLog, topic: TopicName, ids: SchemaIds): BadRecord[] {
  const records = log.log(topic, 0)
  const good = framed(records[records.length >> 1]!, ids[topic])
  const foreign = framed(log.log('merchants', 0)[0]!, ids.merchants)
  const unknown = Buffer.from(good.value)
  unknown.writeUInt32BE(UNKNOWN_ID, 1)
  return [
    { ...good, why: 'cut off', cause: 'CORRUPT', value: good.value.subarray(0, -1) },
    { ...good, why: 'bytes behind it', cause: 'CORRUPT', value: Buffer.concat([good.value, Buffer.from([1])]) },
    { ...good, why: 'JSON', cause: 'NOT_FRAMED', value: Buffer.from('{"amount": 100}') },
    { ...good, why: 'empty', cause: 'NOT_FRAMED', value: Buffer.alloc(0) },
    { ...good, why: 'a schema nobody knows', cause: 'UNKNOWN_SCHEMA', value: unknown },
    { ...good, why: 'a merchant', cause: 'WRONG_RECORD', value: foreign.value },
    { ...good, why: 'null', cause: 'NULL_VALUE', value: null },
    ...(topics[topic].byCustomer ? misplaced(log, topic, ids) : []),
  ]
}

function misplaced(log: MemoryLog, topic: TopicName, ids: SchemaIds): BadRecord[] {
  const records = log.log(topic, 0)
  const good = framed(records[0]!, ids[topic])
  const neighbour = log.log('customers', 0).find(({ key }) => key !== good.key)!
  const elsewhere = framed(log.log(topic, 1)[0]!, ids[topic])
  const foreignKey: BadRecord = { ...good, why: 'the key of another', cause: 'KEY_MISMATCH', key: neighbour.key }
  return [
    // Truth does not name the customer: only its key does.
    ...(topic === 'ground-truth' ? [] : [foreignKey]),
    { ...good, why: 'no key', cause: 'KEY_MISMATCH', key: '' },
    { ...elsewhere, why: 'of another partition', cause: 'KEY_MISMATCH' },
  ]
}
