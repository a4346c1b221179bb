import type { ByteReader, ByteWriter } from './bytes.ts'

const HOUR_MINUTES = 60

/** An hour, and a day in which late payments find their hour. What comes later than that is not counted. */
const KEPT_MINUTES = 25 * HOUR_MINUTES

/** Minutes forgotten at a time. */
const FORGET_MIN = 60

/** Counts by minute for the newest 25 hours. */
export class MinuteCounts {
  readonly #minutes: number[] = []
  readonly #counts: number[] = []

  add(minute: number): void {
    const last = this.#minutes.length - 1
    const newest = last < 0 ? Number.NEGATIVE_INFINITY : this.#minutes[last]!
    if (minute <= newest - KEPT_MINUTES) return
    let at = last + 1
    while (at > 0 && this.#minutes[at - 1]! > minute) at--
    if (at > 0 && this.#minutes[at - 1] === minute) this.#counts[at - 1]!++
    else if (minute > newest) {
      this.#minutes.push(minute)
      this.#counts.push(1)
      this.#forget(minute - KEPT_MINUTES)
    } else {
      this.#minutes.splice(at, 0, minute)
      this.#counts.splice(at, 0, 1)
    }
  }

  /** Minutes up to `minute`, some at a time: taking one out moves all the others. */
  #forget(minute: number): void {
    if (this.#minutes.length < FORGET_MIN || this.#minutes[FORGET_MIN - 1]! > minute) return
    let old = FORGET_MIN
    while (this.#minutes[old]! <= minute) old++
    this.#minutes.splice(0, old)
    this.#counts.splice(0, old)
  }

  /** The count of `minute` and the 59 before it. */
  lastHour(minute: number): number {
    let sum = 0
    for (let i = this.#minutes.length - 1; i >= 0; i--) {
      const known = this.#minutes[i]!
      if (known <= minute - HOUR_MINUTES) break
      if (known <= minute) sum += this.#counts[i]!
    }
    return sum
  }

  write(out: ByteWriter): void {
    out.varint(this.#minutes.length)
    let before = 0
    for (let i = 0; i < this.#minutes.length; i++) {
      out.varint(this.#minutes[i]! - before)
      before = this.#minutes[i]!
      out.varint(this.#counts[i]!)
    }
  }

  static read(from: ByteReader): MinuteCounts {
    const counts = new MinuteCounts()
    let before = 0
    for (let left = from.varint(); left > 0; left--) {
      before += from.varint()
      counts.#minutes.push(before)
      counts.#counts.push(from.varint())
    }
    return counts
  }
}
