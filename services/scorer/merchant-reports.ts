import { hash32 } from '#services/random.ts'
import { civilDay } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { type CounterpartyLists, DAYS, KEPT_DAYS, DAYS_WIDTH as WIDTH } from './counterparty-lists.ts'

/** The running day in India and those before it. */
const WINDOW_DAYS = 30

/** The rate of a merchant with few payments is drawn towards none by so many without a report. A modelling choice. */
const PRIOR_PAYMENTS = 100

/** So long a bank may look into a payment, in days: what it then says again of it is known, though out of the window. */
const SAID_AGAIN_DAYS = 62

/** Reports kept of one merchant; beyond, the oldest goes. */
const REPORTS_MAX = 1_024

interface Report {
  /** Hash of the disputed payment's identifier. */
  readonly payment: number
  readonly fromMs: number
  /** When it turned out to be none; until then never. */
  untilMs: number
}

/** Behind the day, by which rows ascend. */
const ATTEMPTS = 1

/** Counts an attempt to pay, by the day. */
export function countDay(lists: CounterpartyLists, timeMs: number): void {
  const day = civilDay(timeMs)
  const start = lists.start(DAYS)
  const end = lists.end(DAYS)
  if (start < end && day <= lists.words[end - WIDTH]! - KEPT_DAYS) return
  let at = end - WIDTH
  while (at >= start && lists.words[at]! > day) at -= WIDTH
  if (at >= start && lists.words[at] === day) lists.words[at + ATTEMPTS]!++
  else {
    put(lists, at + WIDTH, day, 1)
    forget(lists, day - KEPT_DAYS)
  }
}

/** Days up to `day`. */
function forget(lists: CounterpartyLists, day: number): void {
  const start = lists.start(DAYS)
  let to = start
  while (lists.words[to]! <= day) to += WIDTH
  if (to > start) lists.remove(DAYS, start, to)
}

/** Attempts of the days after `before` up to `last`. */
function attemptsOf(lists: CounterpartyLists, before: number, last: number): number {
  const { words } = lists
  const start = lists.start(DAYS)
  let attempts = 0
  for (let at = lists.end(DAYS) - WIDTH; at >= start && words[at]! > before; at -= WIDTH) {
    if (words[at]! <= last) attempts += words[at + ATTEMPTS]!
  }
  return attempts
}

function put(lists: CounterpartyLists, before: number, day: number, attempts: number): void {
  const at = lists.insert(DAYS, before, WIDTH)
  lists.words[at] = day
  lists.words[at + ATTEMPTS] = attempts
}

export function writeDays(out: ByteWriter, lists: CounterpartyLists): void {
  const [start, end] = [lists.start(DAYS), lists.end(DAYS)]
  out.varint((end - start) / WIDTH)
  for (let at = start; at < end; at++) out.varint(lists.words[at]!)
}

export function readDays(from: ByteReader, lists: CounterpartyLists): void {
  for (let left = from.varint(); left > 0; left--) put(lists, lists.end(DAYS), from.varint(), from.varint())
}

/** For all that have none, which are most: one place in memory that is always near. */
const none: readonly Report[] = []

/** Which payments of a merchant were reported as fraud, and when. */
export class MerchantReports {
  /** By the time of reporting. */
  #reports = none

  /** What is said again of a payment within 62 days changes nothing. Returns the number of reports that had to go for this one. */
  reported(transactionId: string, timeMs: number): number {
    const payment = hash32(transactionId)
    if (this.#reports.some((report) => report.payment === payment && report.untilMs === Number.POSITIVE_INFINITY)) {
      return 0
    }
    const known = this.#reports.filter(({ fromMs }) => civilDay(fromMs) > civilDay(timeMs) - SAID_AGAIN_DAYS)
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
  rate(timeMs: number, lists: CounterpartyLists): number {
    if (this.#reports.length === 0) return 0
    const before = civilDay(timeMs) - WINDOW_DAYS
    let reports = 0
    for (const { fromMs, untilMs } of this.#reports) {
      if (fromMs <= timeMs && untilMs > timeMs && civilDay(fromMs) > before) reports++
    }
    return reports === 0 ? 0 : reports / (attemptsOf(lists, before, before + WINDOW_DAYS) + PRIOR_PAYMENTS)
  }

  write(out: ByteWriter): void {
    out.varint(this.#reports.length)
    for (const { payment, fromMs, untilMs } of this.#reports) {
      out.u32(payment)
      out.f64(fromMs)
      out.f64(untilMs)
    }
  }

  static read(from: ByteReader): MerchantReports {
    const merchant = new MerchantReports()
    const length = from.varint()
    if (length === 0) return merchant
    merchant.#reports = Array.from({ length }, () => ({ payment: from.u32(), fromMs: from.f64(), untilMs: from.f64() }))
    return merchant
  }
}
