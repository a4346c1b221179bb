import { partitionOf } from '#schemas/partition.ts'
import type { FraudReport, FraudType, Question, Watermark } from '#schemas/types.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { Outgoing } from './outgoing.ts'
import { aboutReport } from './report-queue.ts'

/** Watermarks kept for reports still to come: of a silent partition only the newest matter. */
const WATERMARKS_MAX = 1_000

/** Of a payment that is disputed, but not as fraud; and of a customer's own, when an investigation has found that out. */
const noFraud: ReadonlySet<FraudType> = new Set(['NONE', 'FRIENDLY_FRAUD'])

/** Who passes reports on. */
interface Relay {
  readonly partition: number
  readonly partitions: number
  readonly shared: { readonly questions: Outgoing<Question>; readonly reports: ReportClock }
}

/**
 * Up to when all reports of a partition are read, which is told as for payments: a time holds once as many records are
 * read as it names. Stream time knows nothing of it.
 */
export class ReportClock {
  #read = 0
  #waiting: { readonly records: number; readonly timeMs: number }[] = []
  #reachedMs = Number.NEGATIVE_INFINITY
  #toldMs = Number.NEGATIVE_INFINITY

  /** A record was read, or refused. */
  count(): void {
    this.#read++
    this.#reach()
  }

  watermark({ records, time: timeMs }: Watermark): void {
    this.#waiting.push({ records, timeMs })
    if (this.#waiting.length > WATERMARKS_MAX) this.#waiting.shift()
    this.#reach()
  }

  /** The time reached, once; undefined if it is told already. */
  tell(): number | undefined {
    if (this.#reachedMs <= this.#toldMs) return undefined
    this.#toldMs = this.#reachedMs
    return this.#toldMs
  }

  #reach(): void {
    if (this.#waiting.length === 0) return
    for (const { records, timeMs } of this.#waiting) {
      if (records <= this.#read) this.#reachedMs = Math.max(this.#reachedMs, timeMs)
    }
    this.#waiting = this.#waiting.filter(({ records }) => records > this.#read)
  }

  write(out: ByteWriter): void {
    out.varint(this.#read)
    out.f64(this.#reachedMs)
    out.f64(this.#toldMs)
    out.varint(this.#waiting.length)
    for (const { records, timeMs } of this.#waiting) {
      out.varint(records)
      out.f64(timeMs)
    }
  }

  static read(from: ByteReader): ReportClock {
    const clock = new ReportClock()
    clock.#read = from.varint()
    clock.#reachedMs = from.f64()
    clock.#toldMs = from.f64()
    for (let left = from.varint(); left > 0; left--) {
      clock.#waiting.push({ records: from.varint(), timeMs: from.f64() })
    }
    return clock
  }
}

/**
 * Passes a report on to the partition of its merchant. A later version of one either says so again, or that it was no
 * fraud after all.
 */
export function passOn(report: FraudReport, { shared, partition, partitions }: Relay): void {
  const { merchant_id, claimed_type, version, report_time, transaction_id, customer_id } = report
  shared.reports.count()
  const isFraud = !noFraud.has(claimed_type)
  if (merchant_id === null || (!isFraud && version === 1)) return
  const kind = isFraud ? 'REPORT' : 'WITHDRAWAL'
  const told = aboutReport(kind, partition, report_time, merchant_id, transaction_id, customer_id)
  shared.questions.add(partitionOf(merchant_id, partitions), told)
}

/** Tells every entity partition up to when all reports of here are passed on. */
export function tellReportTime({ shared, partition: source, partitions }: Relay): void {
  const timeMs = shared.reports.tell()
  if (timeMs === undefined) return
  const watermark = aboutReport('REPORT_WATERMARK', source, timeMs, '', '', '')
  for (let partition = 0; partition < partitions; partition++) shared.questions.add(partition, watermark)
}
