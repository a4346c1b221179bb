import { MemoryLog } from '#infra/memory/memory-log.ts'
import { MemoryTask } from '#infra/memory/memory-task.ts'
import { partitionOf } from '#schemas/partition.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { FraudReport, Transaction } from '#schemas/types.ts'
import type { Fold } from '#services/fold.ts'
import { Random, streamKey } from '#services/random.ts'
import { type CustomerInputs, customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { withoutModel } from '#services/scorer/score.ts'
import { defaultSettings } from '#services/settings.ts'
import { DAY_MS, NEVER_MS } from '#services/time.ts'
import type { Disordered } from './disordered.ts'

/** How the folds are run: nothing of it may be seen in what comes out. */
export interface StreamedCourse {
  readonly partitions: number
  /** Seed of who works next, on how many records, and where it is started anew. */
  readonly order: string
  /** Chance, at each turn, that some partition is saved or taken up anew. */
  readonly restarts: number
}

/** What came out of the folds. */
export interface Streamed {
  /** `values` of the features by transaction. */
  readonly rows: ReadonlyMap<string, Uint8Array>
  readonly checkpoints: number
  readonly restarts: number
  /** Records that were second copies. */
  readonly duplicates: number
}

type AnyTask = MemoryTask<unknown, unknown, TopicName>

/** Records on their way at a time: afterwards all are scored, as far as they can be, and the topics emptied. */
const SLICE = 20_000
const RECORDS_MAX = 400

class StreamedRun {
  readonly #log: MemoryLog
  readonly #random: Random
  readonly #course: StreamedCourse
  readonly #customers
  readonly #entities
  readonly #reported: number[]
  readonly rows = new Map<string, Uint8Array>()
  checkpoints = 0
  restarts = 0

  constructor(course: StreamedCourse) {
    const { partitions, order } = course
    this.#course = course
    this.#log = new MemoryLog(partitions)
    this.#reported = Array.from({ length: partitions }, () => 0)
    this.#random = new Random().at(streamKey(order, 'dice'), 0, 0)
    this.#customers = this.#tasks(customerFold(defaultSettings, withoutModel))
    this.#entities = this.#tasks(entityFold(defaultSettings, partitions))
  }

  get duplicates(): number {
    return this.#customers.reduce((sum, { shared }) => sum + shared.totals.duplicates, 0)
  }

  /** No report up to `reportedMs` follows those given. */
  take(records: readonly Transaction[], reports: readonly FraudReport[], reportedMs: number): void {
    for (const tx of records) this.#log.append('transactions', tx.customer_id, tx, tx.event_time)
    for (const report of reports) this.#report(report)
    for (const partition of this.#reported.keys()) this.#tellReportTime(partition, reportedMs)
    this.#settle()
    for (const { value } of this.#log.records('features')) this.rows.set(value.transaction_id, value.values)
    for (const task of this.#all) task.rewind()
    this.#log.clear()
  }

  /** Says that nothing before `timeMs` follows, so that nothing waits for a silent partition. */
  finish(timeMs: number, reports: readonly FraudReport[]): void {
    for (const [partition, { shared }] of this.#customers.entries()) {
      const watermark = { topic: 'transactions', records: shared.consumed, time: timeMs }
      this.#log.append('watermarks', watermark.topic, watermark, timeMs, partition)
    }
    this.take([], reports, NEVER_MS)
  }

  /** Those before it are told to be all before its time. */
  #report(report: FraudReport): void {
    const { customer_id, report_time } = report
    const partition = partitionOf(customer_id, this.#course.partitions)
    this.#tellReportTime(partition, report_time - 1)
    this.#log.append('fraud-reports', customer_id, report, report_time)
    this.#reported[partition]!++
  }

  #tellReportTime(partition: number, time: number): void {
    const watermark = { topic: 'fraud-reports', records: this.#reported[partition]!, time }
    this.#log.append('watermarks', watermark.topic, watermark, time, partition)
  }

  get #all(): AnyTask[] {
    return [...this.#customers, ...this.#entities] as unknown as AnyTask[]
  }

  #tasks<State, Shared, Inputs extends TopicName>(
    fold: Fold<State, Shared, Inputs>,
  ): MemoryTask<State, Shared, Inputs>[] {
    return Array.from({ length: this.#course.partitions }, (_, partition) => new MemoryTask(fold, this.#log, partition))
  }

  /** In turns, from anywhere and in slices of any size, until nothing waits. */
  #settle(): void {
    const turns = [
      ...this.#customers.flatMap((task) =>
        (['transactions', 'scorer.answers', 'watermarks', 'fraud-reports'] satisfies CustomerInputs[]).map((topic) => ({
          task,
          topic,
        })),
      ),
      ...this.#entities.map((task) => ({ task, topic: 'scorer.questions' as const })),
    ] as unknown as { task: AnyTask; topic: TopicName }[]
    for (let busy = true; busy; ) {
      busy = false
      const from = this.#random.below(turns.length)
      for (let i = 0; i < turns.length; i++) {
        const { task, topic } = turns[(from + i) % turns.length]!
        // Reports are so few that they would all be read before the payments that have to wait for them.
        const limit = topic === 'fraud-reports' ? 1 : this.#random.integer(1, RECORDS_MAX)
        if (task.transact(topic, limit)) busy = true
        this.#disturb()
      }
    }
  }

  /** What is taken up anew knows nothing but the bytes of its checkpoint and the records since: as on another machine. */
  #disturb(): void {
    if (!this.#random.chance(this.#course.restarts)) return
    const task = this.#random.pick(this.#all)
    if (this.#random.chance(0.5)) {
      task.checkpoint()
      this.checkpoints++
    } else {
      task.restart()
      this.restarts++
    }
  }
}

/** Lets both folds of the scorer compute the features of records that arrive in this order. */
export function streamed({ arrivals, reports }: Disordered<readonly Transaction[]>, course: StreamedCourse): Streamed {
  const run = new StreamedRun(course)
  let newestMs = 0
  let reported = 0
  for (let from = 0; from < arrivals.length; from += SLICE) {
    const slice = arrivals.slice(from, from + SLICE)
    newestMs = slice.reduce((newest, { event_time }) => Math.max(newest, event_time), newestMs)
    const until = reports.findIndex(({ report_time }) => report_time > newestMs)
    const due = reports.slice(reported, until < 0 ? reports.length : until)
    reported += due.length
    run.take(slice, due, newestMs)
  }
  run.finish(newestMs + DAY_MS, reports.slice(reported))
  const { rows, checkpoints, restarts, duplicates } = run
  return { rows, checkpoints, restarts, duplicates }
}
