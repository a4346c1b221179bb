import { randomUUID } from 'node:crypto'
import pino from 'pino'
import type { Connection } from '#infra/connection.ts'
import { type Admin, connectKafka, type Kafka } from '#infra/kafka/client.ts'
import { deployTopics } from '#infra/kafka/deploy-topics.ts'
import { fetchOffsetsOf } from '#infra/kafka/topic-offsets.ts'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import { type ScenarioFile, type Settings, settingsSchema } from '#services/settings.ts'
import { HOUR_MS } from '#services/time.ts'
import { CommittedCounter } from './committed-counter.ts'
import { readCommitted } from './read-committed.ts'

const HEADER_BYTES = 5
const MESSAGES_PER_SEND = 500

/** A record without the schema's id, which differs from registry to registry. */
export type Line = string

export interface Reading {
  readonly group: string
  readonly topics: readonly TopicName[]
}

interface StageOptions {
  readonly connection: Connection
  /** What the service under test reads, and what is compared of what it writes. */
  readonly inputs: readonly TopicName[]
  readonly outputs: readonly TopicName[]
  readonly group: string
  /** What the service says to itself, and the groups that read it. */
  readonly within?: readonly Reading[]
  readonly simulatedHours: number
  /** What is another scenario than the others'. */
  readonly settings?: Pick<ScenarioFile, 'partitions' | 'disorder'>
}

/** What went wrong, counted; all zero and `isEqual` when the outputs are those of an undisturbed run. */
export interface Verdict {
  readonly expected: number
  readonly duplicates: number
  readonly losses: number
  readonly isEqual: boolean
  /** Where the outputs first differ, for whoever has to find out why. */
  readonly differences: readonly string[]
}

export const lineOf = (key: string, timestamp: string, value: Buffer | null): Line =>
  `${key} ${timestamp} ${value?.subarray(HEADER_BYTES).toString('base64')}`

/**
 * Topics of their own on the shared broker, filled with a simulated population's payments; and what an undisturbed run
 * would make of them, computed in memory by the same folds.
 */
export class Stage {
  readonly settings: Settings
  readonly #options: StageOptions
  readonly #memory: MemoryPipeline
  readonly #kafka: Kafka
  readonly #admin: Admin
  readonly #counter = new CommittedCounter()
  readonly #within = new CommittedCounter()

  private constructor(options: StageOptions) {
    this.#options = options
    this.settings = settingsSchema.parse({
      seed: 'chaos',
      topicPrefix: `chaos-${randomUUID()}-`,
      partitions: 2,
      population: { customers: 400 },
      clock: { history: '14d' },
      fraud: { rate: 0.05 },
      runner: { transactionRecordsMax: 20, lingerMs: 20, checkpointMs: 200 },
      ...options.settings,
    })
    this.#memory = new MemoryPipeline(this.settings)
    this.#kafka = connectKafka(options.connection, 'chaos', pino({ level: 'silent' }))
    this.#admin = this.#kafka.admin()
  }

  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options)
    await stage.#admin.connect()
    await deployTopics(options.connection, stage.settings, pino({ level: 'silent' }))
    await deploySchemas(options.connection, stage.settings)
    stage.#memory.generate(stage.#memory.sources[0]!.historyFromMs + options.simulatedHours * HOUR_MS)
    stage.#memory.settle()
    await stage.#fill()
    await stage.#counter.start(
      stage.#kafka,
      options.outputs.map((name) => stage.settings.topicPrefix + name),
    )
    const within = (options.within ?? []).flatMap(({ topics }) => topics)
    if (within.length > 0) {
      const topics = within.map((name) => stage.settings.topicPrefix + name)
      await stage.#within.start(stage.#kafka, topics)
    }
    return stage
  }

  /** Whether the group has committed all of its inputs, or all but the last record of each partition. */
  async isDone(): Promise<boolean> {
    const { group, inputs } = this.#options
    const committed = await this.#committed(group, inputs)
    const names = committed.map(({ topic }) => topic)
    const ends = await fetchOffsetsOf(this.#kafka, names)
    for (const { topic, partitions } of committed) {
      for (const { partition, high } of ends.get(topic)!) {
        const offset = Number(partitions.find((entry) => entry.partition === partition)?.offset ?? 0)
        if (offset < this.#inputEnd(topic, partition, Number(high)) - 1) return false
      }
    }
    return committed.length > 0
  }

  /** Whether it has also read all that it said to itself: then nothing is on its way to the outputs any more. */
  async isDry(): Promise<boolean> {
    for (const { group, topics } of this.#options.within ?? []) {
      for (const { topic, partitions } of await this.#committed(group, topics)) {
        if (partitions.some(({ partition, offset }) => Number(offset) < this.#within.endOf(topic, partition)))
          return false
      }
    }
    return this.isDone()
  }

  /** Committed output records, all partitions together, compared with what there must be. */
  get outputsAreComplete(): boolean {
    return this.#counter.count >= this.#count(this.#options.outputs)
  }

  /** Rises as long as something is written. */
  get outputCount(): number {
    return this.#counter.count
  }

  /** What an undisturbed run writes to a topic. */
  expected<Name extends TopicName>(topic: Name): TopicRecords[Name][] {
    return [...this.#memory.log.records(topic)].map(({ value }) => value as TopicRecords[Name])
  }

  /** Holds the committed outputs against those of the undisturbed run. */
  async judge(): Promise<Verdict> {
    const { outputs } = this.#options
    let verdict: Verdict = { expected: 0, duplicates: 0, losses: 0, isEqual: true, differences: [] }
    const found = await readCommitted(
      this.#kafka,
      outputs.map((name) => this.settings.topicPrefix + name),
      this.settings.partitions,
    )
    for (const topic of outputs) {
      for (let partition = 0; partition < this.settings.partitions; partition++) {
        const expected = this.#memory.log
          .log(topic, partition)
          .map(({ key, timestampMs, value }) => lineOf(key, String(timestampMs), value))
        const messages = found.get(`${this.settings.topicPrefix + topic}/${partition}`) ?? []
        const actual = messages.map(({ key, timestamp, value }) => lineOf(key?.toString() ?? '', timestamp, value))
        verdict = add(verdict, `${topic}/${partition}`, expected, actual)
      }
    }
    return verdict
  }

  async close(): Promise<void> {
    await Promise.all([this.#counter.stop(), this.#within.stop()])
    const { topicPrefix } = this.settings
    const topics = (await this.#admin.listTopics()).filter((name) => name.startsWith(topicPrefix))
    await this.#admin.deleteTopics({ topics })
    await this.#admin.disconnect()
  }

  #committed(group: string, topics: readonly TopicName[]): ReturnType<Admin['fetchOffsets']> {
    const { topicPrefix } = this.settings
    return this.#admin.fetchOffsets({ groupId: topicPrefix + group, topics: topics.map((name) => topicPrefix + name) })
  }

  /** The service may write to one of its own inputs (watermarks): what it wrote there itself needs no reading. */
  #inputEnd(topic: string, partition: number, high: number): number {
    const loaded = this.#loaded.get(`${topic}/${partition}`)
    return loaded === undefined ? high : Math.min(high, loaded)
  }

  readonly #loaded = new Map<string, number>()

  #count(topics: readonly TopicName[]): number {
    let count = 0
    for (const topic of topics) {
      for (let partition = 0; partition < this.settings.partitions; partition++)
        count += this.#memory.log.log(topic, partition).length
    }
    return count
  }

  async #fill(): Promise<void> {
    const ids = await lookUpSchemaIds(this.#options.connection, this.settings)
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    for (const name of this.#options.inputs.filter((input) => input !== 'scorer.answers')) {
      const topic = this.settings.topicPrefix + name
      for (let partition = 0; partition < this.settings.partitions; partition++) {
        const log = this.#memory.log.log(name, partition)
        this.#loaded.set(`${topic}/${partition}`, log.length)
        for (let from = 0; from < log.length; from += MESSAGES_PER_SEND) {
          const messages = log.slice(from, from + MESSAGES_PER_SEND).map(({ key, timestampMs, value }) => {
            const framed = Buffer.from(value)
            framed.writeUInt32BE(ids[name], 1)
            return { key, value: framed, timestamp: String(timestampMs), partition }
          })
          await producer.send({ topic, acks: -1, messages })
        }
      }
    }
    await producer.disconnect()
  }
}

function add(verdict: Verdict, where: string, expected: readonly Line[], actual: readonly Line[]): Verdict {
  const left = new Map<Line, number>()
  for (const one of expected) left.set(one, (left.get(one) ?? 0) + 1)
  let duplicates = 0
  for (const one of actual) {
    const count = left.get(one) ?? 0
    if (count === 0) duplicates++
    else left.set(one, count - 1)
  }
  const losses = [...left.values()].reduce((sum, count) => sum + count, 0)
  const at = expected.findIndex((one, i) => one !== actual[i])
  const isEqual = actual.length === expected.length && at < 0
  const difference = `${where}: ${actual.length} of ${expected.length}, the first difference at ${at}`
  return {
    expected: verdict.expected + expected.length,
    duplicates: verdict.duplicates + duplicates,
    losses: verdict.losses + losses,
    isEqual: verdict.isEqual && isEqual,
    differences: isEqual ? verdict.differences : [...verdict.differences, difference],
  }
}
