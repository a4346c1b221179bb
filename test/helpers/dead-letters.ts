import type { TopicName } from '#schemas/topics.ts'
import type { DeadLetter } from '#schemas/types.ts'
import type { BadRecord } from './bad-records.ts'

/** Bytes that a comparison can show. */
export const text = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('base64')

interface BadPlace {
  readonly topic: TopicName
  readonly partition: number
  readonly bad: readonly BadRecord[]
  /** Offset of the first bad record. */
  readonly badFrom: number
}

/** A dead letter without its words. */
export type Letter = Omit<DeadLetter, 'message' | 'key' | 'value' | 'service'> & Record<'key' | 'value', string | null>

/** What must become of bad records that stand one after the other in a partition. */
export const expectedLetters = (fillings: readonly BadPlace[]): Letter[] =>
  fillings.flatMap(({ topic, partition, bad, badFrom }) =>
    bad.map(({ cause, key, value, timestamp }, index) => ({
      source_topic: topic,
      source_partition: partition,
      source_offset: badFrom + index,
      cause,
      key: text(Buffer.from(key)),
      value: text(value),
      source_timestamp: Number(timestamp),
    })),
  )

export function letterOf({
  source_topic,
  source_partition,
  source_offset,
  cause,
  key,
  value,
  source_timestamp,
}: DeadLetter): Letter {
  return { source_topic, source_partition, source_offset, cause, key: text(key), value: text(value), source_timestamp }
}

export const byPlace = (a: Letter, b: Letter): number =>
  a.source_topic === b.source_topic ? a.source_offset - b.source_offset : a.source_topic < b.source_topic ? -1 : 1
