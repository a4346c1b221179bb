import { DAY_MS, SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Payments kept of one merchant: exact up to so many in the window, of the newest so many beyond. */
export const PAYMENTS_MAX = 128

const WINDOW_SECONDS = (7 * DAY_MS) / SECOND_MS

/**
 * How unevenly the payments of a merchant's last 7 days, up to its newest, are spread over those who pay: the sum of
 * squares is kept beside the payments, so that a busy merchant costs no more than a quiet one.
 */
export class PayerShares {
  /** Ascending. */
  readonly #seconds: number[] = []
  readonly #payers: number[] = []
  readonly #counts = new Map<number, number>()
  #squares = 0

  /** Takes up a payment by the payer with this hash. */
  add(payer: number, timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS)
    const seconds = this.#seconds
    seconds.push(second)
    this.#payers.push(payer)
    if (seconds.length > 1 && seconds[seconds.length - 2]! > second) this.#moveBack()
    this.#count(payer, 1)
    let old = Math.max(0, seconds.length - PAYMENTS_MAX)
    while (seconds[old]! <= seconds[seconds.length - 1]! - WINDOW_SECONDS) old++
    if (old === 0) return
    for (let i = 0; i < old; i++) this.#count(this.#payers[i]!, -1)
    this.#seconds.splice(0, old)
    this.#payers.splice(0, old)
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
      shares.#seconds.push(second)
      shares.#payers.push(payer)
      shares.#count(payer, 1)
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

  /** (n + 1)² - n² = 2n + 1. */
  #count(payer: number, change: 1 | -1): void {
    const before = this.#counts.get(payer) ?? 0
    this.#squares += change * 2 * before + 1
    if (before + change === 0) this.#counts.delete(payer)
    else this.#counts.set(payer, before + change)
  }
}
