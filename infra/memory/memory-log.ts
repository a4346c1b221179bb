import { Codec, DecodeError, UnknownWriter } from '#infra/registry/codec.ts'
import { damaged } from '#infra/registry/damage.ts'
import { partitionOf } from '#schemas/partition.ts'
import { type TopicName, type TopicRecords, topicNames } from '#schemas/topics.ts'
import type { DeadLetterCause } from '#schemas/types.ts'
import type { Damage, Received } from '#services/fold.ts'

export interface MemoryRecord {
  readonly key: string
  readonly value: Buffer
  readonly timestampMs: number
}

/** A record that no reader takes for one of its topic. */
export interface Unreadable {
  readonly cause: DeadLetterCause
  readonly message: string
}

const ids = Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>

/** All topics of a run, as bytes, in memory: what Kafka is to the services, without Kafka. */
export class MemoryLog {
  readonly partitions: number
  readonly #codec = new Codec(ids)
  readonly #logs = new Map<string, MemoryRecord[]>()

  constructor(partitions: number) {
    this.partitions = partitions
  }

  append<Name extends TopicName>(
    topic: Name,
    key: string,
    value: TopicRecords[Name],
    timestampMs: number,
    partition = partitionOf(key, this.partitions),
    damage?: Damage,
  ): void {
    const bytes = this.#codec.encode(topic, value)
    this.log(topic, partition).push({
      key,
      value: damage === undefined ? bytes : damaged(bytes, damage),
      timestampMs,
    })
  }

  /** The records of a partition so far: the very array, growing. */
  log(topic: TopicName, partition: number): MemoryRecord[] {
    const name = `${topic}/${partition}`
    let log = this.#logs.get(name)
    if (log === undefined) {
      log = []
      this.#logs.set(name, log)
    }
    return log
  }

  /** Drops all records: the arrays that `log` gave out are empty now. */
  clear(): void {
    for (const log of this.#logs.values()) log.length = 0
  }

  decode<Name extends TopicName>(topic: Name, record: MemoryRecord): Received<Name> {
    const value = this.#codec.decode(topic, record.value)
    return { topic, key: record.key, value, timestampMs: record.timestampMs } as unknown as Received<Name>
  }

  /** The same, or why it cannot be read: no schemas but this program's own are known here. */
  open<Name extends TopicName>(topic: Name, record: MemoryRecord): Received<Name> | Unreadable {
    try {
      return this.decode(topic, record)
    } catch (error) {
      if (error instanceof DecodeError) return { cause: error.code, message: error.message }
      if (error instanceof UnknownWriter) return { cause: 'UNKNOWN_SCHEMA', message: error.message }
      throw error
    }
  }

  /** Every record of a topic, partition by partition, decoded. */
  *records<Name extends TopicName>(topic: Name): Generator<Received<Name>> {
    for (let partition = 0; partition < this.partitions; partition++) {
      for (const record of this.log(topic, partition)) yield this.decode(topic, record)
    }
  }
}
