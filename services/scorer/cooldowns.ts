import type { ByteReader, ByteWriter } from './bytes.ts'

const RULES_MAX = 32

/** Until when, in event time, which rules are silent for one customer. */
export class Cooldowns {
  readonly #rules: number[] = []
  readonly #untilMs: number[] = []

  isSilent(rule: number, timeMs: number): boolean {
    const at = this.#rules.indexOf(rule)
    return at >= 0 && timeMs < this.#untilMs[at]!
  }

  silence(rule: number, timeMs: number, untilMs: number): void {
    this.#prune(rule, timeMs)
    this.#rules.push(rule)
    this.#untilMs.push(untilMs)
  }

  write(out: ByteWriter): void {
    out.varint(this.#rules.length)
    for (let i = 0; i < this.#rules.length; i++) {
      out.u32(this.#rules[i]!)
      out.f64(this.#untilMs[i]!)
    }
  }

  static read(from: ByteReader): Cooldowns {
    const cooldowns = new Cooldowns()
    for (let left = from.varint(); left > 0; left--) {
      cooldowns.#rules.push(from.u32())
      cooldowns.#untilMs.push(from.f64())
    }
    return cooldowns
  }

  /** Takes out the rule itself, all that is over, and the first if there are still too many. */
  #prune(rule: number, timeMs: number): void {
    for (let i = this.#rules.length - 1; i >= 0; i--) {
      if (this.#rules[i] === rule || this.#untilMs[i]! <= timeMs) this.#remove(i)
    }
    if (this.#rules.length === RULES_MAX) this.#remove(0)
  }

  #remove(at: number): void {
    this.#rules.splice(at, 1)
    this.#untilMs.splice(at, 1)
  }
}
