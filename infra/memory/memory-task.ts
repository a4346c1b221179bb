import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Fold } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import type { MemoryLog, MemoryRecord, Unreadable } from './memory-log.ts'

type Output = Parameters<MemoryLog['append']>

/** A fold on one partition of a memory log, with the commits, checkpoints and restarts that it has on Kafka. */
export class MemoryTask<State, Shared, Inputs extends TopicName> {
  readonly #fold: Fold<State, Shared, Inputs>
  readonly #log: MemoryLog
  readonly #partition: number
  readonly #saved = new Map<string, CheckpointEntry>()
  #savedPosition: Map<Inputs, number>
  #position: Map<Inputs, number>
  #outputs: Output[] = []
  #folded: PartitionFold<State, Shared, Inputs>

  constructor(fold: Fold<State, Shared, Inputs>, log: MemoryLog, partition: number) {
    this.#fold = fold
    this.#log = log
    this.#partition = partition
    this.#position = new Map(fold.inputs.map((topic) => [topic, 0]))
    this.#savedPosition = new Map(this.#position)
    this.#folded = this.#build()
  }

  get shared(): Shared {
    return this.#folded.shared
  }

  /** Handles up to `limit` waiting records of one input in one transaction; false when none waited. */
  transact(topic: Inputs, limit: number): boolean {
    const from = this.#position.get(topic)!
    const waiting = this.#log.log(topic, this.#partition).slice(from, from + limit)
    if (waiting.length === 0) return false
    this.#process(topic, waiting.length)
    for (const output of this.#outputs) this.#log.append(...output)
    this.#outputs = []
    return true
  }

  /** Saves what has changed, as of the last commit. */
  checkpoint(): void {
    for (const entry of this.#folded.checkpoint()) this.#saved.set(entry.key, entry)
    this.#savedPosition = new Map(this.#position)
  }

  /** The records read so far are about to be dropped: saves, and goes on at the beginning of what comes then. */
  rewind(): void {
    for (const topic of this.#position.keys()) this.#position.set(topic, 0)
    this.checkpoint()
  }

  /** Forgets everything in memory and comes back from the checkpoint and the log, outputs muted. */
  restart(): void {
    const committed = this.#position
    this.#folded = this.#build()
    this.#folded.restore(this.#saved.values())
    this.#position = new Map(this.#savedPosition)
    for (const [topic, to] of committed) this.#process(topic, to - this.#position.get(topic)!)
    this.#outputs = []
  }

  #process(topic: Inputs, count: number): void {
    const from = this.#position.get(topic)!
    const records = this.#log.log(topic, this.#partition).slice(from, from + count)
    records.forEach((record, i) => {
      const opened = this.#log.open(topic, record)
      if ('cause' in opened) this.#refuse(topic, record, from + i, opened)
      else this.#folded.process(opened)
    })
    this.#folded.endOfBatch()
    this.#position.set(topic, from + count)
  }

  #refuse(topic: Inputs, record: MemoryRecord, offset: number, { cause, message }: Unreadable): void {
    this.#folded.refuse(topic)
    const letter = {
      source_topic: topic,
      source_partition: this.#partition,
      source_offset: offset,
      cause,
      message,
      service: this.#fold.name,
      key: Buffer.from(record.key),
      value: record.value,
      source_timestamp: record.timestampMs,
    }
    this.#outputs.push(['dead-letters', record.key, letter, record.timestampMs, this.#partition])
  }

  #build(): PartitionFold<State, Shared, Inputs> {
    return new PartitionFold(
      this.#fold,
      this.#partition,
      this.#log.partitions,
      (topic, key, value, timestampMs, partition, damage) => {
        this.#outputs.push([topic, key, value as TopicRecords[TopicName], timestampMs, partition, damage] as Output)
      },
    )
  }
}
