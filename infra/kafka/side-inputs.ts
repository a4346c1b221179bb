import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type Codec, DecodeError, UnknownWriter } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { PartitionFold } from '#services/partition-fold.ts'
import { type Consumer, consumerEvents, type Kafka } from './client.ts'
import type { SchemaLookUp } from './inbox.ts'

/** The newest record of a key of a side input; null when it was deleted. */
interface Side {
  readonly topic: TopicName
  readonly key: string
  readonly payload: Buffer | null
}

const PAUSE_MS = 500

type AnyFold = Pick<PartitionFold<never, never, never>, 'applySide'>

/**
 * Follows the compacted topics that all partitions of a fold read whole (rules, control). A record that cannot be
 * decoded, or that the fold does not take, is logged: whoever wrote it reads the answer there, and what was in force
 * stays in force.
 */
export class SideInputs {
  readonly #codec: Codec
  readonly #topicPrefix: string
  readonly #lookUp: SchemaLookUp
  readonly #log: Logger
  readonly #current = new Map<string, Side>()
  readonly #told = new WeakSet<Side>()
  #consumer: Consumer | undefined
  #version = 0
  #stopping = false

  constructor(codec: Codec, topicPrefix: string, lookUp: SchemaLookUp, log: Logger) {
    this.#codec = codec
    this.#topicPrefix = topicPrefix
    this.#lookUp = lookUp
    this.#log = log
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version
  }

  async start(kafka: Kafka, topics: readonly TopicName[], service: string): Promise<void> {
    if (topics.length === 0) return
    await this.#follow(kafka, topics, `${this.#topicPrefix}${service}.side-${randomUUID()}`)
  }

  async #follow(kafka: Kafka, topics: readonly TopicName[], groupId: string): Promise<void> {
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, allowAutoTopicCreation: false })
    this.#consumer = consumer
    consumer.on(consumerEvents.crash, ({ payload }) => {
      if (!payload.restart && !this.#stopping) void this.#followAgain(kafka, topics, groupId, payload.error)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: topics.map((topic) => this.#topicPrefix + topic), fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, message }) => {
        const name = topic.slice(this.#topicPrefix.length) as TopicName
        await this.#take({ topic: name, key: message.key?.toString() ?? '', payload: message.value })
      },
    })
  }

  /** Without it, changes would go unheard while everything else goes on. */
  async #followAgain(kafka: Kafka, topics: readonly TopicName[], groupId: string, error: Error): Promise<void> {
    this.#log.warn({ err: error, topics }, 'the reader of side inputs stopped; starting it again')
    while (!this.#stopping) {
      await this.#consumer?.disconnect().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      try {
        return await this.#follow(kafka, topics, groupId)
      } catch (again) {
        this.#log.warn({ err: again, topics }, 'the reader of side inputs did not start; trying again')
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#consumer?.disconnect().catch(() => {})
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

  async #take(side: Side): Promise<void> {
    try {
      await this.#learnWriter(side)
      this.#value(side)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#log.error({ topic: side.topic, key: side.key, cause: error.code }, `ignored: ${error.message}`)
      return
    }
    this.#current.set(`${side.topic}/${side.key}`, side)
    this.#version++
  }

  async #learnWriter(side: Side): Promise<void> {
    try {
      this.#value(side)
    } catch (error) {
      if (error instanceof UnknownWriter) this.#codec.learn(side.topic, error.id, await this.#lookUp(error.id))
      else throw error
    }
  }
}
