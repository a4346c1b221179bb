import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Codec } from '#infra/registry/codec.ts'
import { partitionOf } from '#schemas/partition.ts'
import type { Emit } from '#services/fold.ts'
import type { Source } from '#services/source.ts'
import type { AckLatency } from './ack-latency.ts'
import type { Kafka } from './client.ts'
import { LaneState } from './lane-state.ts'
import { Outbox } from './outbox.ts'
import { readState } from './read-state.ts'
import { TransactionalProducer, type TransactionStage } from './transactional-producer.ts'

export interface LaneSettings {
  readonly kafka: Kafka
  readonly codec: Codec
  readonly topicPrefix: string
  readonly partitions: number
  /** Makes a source of a partition, at its beginning. */
  readonly source: (partition: number) => Source
  /** Names what the stream is made from. */
  readonly fingerprint: string
  /** Of the live part, by all lanes of this process. */
  readonly ackLatency: AckLatency
  readonly nowMs: () => number
  readonly log: Logger
  readonly observe?: (stage: TransactionStage, partition: number) => void | Promise<void>
}

/** What drives lanes needs of them: benchmarks and tests put lanes of their own in their place. */
export type AnyLane = Pick<Lane, keyof Lane>

/** Customers and merchants are not paced: one transaction takes this many sends of them. */
const PUBLISH_SENDS_MAX = 20

/**
 * One partition of the producer: a source, the records that wait to be sent, and the one writer that sends them. Its
 * progress is committed with the records, so that a new start goes on with the very next one.
 */
export class Lane {
  readonly partition: number
  readonly #settings: LaneSettings
  readonly #outbox = new Outbox()
  readonly #state: LaneState
  #source: Source
  #producer: TransactionalProducer | undefined
  #waiting = 0
  /** Of those that wait, the moments at which they were meant to leave, where there are such. */
  #intendedMs: number[] = []
  /** Of those that are being delivered, the first. */
  #deliveringMs: number | null = null
  #committed = 0
  /** The latest event time told in a watermark. */
  toldMs = Number.NEGATIVE_INFINITY
  /** Wall-clock moments of the last commit, and of the last one with transactions. */
  deliveredAtMs = 0
  ackedAtMs = 0

  constructor(settings: LaneSettings, partition: number) {
    this.#settings = settings
    this.partition = partition
    this.#state = new LaneState(settings.codec, settings.fingerprint, partition)
    this.#source = settings.source(partition)
  }

  get source(): Source {
    return this.#source
  }

  /** Transactions generated that wait for the next delivery. */
  get waiting(): number {
    return this.#waiting
  }

  /** Transactions committed since the beginning of the stream, by whatever process. */
  get committed(): number {
    return this.#committed
  }

  /** When the oldest transaction that is not committed was meant to leave; null where nothing waits, or had such a moment. */
  get oldestIntendedMs(): number | null {
    return this.#deliveringMs ?? this.#intendedMs[0] ?? null
  }

  get isOpen(): boolean {
    return this.#producer !== undefined
  }

  get isEmpty(): boolean {
    return this.#outbox.count === 0
  }

  /** Fences earlier writers and takes up where the last of them had committed. */
  async open(): Promise<void> {
    const { kafka, topicPrefix, observe } = this.#settings
    const id = `${topicPrefix}producer-${this.partition}`
    const producer = await TransactionalProducer.open(kafka, id, observe && ((stage) => observe(stage, this.partition)))
    try {
      await this.#restore(producer)
    } catch (error) {
      await producer.discard()
      throw error
    }
    this.#producer = producer
  }

  async #restore(producer: TransactionalProducer): Promise<void> {
    const { kafka, topicPrefix, source } = this.#settings
    const { partition } = this
    const marker = randomUUID()
    const topic = `${topicPrefix}producer.state`
    await producer.deliver({ parcels: [{ topic, partition, messages: [this.#state.marker(marker)] }] })
    const found = await readState(kafka, topic, new Map([[partition, marker]]))
    const saved = this.#state.read(found.get(partition)!)
    this.#source = source(partition)
    this.#outbox.clear()
    this.#waiting = 0
    this.#intendedMs = []
    this.#deliveringMs = null
    this.toldMs = Number.NEGATIVE_INFINITY
    if (saved === null) await this.#publish(producer)
    else this.#source.restore(saved.progress, saved.ledger)
    this.#committed = this.#source.transactions
  }

  generate(intendedAtMs: number | null): void {
    this.#source.next(this.#emit, intendedAtMs)
    if (intendedAtMs !== null) this.#intendedMs.push(intendedAtMs)
    this.#waiting++
  }

  /** Tells that no transaction before `timeMs` will follow those generated so far. */
  tellTime(timeMs: number): void {
    this.toldMs = timeMs
    const value = { topic: 'transactions.genuine', records: this.#source.transactions, time: timeMs }
    this.#emit('watermarks', 'transactions.genuine', value, timeMs, this.partition)
  }

  /** Commits what waits, with the progress it amounts to. After an error, `open` again: the lane then repeats nothing. */
  async deliver(): Promise<void> {
    const { transactions } = this.#source
    const intendedMs = this.#intendedMs
    this.#deliveringMs = this.oldestIntendedMs
    this.#intendedMs = []
    this.#waiting = 0
    const topic = `${this.#settings.topicPrefix}producer.state`
    const progress = this.#state.save(this.#source.progress(), () => this.#source.ledgerAtDayStart())
    for (const message of progress) this.#outbox.add(topic, message)
    await this.#producer!.deliver({ parcels: this.#outbox.take() })
    this.deliveredAtMs = this.#settings.nowMs()
    if (transactions > this.#committed) this.ackedAtMs = this.deliveredAtMs
    this.#committed = transactions
    this.#deliveringMs = null
    for (const ms of intendedMs) this.#settings.ackLatency.observe(this.deliveredAtMs - ms)
  }

  async close(): Promise<void> {
    await this.#producer?.discard()
    this.#producer = undefined
  }

  async #publish(producer: TransactionalProducer): Promise<void> {
    const parcels = new Outbox()
    this.#source.publish((topic, key, value, timestampMs) => this.#add(parcels, topic, key, value, timestampMs))
    const sends = parcels.take()
    for (let from = 0; from < sends.length; from += PUBLISH_SENDS_MAX) {
      await producer.deliver({ parcels: sends.slice(from, from + PUBLISH_SENDS_MAX) })
    }
  }

  readonly #emit: Emit = (topic, key, value, timestampMs, partition) => {
    this.#add(this.#outbox, topic, key, value, timestampMs, partition)
  }

  #add(outbox: Outbox, ...[topic, key, value, timestampMs, partition]: Parameters<Emit>): void {
    const { codec, topicPrefix, partitions } = this.#settings
    outbox.add(topicPrefix + topic, {
      key,
      value: codec.encode(topic, value as never),
      timestamp: String(timestampMs),
      partition: partition ?? partitionOf(key, partitions),
    })
  }
}
