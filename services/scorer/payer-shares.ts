import { DAY_MS, SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Payments kept of one merchant: exact up to so many in the window, of the newest so many beyond. */
export const PAYMENTS_MAX = 128

const WINDOW_SECONDS = (7 * DAY_MS) / SECOND_MS

/**
 * How unevenly the payments of a merchant's last 7 days, up to its newest, are spread over those who pay: the sum of
 * squares is kept beside the payments, and moves with each that comes or goes.
 */
export class PayerShares {
  /** Ascending. */
  readonly #seconds: number[] = []
  readonly #payers: number[] = []
  #squares = 0

  /** Takes up a payment by the payer with this hash. */
  add(payer: number, timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS)
    const seconds = this.#seconds
    this.#squares += 2 * this.#countOf(payer, 0) + 1
    seconds.push(second)
    this.#payers.push(payer)
    if (seconds.length > 1 && seconds[seconds.length - 2]! > second) this.#moveBack()
    let old = Math.max(0, seconds.length - PAYMENTS_MAX)
    while (seconds[old]! <= seconds[seconds.length - 1]! - WINDOW_SECONDS) old++
    if (old > 0) this.#forget(old)
  }

  /** Herfindahl-Hirschman index of the payers by number of payments, 1 / payers to 1; 0 of no payments. */
  get concentration(): number {
    const payments = this.#seconds.length
    return payments === 0 ? 0 : this.#squares / (payments * payments)
  }

  write(out: ByteWriter): void {
    out.varint(this.#seconds.length)
    for (let i = 0, before = 0; i < this.#seconds.length; i++) {
      out.varint(this.#seconds[i]! - before)
      before = this.#seconds[i]!
      out.u32(this.#payers[i]!)
    }
  }

  static read(from: ByteReader): PayerShares {
    const shares = new PayerShares()
    let second = 0
    for (let left = from.varint(); left > 0; left--) {
      second += from.varint()
      const payer = from.u32()
      shares.#squares += 2 * shares.#countOf(payer, 0) + 1
      shares.#seconds.push(second)
      shares.#payers.push(payer)
    }
    return shares
  }

  /** Puts the last one in its place in time. */
  #moveBack(): void {
    const [second, payer] = [this.#seconds.pop()!, this.#payers.pop()!]
    let at = this.#seconds.length
    while (at > 0 && this.#seconds[at - 1]! > second) at--
    this.#seconds.splice(at, 0, second)
    this.#payers.splice(at, 0, payer)
  }

  /** (n - 1)² - n² = 1 - 2n. */
  #forget(old: number): void {
    for (let i = 0; i < old; i++) this.#squares += 1 - 2 * this.#countOf(this.#payers[i]!, i)
    this.#seconds.splice(0, old)
    this.#payers.splice(0, old)
  }

  /** Payments of a payer from an index on. With so few of them, looking is quicker than a map of such large numbers. */
  #countOf(payer: number, from: number): number {
    const payers = this.#payers
    let count = 0
    for (let i = from; i < payers.length; i++) if (payers[i] === payer) count++
    return count
  }
}
