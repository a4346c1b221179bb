import type { ByteReader, ByteWriter } from './bytes.ts'

const MINUTES = 60

/** Counts by minute for the newest 60 minutes. What comes later than that finds its minutes gone, and is not counted. */
export class MinuteCounts {
  readonly #minutes: number[] = []
  readonly #counts: number[] = []

  add(minute: number): void {
    const newest = this.#minutes.at(-1) ?? Number.NEGATIVE_INFINITY
    if (minute <= newest - MINUTES) return
    if (minute > newest) {
      this.#minutes.push(minute)
      this.#counts.push(1)
      while (this.#minutes[0]! <= minute - MINUTES) {
        this.#minutes.shift()
        this.#counts.shift()
      }
      return
    }
    const at = this.#minutes.findIndex((known) => known >= minute)
    if (this.#minutes[at] === minute) this.#counts[at]!++
    else {
      this.#minutes.splice(at, 0, minute)
      this.#counts.splice(at, 0, 1)
    }
  }

  /** The count of `minute` and the 59 before it. */
  lastHour(minute: number): number {
    let sum = 0
    for (let i = this.#minutes.length - 1; i >= 0; i--) {
      const known = this.#minutes[i]!
      if (known <= minute - MINUTES) break
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
