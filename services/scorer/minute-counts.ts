import type { ByteReader, ByteWriter } from './bytes.ts'

const HOUR_MINUTES = 60

/** An hour, and a day in which late payments find their hour. What comes later than that is not counted. */
const KEPT_MINUTES = 25 * HOUR_MINUTES

/** Minutes forgotten at a time. */
const FORGET_MIN = 60

/** Counts by minute for the newest 25 hours. */
export class MinuteCounts {
  /** Minute, count, minute, count: ascending. */
  readonly #entries: number[] = []

  add(minute: number): void {
    const entries = this.#entries
    const { length } = entries
    const newest = length === 0 ? Number.NEGATIVE_INFINITY : entries[length - 2]!
    if (minute <= newest - KEPT_MINUTES) return
    if (minute > newest) {
      entries.push(minute, 1)
      this.#forget(minute - KEPT_MINUTES)
      return
    }
    let at = length - 2
    while (at >= 0 && entries[at]! > minute) at -= 2
    if (at >= 0 && entries[at] === minute) entries[at + 1]!++
    else entries.splice(at + 2, 0, minute, 1)
  }

  /** Minutes up to `minute`, some at a time: taking one out moves all the others. */
  #forget(minute: number): void {
    const entries = this.#entries
    if (entries.length < 2 * FORGET_MIN || entries[2 * (FORGET_MIN - 1)]! > minute) return
    let old = 2 * FORGET_MIN
    while (entries[old]! <= minute) old += 2
    entries.splice(0, old)
  }

  /** The count of `minute` and the 59 before it. */
  lastHour(minute: number): number {
    const entries = this.#entries
    let sum = 0
    for (let at = entries.length - 2; at >= 0; at -= 2) {
      const known = entries[at]!
      if (known <= minute - HOUR_MINUTES) break
      if (known <= minute) sum += entries[at + 1]!
    }
    return sum
  }

  write(out: ByteWriter): void {
    out.varint(this.#entries.length / 2)
    let before = 0
    for (let at = 0; at < this.#entries.length; at += 2) {
      out.varint(this.#entries[at]! - before)
      before = this.#entries[at]!
      out.varint(this.#entries[at + 1]!)
    }
  }

  static read(from: ByteReader): MinuteCounts {
    const counts = new MinuteCounts()
    let before = 0
    for (let left = from.varint(); left > 0; left--) {
      before += from.varint()
      counts.#entries.push(before, from.varint())
    }
    return counts
  }
}
