import { SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Numbers of an entry: the key, and the seconds of the first and the latest meeting. */
const WIDTH = 3

const SMALLEST = 2

/** Words that `KnownKeys` of this limit take in an array that they share with others. */
export const wordsFor = (limit: number): number => WIDTH * limit

/** Keys that something has met, with the seconds of the first and the latest meeting: the most recently met `limit`. */
export class KnownKeys {
  readonly limit: number
  size = 0
  /** All keys, then all first, then all latest meetings, so that to look for a key is to read one short piece of memory. */
  #words: Uint32Array
  #capacity: number
  readonly #start: number

  /** In an array of its own that grows, or from `start` on in one that is shared and has room for all. */
  constructor(limit: number, shared?: Uint32Array, start = 0) {
    this.limit = limit
    this.#capacity = shared === undefined ? Math.min(SMALLEST, limit) : limit
    this.#words = shared ?? new Uint32Array(WIDTH * this.#capacity)
    this.#start = start
  }

  /** Reads the first of the keys and of their times; see `prefetch` in customer-state.ts. */
  prefetch(): number {
    return this.#words[this.#start]! ^ this.#words[this.#start + this.#capacity]!
  }

  /** Milliseconds, whole seconds; undefined for an unknown key. */
  firstMs(key: number): number | undefined {
    const at = this.#find(key)
    return at < 0 ? undefined : this.#words[at + this.#capacity]! * SECOND_MS
  }

  lastMs(key: number): number | undefined {
    const at = this.#find(key)
    return at < 0 ? undefined : this.#words[at + 2 * this.#capacity]! * SECOND_MS
  }

  /** The earliest first meeting of all; Infinity while nothing is known. */
  get earliestMs(): number {
    const from = this.#start + this.#capacity
    let earliest = Number.POSITIVE_INFINITY
    for (let at = from; at < from + this.size; at++) earliest = Math.min(earliest, this.#words[at]!)
    return earliest * SECOND_MS
  }

  /** How many were last met after `timeMs`. */
  countSince(timeMs: number): number {
    const second = timeMs / SECOND_MS
    const words = this.#words
    const from = this.#start + 2 * this.#capacity
    const end = from + this.size
    let count = 0
    for (let at = from; at < end; at++) if (words[at]! > second) count++
    return count
  }

  see(key: number, timeMs: number): void {
    const second = Math.floor(timeMs / SECOND_MS)
    const words = this.#words
    const at = this.#find(key)
    if (at >= 0) {
      const first = at + this.#capacity
      const last = first + this.#capacity
      if (second < words[first]!) words[first] = second
      if (second > words[last]!) words[last] = second
      return
    }
    if (this.size === this.limit && !this.#forgetOlderThan(second)) return
    this.#push(key, second, second)
  }

  write(out: ByteWriter): void {
    out.varint(this.size)
    for (let at = this.#start; at < this.#start + this.size; at++) {
      const first = this.#words[at + this.#capacity]!
      out.u32(this.#words[at]!)
      out.varint(first)
      out.varint(this.#words[at + 2 * this.#capacity]! - first)
    }
  }

  /** Takes up what was written, as long as nothing is known yet. */
  read(from: ByteReader): this {
    for (let left = from.varint(); left > 0; left--) {
      const key = from.u32()
      const first = from.varint()
      this.#push(key, first, first + from.varint())
    }
    return this
  }

  /** `>>> 0`: only so does the engine know that the key is a word, and need not make numbers of all words to compare. */
  #find(key: number): number {
    const words = this.#words
    const word = key >>> 0
    const end = this.#start + this.size
    for (let at = this.#start; at < end; at++) if (words[at] === word) return at
    return -1
  }

  #push(key: number, first: number, last: number): void {
    if (this.size === this.#capacity) this.#grow()
    const at = this.#start + this.size++
    this.#words[at] = key
    this.#words[at + this.#capacity] = first
    this.#words[at + 2 * this.#capacity] = last
  }

  #grow(): void {
    const capacity = Math.min(this.limit, 2 * this.#capacity)
    const grown = new Uint32Array(WIDTH * capacity)
    for (let i = 0; i < this.size; i++) {
      for (let column = 0; column < WIDTH; column++) {
        grown[column * capacity + i] = this.#words[column * this.#capacity + i]!
      }
    }
    this.#words = grown
    this.#capacity = capacity
  }

  /** Makes room for a key met at `second`; false if all that are known were met later. */
  #forgetOlderThan(second: number): boolean {
    const words = this.#words
    const lasts = this.#start + 2 * this.#capacity
    let oldest = 0
    for (let i = 1; i < this.size; i++) if (words[lasts + i]! < words[lasts + oldest]!) oldest = i
    if (words[lasts + oldest]! > second) return false
    for (let column = this.#start; column <= lasts; column += this.#capacity) {
      words.copyWithin(column + oldest, column + oldest + 1, column + this.size)
    }
    this.size--
    return true
  }
}
