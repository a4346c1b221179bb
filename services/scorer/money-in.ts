import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { flag, type Payment } from './payment.ts'

/** Credits, refunds, reversals and chargebacks kept of one customer: windows speak of the newest so many beyond. */
const MONEY_IN_MAX = 64

/** The longest window, and a day for late records to look back over theirs. */
const KEEP_MS = 31 * DAY_MS

/** Numbers of a row: event time, paise, 32 bits of a hash of the account, flags. */
const [TIME_MS, AMOUNT, ACCOUNT, FLAGS, WIDTH] = [0, 1, 2, 3, 4]

const ROWS_FIRST = 2
/** One more, before the oldest goes. */
const ROWS_MOST = MONEY_IN_MAX + 1

type Receipt = Pick<Payment, 'timeMs' | 'amountMinor' | 'account' | 'flags'>

const isReturn = (flags: number): boolean => (flags & (flag.refund | flag.chargeback)) !== 0

/** Of nothing that came in, for all customers alike. */
const none = new Float64Array(0)

/** What came in to a customer, in the order of event time: rows of one array, for an object each took three times the room. */
export class MoneyIn {
  #rows: Float64Array
  #end = 0
  /** Refunds and chargebacks among them: most customers have none. */
  #returns = 0

  constructor(rows = 0) {
    this.#rows = rows === 0 ? none : new Float64Array(WIDTH * rows)
  }

  insert(receipt: Receipt): void {
    const { timeMs, flags } = receipt
    if ((flags & flag.declined) !== 0) return
    let at = this.#end
    while (at > 0 && this.#rows[at - WIDTH + TIME_MS]! > timeMs) at -= WIDTH
    this.#put(at, receipt)
    const rows = this.#rows
    let old = Math.max(0, this.#end - WIDTH * MONEY_IN_MAX)
    while (rows[old + TIME_MS]! <= timeMs - KEEP_MS) old += WIDTH
    if (old > 0) this.#dropBefore(old)
  }

  /** Reads the newest receipt; see `prefetch` in customer-state.ts. */
  prefetch(): number {
    return this.#end === 0 ? 0 : this.#rows[this.#end - WIDTH + ACCOUNT]!
  }

  /** Paise that came to an account in (fromMs, toMs]. */
  sum(account: number, fromMs: number, toMs: number): number {
    const rows = this.#rows
    let sum = 0
    for (let at = this.#end - WIDTH; at >= 0 && rows[at + TIME_MS]! > fromMs; at -= WIDTH) {
      if (rows[at + TIME_MS]! <= toMs && rows[at + ACCOUNT] === account) sum += rows[at + AMOUNT]!
    }
    return sum
  }

  /** Refunds, or chargebacks, in (fromMs, toMs]. */
  count(bit: number, fromMs: number, toMs: number): number {
    if (this.#returns === 0) return 0
    const rows = this.#rows
    let count = 0
    for (let at = this.#end - WIDTH; at >= 0 && rows[at + TIME_MS]! > fromMs; at -= WIDTH) {
      if (rows[at + TIME_MS]! <= toMs && (rows[at + FLAGS]! & bit) !== 0) count++
    }
    return count
  }

  write(out: ByteWriter): void {
    const rows = this.#rows
    out.varint(this.#end / WIDTH)
    for (let at = 0, before = 0; at < this.#end; at += WIDTH) {
      out.varint(rows[at + TIME_MS]! - before)
      before = rows[at + TIME_MS]!
      out.varint(rows[at + AMOUNT]!)
      out.u32(rows[at + ACCOUNT]!)
      out.u16(rows[at + FLAGS]!)
    }
  }

  static read(from: ByteReader): MoneyIn {
    const length = from.varint()
    const all = new MoneyIn(length)
    for (let left = length, timeMs = 0; left > 0; left--) {
      timeMs += from.varint()
      all.#put(all.#end, { timeMs, amountMinor: from.varint(), account: from.u32(), flags: from.u16() })
    }
    return all
  }

  /** Makes room for a row at `at`, and fills it. */
  #put(at: number, { timeMs, amountMinor, account, flags }: Receipt): void {
    if (this.#end === this.#rows.length) this.#grow()
    const rows = this.#rows
    if (at < this.#end) rows.copyWithin(at + WIDTH, at, this.#end)
    this.#end += WIDTH
    rows[at + TIME_MS] = timeMs
    rows[at + AMOUNT] = amountMinor
    rows[at + ACCOUNT] = account
    rows[at + FLAGS] = flags
    if (isReturn(flags)) this.#returns++
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(WIDTH * ROWS_MOST, Math.max(WIDTH * ROWS_FIRST, 2 * this.#end)))
    grown.set(this.#rows)
    this.#rows = grown
  }

  #dropBefore(end: number): void {
    for (let at = 0; at < end; at += WIDTH) if (isReturn(this.#rows[at + FLAGS]!)) this.#returns--
    this.#rows.copyWithin(0, end, this.#end)
    this.#end -= end
  }
}
