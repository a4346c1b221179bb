import { SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Columns of an entry: the key, and the seconds of the first and the latest meeting. */
const FIRST = 1
const LAST = 2
const WIDTH = 3

/** Keys that something has met, with the seconds of the first and the latest meeting: the most recently met `limit`. */
export class KnownKeys {
  readonly limit: number
  /** Entry by entry, so that the few of most customers lie in one place. */
  #entries = new Uint32Array(2 * WIDTH)
  #end = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get size(): number {
    return this.#end / WIDTH
  }

  /** Milliseconds, whole seconds; undefined for an unknown key. */
  firstMs(key: number): number | undefined {
    const at = this.#find(key)
    return at < 0 ? undefined : this.#entries[at + FIRST]! * SECOND_MS
  }

  lastMs(key: number): number | undefined {
    const at = this.#find(key)
    return at < 0 ? undefined : this.#entries[at + LAST]! * SECOND_MS
  }

  /** The earliest first meeting of all; Infinity while nothing is known. */
  get earliestMs(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (let at = 0; at < this.#end; at += WIDTH) earliest = Math.min(earliest, this.#entries[at + FIRST]!)
    return earliest * SECOND_MS
  }

  /** How many were last met after `timeMs`. */
  countSince(timeMs: number): number {
    const second = timeMs / SECOND_MS
    const entries = this.#entries
    let count = 0
    for (let at = 0; at < this.#end; at += WIDTH) if (entries[at + LAST]! > second) count++
    return count
  }

  see(key: number, timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS)
    const at = this.#find(key)
    if (at >= 0) {
      this.#entries[at + FIRST] = Math.min(this.#entries[at + FIRST]!, second)
      this.#entries[at + LAST] = Math.max(this.#entries[at + LAST]!, second)
      return
    }
    if (this.size === this.limit && !this.#forgetOlderThan(second)) return
    this.#push(key, second, second)
  }

  write(out: ByteWriter): void {
    out.varint(this.size)
    for (let at = 0; at < this.#end; at += WIDTH) {
      out.u32(this.#entries[at]!)
      out.varint(this.#entries[at + FIRST]!)
      out.varint(this.#entries[at + LAST]! - this.#entries[at + FIRST]!)
    }
  }

  static read(from: ByteReader, limit: number): KnownKeys {
    const known = new KnownKeys(limit)
    for (let left = from.varint(); left > 0; left--) {
      const key = from.u32()
      const first = from.varint()
      known.#push(key, first, first + from.varint())
    }
    return known
  }

  #find(key: number): number {
    const entries = this.#entries
    for (let at = 0; at < this.#end; at += WIDTH) if (entries[at] === key) return at
    return -1
  }

  #push(key: number, first: number, last: number): void {
    if (this.#end === this.#entries.length) {
      const grown = new Uint32Array(Math.min(this.limit * WIDTH, 2 * this.#end))
      grown.set(this.#entries)
      this.#entries = grown
    }
    this.#entries[this.#end] = key
    this.#entries[this.#end + FIRST] = first
    this.#entries[this.#end + LAST] = last
    this.#end += WIDTH
  }

  /** Makes room for a key met at `second`; false if all that are known were met later. */
  #forgetOlderThan(second: number): boolean {
    const entries = this.#entries
    let oldest = 0
    for (let at = WIDTH; at < this.#end; at += WIDTH) if (entries[at + LAST]! < entries[oldest + LAST]!) oldest = at
    if (entries[oldest + LAST]! > second) return false
    entries.copyWithin(oldest, oldest + WIDTH, this.#end)
    this.#end -= WIDTH
    return true
  }
}
