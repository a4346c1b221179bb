import { hourIst } from '#services/time.ts'
import { CATEGORIES } from './codes.ts'
import { flag } from './payment.ts'
import type { RecentPayments } from './recent-payments.ts'
import { SortedAmounts } from './sorted-amounts.ts'

const HOURS = 24

/**
 * Counts over a range of a customer's recent payments, which are indexes. From one payment to the next it moves by a few
 * of them, and only these are counted: to count the whole month anew for every payment was a tenth of what the scorer
 * did. Not saved: it comes back when it is first moved.
 */
export class MovingMonth {
  /** By category, then by hour of the day: in one array, for each takes more room than its counts. */
  readonly counts = new Uint8Array(CATEGORIES + HOURS)
  /** Of the approved ones. */
  readonly amounts = new SortedAmounts()
  readonly #recent: RecentPayments
  #start = 0
  #end = 0

  constructor(recent: RecentPayments) {
    this.#recent = recent
  }

  /** Takes the payments from `start` to before `end`, and no others. */
  moveTo(start: number, end: number): void {
    if (start >= this.#end || end <= this.#start) this.#clear(start)
    while (this.#start > start) this.#add(--this.#start)
    while (this.#end < end) this.#add(this.#end++)
    while (this.#start < start) this.#remove(this.#start++)
    while (this.#end > end) this.#remove(--this.#end)
  }

  /** To be told when a payment has got this index, and those from it on have moved up by one. */
  inserted(at: number): void {
    if (at >= this.#end) return
    this.#end++
    if (at < this.#start) this.#start++
    else this.#add(at)
  }

  /** To be told before the first so many payments are dropped, and the others move down. */
  dropping(count: number): void {
    this.moveTo(Math.max(count, this.#start), Math.max(count, this.#end))
    this.#start -= count
    this.#end -= count
  }

  #clear(at: number): void {
    this.counts.fill(0)
    this.amounts.clear()
    this.#start = at
    this.#end = at
  }

  #add(index: number): void {
    const recent = this.#recent
    this.counts[recent.category(index)]!++
    this.counts[CATEGORIES + hourIst(recent.times[index]!)]!++
    if ((recent.flags(index) & flag.declined) === 0) this.amounts.add(recent.amount(index))
  }

  #remove(index: number): void {
    const recent = this.#recent
    this.counts[recent.category(index)]!--
    this.counts[CATEGORIES + hourIst(recent.times[index]!)]!--
    if ((recent.flags(index) & flag.declined) === 0) this.amounts.remove(recent.amount(index))
  }
}
