import type { Logger } from 'pino'
import type { Codec } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { PartitionFold } from '#services/partition-fold.ts'
import type { Kafka } from './client.ts'
import { CompactedTopics } from './compacted-topics.ts'
import type { SchemaLookUp } from './inbox.ts'

/** The newest record of a key of a side input; null when it was deleted. */
interface Side {
  readonly topic: TopicName
  readonly key: string
  readonly payload: Buffer | null
}

type AnyFold = Pick<PartitionFold<never, never, never>, 'applySide'>

/**
 * Follows the compacted topics that all partitions of a fold read whole (rules, control). A record that cannot be
 * decoded, or that the fold does not take, is logged: whoever wrote it reads the answer there, and what was in force
 * stays in force.
 */
export class SideInputs {
  readonly #codec: Codec
  readonly #log: Logger
  readonly #current = new Map<string, Side>()
  readonly #told = new WeakSet<Side>()
  readonly #topics: CompactedTopics
  #version = 0

  constructor(codec: Codec, topicPrefix: string, lookUp: SchemaLookUp, log: Logger) {
    this.#codec = codec
    this.#log = log
    const onRecord = (side: Side): void => {
      this.#current.set(`${side.topic}/${side.key}`, side)
      this.#version++
    }
    this.#topics = new CompactedTopics({ codec, topicPrefix, lookUp, log, onRecord })
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version
  }

  async start(kafka: Kafka, topics: readonly TopicName[], service: string): Promise<void> {
    if (topics.length === 0) return
    await this.#topics.start(kafka, topics, service)
  }

  async stop(): Promise<void> {
    await this.#topics.stop()
  }

  /** Brings a partition's fold up to date with what is in force; the entries must be saved with the next commit. */
  apply(fold: AnyFold, applied: Map<string, Buffer | null>): CheckpointEntry[] {
    const entries: CheckpointEntry[] = []
    for (const [id, side] of this.#current) {
      const before = applied.get(id)
      if (before === side.payload || (before && side.payload?.equals(before))) continue
      applied.set(id, side.payload)
      const { entry, mistakes } = fold.applySide(side.topic, side.key, this.#value(side), side.payload)
      entries.push(entry)
      if (mistakes.length > 0) this.#refused(side, mistakes)
    }
    return entries
  }

  /** Puts what a checkpoint says was in force back into a partition's fold. */
  restore(entries: readonly CheckpointEntry[], fold: AnyFold, applied: Map<string, Buffer | null>): void {
    for (const { key: entryKey, payload } of entries) {
      const named = /^~side\/([^/]+)\/(.*)$/s.exec(entryKey)
      if (named === null || payload === null) continue
      const side: Side = { topic: named[1] as TopicName, key: named[2]!, payload: Buffer.from(payload) }
      applied.set(`${side.topic}/${side.key}`, side.payload)
      fold.applySide(side.topic, side.key, this.#value(side), side.payload)
    }
  }

  /** All partitions refuse the same record for the same reasons: once is enough to read. */
  #refused(side: Side, mistakes: readonly string[]): void {
    if (this.#told.has(side)) return
    this.#told.add(side)
    this.#log.error({ topic: side.topic, key: side.key }, `not taken: ${mistakes.join('; ')}`)
  }

  #value({ topic, payload }: Side): unknown {
    return payload === null ? null : this.#codec.decode(topic, payload)
  }
}
