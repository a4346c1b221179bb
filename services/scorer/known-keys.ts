import { SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Keys that something has met, with the seconds of the first and the latest meeting: the most recently met `limit`. */
export class KnownKeys {
  readonly limit: number
  readonly #keys: number[] = []
  readonly #first: number[] = []
  readonly #last: number[] = []

  constructor(limit: number) {
    this.limit = limit
  }

  get size(): number {
    return this.#keys.length
  }

  /** Milliseconds, whole seconds; undefined for an unknown key. */
  firstMs(key: number): number | undefined {
    const at = this.#keys.indexOf(key)
    return at < 0 ? undefined : this.#first[at]! * SECOND_MS
  }

  lastMs(key: number): number | undefined {
    const at = this.#keys.indexOf(key)
    return at < 0 ? undefined : this.#last[at]! * SECOND_MS
  }

  /** The earliest first meeting of all; Infinity while nothing is known. */
  get earliestMs(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const first of this.#first) earliest = Math.min(earliest, first * SECOND_MS)
    return earliest
  }

  /** How many were last met after `timeMs`. */
  countSince(timeMs: number): number {
    let count = 0
    for (const last of this.#last) if (last * SECOND_MS > timeMs) count++
    return count
  }

  see(key: number, timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS)
    const at = this.#keys.indexOf(key)
    if (at >= 0) {
      this.#first[at] = Math.min(this.#first[at]!, second)
      this.#last[at] = Math.max(this.#last[at]!, second)
      return
    }
    if (this.#keys.length === this.limit && !this.#forgetOlderThan(second)) return
    this.#keys.push(key)
    this.#first.push(second)
    this.#last.push(second)
  }

  write(out: ByteWriter): void {
    out.varint(this.#keys.length)
    for (let i = 0; i < this.#keys.length; i++) {
      out.u32(this.#keys[i]!)
      out.varint(this.#first[i]!)
      out.varint(this.#last[i]! - this.#first[i]!)
    }
  }

  static read(from: ByteReader, limit: number): KnownKeys {
    const known = new KnownKeys(limit)
    for (let left = from.varint(); left > 0; left--) {
      known.#keys.push(from.u32())
      const first = from.varint()
      known.#first.push(first)
      known.#last.push(first + from.varint())
    }
    return known
  }

  /** Makes room for a key met at `second`; false if all that are known were met later. */
  #forgetOlderThan(second: number): boolean {
    let oldest = 0
    for (let i = 1; i < this.#last.length; i++) if (this.#last[i]! < this.#last[oldest]!) oldest = i
    if (this.#last[oldest]! > second) return false
    for (const column of [this.#keys, this.#first, this.#last]) column.splice(oldest, 1)
    return true
  }
}
