import { hash32 } from '#services/random.ts'
import { civilDay } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** The running day in India and those before it. */
const WINDOW_DAYS = 30

/** And a day in which late payments find their window. */
const KEPT_DAYS = WINDOW_DAYS + 2

/** The rate of a merchant with few payments is drawn towards none by so many without a report. A modelling choice. */
const PRIOR_PAYMENTS = 100

/** Reports kept of one merchant; beyond, the oldest goes. */
const REPORTS_MAX = 1_024

interface Report {
  /** Hash of the disputed payment's identifier. */
  readonly payment: number
  readonly fromMs: number
  /** When it turned out to be none; until then never. */
  untilMs: number
}

/** How many payments a merchant has by the day, and which of its payments were reported as fraud, and when. */
export class MerchantReports {
  /** Day, attempts, day, attempts: ascending. */
  readonly #days: number[] = []
  /** By the time of reporting. */
  #reports: Report[] = []

  attempt(timeMs: number): void {
    const days = this.#days
    const day = civilDay(timeMs)
    const newest = days.length - 2
    if (days[newest] === day) days[newest + 1]!++
    else if (newest < 0 || day > days[newest]!) {
      days.push(day, 1)
      while (days[0]! <= day - KEPT_DAYS) days.splice(0, 2)
    } else this.#attemptBefore(day)
  }

  #attemptBefore(day: number): void {
    const days = this.#days
    let at = days.length - 2
    while (at >= 0 && days[at]! > day) at -= 2
    if (at >= 0 && days[at] === day) days[at + 1]!++
    else if (day > days.at(-2)! - KEPT_DAYS) days.splice(at + 2, 0, day, 1)
  }

  /** What is said again of a payment changes nothing. Returns the number of reports that had to go for this one. */
  reported(transactionId: string, timeMs: number): number {
    const payment = hash32(transactionId)
    if (this.#reports.some((report) => report.payment === payment && report.untilMs === Number.POSITIVE_INFINITY)) {
      return 0
    }
    const known = this.#reports.filter(({ fromMs }) => civilDay(fromMs) > civilDay(timeMs) - KEPT_DAYS)
    const crowdedOut = Math.max(0, known.length + 1 - REPORTS_MAX)
    this.#reports = [...known.slice(crowdedOut), { payment, fromMs: timeMs, untilMs: Number.POSITIVE_INFINITY }]
    return crowdedOut
  }

  /** From now on the payment counts as not reported. */
  withdrawn(transactionId: string, timeMs: number): void {
    const payment = hash32(transactionId)
    for (const report of this.#reports) {
      if (report.payment === payment) report.untilMs = Math.min(report.untilMs, timeMs)
    }
  }

  /** Reports in force at a moment over the payments of the same days, as far as they are known. */
  rate(timeMs: number): number {
    if (this.#reports.length === 0) return 0
    const before = civilDay(timeMs) - WINDOW_DAYS
    let reports = 0
    for (const { fromMs, untilMs } of this.#reports) {
      if (fromMs <= timeMs && untilMs > timeMs && civilDay(fromMs) > before) reports++
    }
    return reports === 0 ? 0 : reports / (this.#attempts(before, before + WINDOW_DAYS) + PRIOR_PAYMENTS)
  }

  /** Of the days after `before` up to `last`. */
  #attempts(before: number, last: number): number {
    const days = this.#days
    let attempts = 0
    for (let at = days.length - 2; at >= 0 && days[at]! > before; at -= 2) {
      if (days[at]! <= last) attempts += days[at + 1]!
    }
    return attempts
  }

  write(out: ByteWriter): void {
    out.varint(this.#days.length / 2)
    for (const number of this.#days) out.varint(number)
    out.varint(this.#reports.length)
    for (const { payment, fromMs, untilMs } of this.#reports) {
      out.u32(payment)
      out.f64(fromMs)
      out.f64(untilMs)
    }
  }

  static read(from: ByteReader): MerchantReports {
    const merchant = new MerchantReports()
    for (let left = from.varint() * 2; left > 0; left--) merchant.#days.push(from.varint())
    for (let left = from.varint(); left > 0; left--) {
      merchant.#reports.push({ payment: from.u32(), fromMs: from.f64(), untilMs: from.f64() })
    }
    return merchant
  }
}
