import { hash32, hash53 } from '#services/random.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Transactions remembered: ten minutes, in which a second delivery comes, of 1.3 million a day; 131 kB. */
const SEEN_MAX = 16_384

/** 53 bits of a transaction's identifier: two of so many are taken for one another once in 550 billion payments. */
const fingerprint = (id: string): number => hash53(id, secondBasis)

/** Hashing goes on from here as if the id had the word before it, which spares making that text. */
const secondBasis = hash32('second ')

const SLOTS = 2 * SEEN_MAX
const EMPTY = -1

const homeOf = (print: number): number => print & (SLOTS - 1)

/**
 * The newest transactions that were read, so that one delivered again is known; in the order of the log. A hash table in
 * one column beside it says which are there: a Set of such large numbers makes an object of each.
 */
export class SeenIds {
  readonly #ring = new Float64Array(SEEN_MAX)
  readonly #slots = new Float64Array(SLOTS).fill(EMPTY)
  #length = 0
  #oldest = 0

  /** Whether it was not there yet; it is now. */
  isNew(id: string): boolean {
    const print = fingerprint(id)
    if (this.#slots[this.#slotOf(print)] !== EMPTY) return false
    this.#add(print)
    return true
  }

  write(out: ByteWriter): void {
    out.varint(this.#length)
    for (let i = 0; i < this.#length; i++) out.f64(this.#ring[(this.#oldest + i) % SEEN_MAX]!)
  }

  static read(from: ByteReader): SeenIds {
    const seen = new SeenIds()
    for (let left = from.varint(); left > 0; left--) seen.#add(from.f64())
    return seen
  }

  #add(print: number): void {
    if (this.#length === SEEN_MAX) {
      this.#remove(this.#ring[this.#oldest]!)
      this.#oldest = (this.#oldest + 1) % SEEN_MAX
      this.#length--
    }
    this.#ring[(this.#oldest + this.#length++) % SEEN_MAX] = print
    this.#slots[this.#slotOf(print)] = print
  }

  /** Where it stands or would stand: at its home or in the first free place after it. */
  #slotOf(print: number): number {
    let slot = homeOf(print)
    while (this.#slots[slot] !== print && this.#slots[slot] !== EMPTY) slot = (slot + 1) % SLOTS
    return slot
  }

  /** Moves those that stand after it nearer to their homes, so that none is behind an empty place. */
  #remove(print: number): void {
    let hole = this.#slotOf(print)
    for (let slot = (hole + 1) % SLOTS; this.#slots[slot] !== EMPTY; slot = (slot + 1) % SLOTS) {
      const away = (slot - homeOf(this.#slots[slot]!) + SLOTS) % SLOTS
      if (away < (slot - hole + SLOTS) % SLOTS) continue
      this.#slots[hole] = this.#slots[slot]!
      hole = slot
    }
    this.#slots[hole] = EMPTY
  }
}
