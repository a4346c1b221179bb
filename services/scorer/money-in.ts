import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { flag, type Payment } from './payment.ts'

/** Credits, refunds, reversals and chargebacks kept of one customer: windows speak of the newest so many beyond. */
const MONEY_IN_MAX = 64

/** The longest window, and a day for late records to look back over theirs. */
const KEEP_MS = 31 * DAY_MS

interface Receipt {
  readonly timeMs: number
  /** Paise. */
  readonly amountMinor: number
  /** 32 bits of a hash. */
  readonly account: number
  readonly flags: number
}

const isReturn = (flags: number): boolean => (flags & (flag.refund | flag.chargeback)) !== 0

/** What came in to a customer, in the order of event time. */
export class MoneyIn {
  #receipts: Receipt[] = []
  /** Refunds and chargebacks among them: most customers have none. */
  #returns = 0
  /** Of the last of them: before most payments nothing came in for longer than is asked about. */
  #newestMs = Number.NEGATIVE_INFINITY

  insert({ timeMs, amountMinor, account, flags }: Payment): void {
    if ((flags & flag.declined) !== 0) return
    const all = this.#receipts
    let at = all.length
    while (at > 0 && all[at - 1]!.timeMs > timeMs) at--
    const receipt = { timeMs, amountMinor, account, flags }
    if (at === all.length) all.push(receipt)
    else all.splice(at, 0, receipt)
    if (isReturn(flags)) this.#returns++
    this.#newestMs = Math.max(this.#newestMs, timeMs)
    let old = Math.max(0, all.length - MONEY_IN_MAX)
    while (all[old]!.timeMs <= timeMs - KEEP_MS) old++
    if (old === 0) return
    for (const dropped of all.splice(0, old)) if (isReturn(dropped.flags)) this.#returns--
  }

  /** Reads the newest receipt; see `prefetch` in customer-state.ts. */
  prefetch(): number {
    return this.#receipts.at(-1)?.account ?? 0
  }

  /** Paise that came to an account in (fromMs, toMs]. */
  sum(account: number, fromMs: number, toMs: number): number {
    if (this.#newestMs <= fromMs) return 0
    let sum = 0
    for (let i = this.#receipts.length - 1; i >= 0; i--) {
      const receipt = this.#receipts[i]!
      if (receipt.timeMs <= fromMs) break
      if (receipt.timeMs <= toMs && receipt.account === account) sum += receipt.amountMinor
    }
    return sum
  }

  /** Refunds, or chargebacks, in (fromMs, toMs]. */
  count(bit: number, fromMs: number, toMs: number): number {
    if (this.#returns === 0 || this.#newestMs <= fromMs) return 0
    let count = 0
    for (let i = this.#receipts.length - 1; i >= 0; i--) {
      const receipt = this.#receipts[i]!
      if (receipt.timeMs <= fromMs) break
      if (receipt.timeMs <= toMs && (receipt.flags & bit) !== 0) count++
    }
    return count
  }

  write(out: ByteWriter): void {
    out.varint(this.#receipts.length)
    let before = 0
    for (const { timeMs, amountMinor, account, flags } of this.#receipts) {
      out.varint(timeMs - before)
      before = timeMs
      out.varint(amountMinor)
      out.u32(account)
      out.u16(flags)
    }
  }

  static read(from: ByteReader): MoneyIn {
    const all = new MoneyIn()
    let timeMs = 0
    for (let left = from.varint(); left > 0; left--) {
      timeMs += from.varint()
      const receipt = { timeMs, amountMinor: from.varint(), account: from.u32(), flags: from.u16() }
      all.#receipts.push(receipt)
      if (isReturn(receipt.flags)) all.#returns++
      all.#newestMs = timeMs
    }
    return all
  }
}
