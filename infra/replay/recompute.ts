import { partitionOf } from '#schemas/partition.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Emit, Received } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { type CustomerInputs, customerFold } from '#services/scorer/customer-fold.ts'
import type { CustomerShared } from '#services/scorer/customer-shared.ts'
import type { CustomerState } from '#services/scorer/customer-state.ts'
import { type EntityShared, type EntityState, entityFold } from '#services/scorer/entity-fold.ts'
import type { Scoring } from '#services/scorer/score.ts'
import type { Settings } from '#services/settings.ts'

type Records = Generator<Received<'transactions'> | undefined> | AsyncGenerator<Received<'transactions'> | undefined>

/** What one partition of the scorer has to read, in the order of its topics. */
export interface Log {
  /** Undefined for what nobody can read. */
  records(): Records
  readonly watermarks: readonly Received<'watermarks'>[]
  /** Undefined likewise. */
  readonly reports: readonly (Received<'fraud-reports'> | undefined)[]
}

type Told = (partition: number, topic: TopicName, value: unknown) => void

/** Transactions of a partition taken up in one go. */
const BATCH = 500

/** A partition at work: its log, how far it is read, and both of its folds. */
interface Lane extends Pick<Log, 'watermarks' | 'reports'> {
  readonly transactions: Records
  readonly customers: PartitionFold<CustomerState, CustomerShared, CustomerInputs>
  readonly entities: PartitionFold<EntityState, EntityShared, 'scorer.questions'>
  read: number
  told: number
  reported: number
  isOver: boolean
}

/**
 * The folds of the scorer on all partitions, in one process. What they make of a payment depends on the logs of
 * `transactions`, `fraud-reports` and `watermarks` alone, so these are read again: each in its order, the partition whose time is furthest
 * behind first, so that the merge of the questions has little to hold. Questions and answers are asked and given anew.
 * A watermark is told as soon as the records that it names are read; reports are read when one names them.
 */
export class Recomputation {
  readonly #lanes: readonly Lane[]
  readonly #partitions: number
  readonly #told: Told
  #questions: [partition: number, value: TopicRecords['scorer.questions']][] = []
  #answers: [partition: number, value: TopicRecords['scorer.answers']][] = []

  /** `told` hears of everything that the scorer would write, in its order. */
  constructor(settings: Settings, scoring: Scoring, logs: readonly Log[], told: Told) {
    this.#partitions = settings.partitions
    this.#told = told
    const byCustomer = customerFold(settings, scoring)
    const byEntity = entityFold(settings, settings.partitions)
    this.#lanes = logs.map((log, partition) => {
      const emit = this.#emitFrom(partition)
      return {
        transactions: log.records(),
        watermarks: log.watermarks,
        reports: log.reports,
        customers: new PartitionFold(byCustomer, partition, this.#partitions, emit),
        entities: new PartitionFold(byEntity, partition, this.#partitions, emit),
        read: 0,
        told: 0,
        reported: 0,
        isOver: false,
      }
    })
  }

  /** Works for a while; answers with the transactions read so far, or undefined once there are no more. */
  async advance(): Promise<number | undefined> {
    const lane = this.#slowest()
    if (lane === undefined) return undefined
    await this.#take(lane)
    for (const [partition, value] of this.#questions.splice(0)) {
      this.#lanes[partition]!.entities.process({ topic: 'scorer.questions', key: '', value, timestampMs: 0 })
    }
    for (const { entities } of this.#lanes) entities.endOfBatch()
    for (const [partition, value] of this.#answers.splice(0)) {
      this.#lanes[partition]!.customers.process({ topic: 'scorer.answers', key: '', value, timestampMs: 0 })
    }
    return this.#lanes.reduce((sum, { read }) => sum + read, 0)
  }

  #slowest(): Lane | undefined {
    const open = this.#lanes.filter(({ isOver }) => !isOver)
    return open.reduce<Lane | undefined>(
      (slowest, lane) =>
        slowest === undefined || lane.customers.streamTimeMs < slowest.customers.streamTimeMs ? lane : slowest,
      undefined,
    )
  }

  async #take(lane: Lane): Promise<void> {
    const { customers, transactions } = lane
    this.#tellTime(lane)
    for (let i = 0; i < BATCH && !lane.isOver; i++) {
      const { done, value } = await transactions.next()
      if (done) {
        lane.isOver = true
        break
      }
      if (value === undefined) customers.refuse('transactions')
      else customers.process(value)
      lane.read++
      this.#tellTime(lane)
    }
    customers.endOfBatch()
  }

  #tellTime(lane: Lane): void {
    for (let next = lane.watermarks[lane.told]; next !== undefined; next = lane.watermarks[++lane.told]) {
      const { topic, records } = next.value
      if (topic === 'transactions' && records > lane.read) return
      if (topic === 'fraud-reports') this.#report(lane, records)
      lane.customers.process(next)
    }
  }

  #report(lane: Lane, records: number): void {
    for (const report of lane.reports.slice(lane.reported, records)) {
      if (report === undefined) lane.customers.refuse('fraud-reports')
      else lane.customers.process(report)
      lane.reported++
    }
  }

  #emitFrom(from: number): Emit {
    return (topic, key, value, _timestampMs, to = partitionOf(key, this.#partitions)) => {
      if (topic === 'scorer.questions') this.#questions.push([to, value as TopicRecords['scorer.questions']])
      else if (topic === 'scorer.answers') this.#answers.push([to, value as TopicRecords['scorer.answers']])
      else this.#told(from, topic, value)
    }
  }
}
