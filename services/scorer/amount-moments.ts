import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

const HALF_LIFE_MS = 30 * DAY_MS

/**
 * What is believed of anybody's amounts before any is seen, as so many observations: a median of 200 rupees and a
 * spread by a factor of 5, between the person-to-merchant and person-to-person tickets of UPI in 2025.
 */
const prior = { weight: 3, mean: Math.log(20_000), variance: 1.6 ** 2 } as const

/** Numbers in the order in which they stand. */
const [WEIGHT, MEAN, SQUARES, NEWEST_MS] = [0, 1, 2, 3]

/** Numbers that `AmountMoments` take in an array that they share with others. */
export const MOMENTS_NUMBERS = 4

/** Mean and variance of ln(amount), older payments counting half as much every 30 days. */
export class AmountMoments {
  /** From `#start` on: as fields, each number would be an object of its own. */
  readonly #numbers: Float64Array
  readonly #start: number

  constructor(numbers = new Float64Array(MOMENTS_NUMBERS), start = 0) {
    this.#numbers = numbers
    this.#start = start
  }

  /** How many payments' worth is known. */
  get weight(): number {
    return this.#numbers[this.#start + WEIGHT]!
  }

  observe(amountMinor: number, timeMs: number): void {
    const numbers = this.#numbers
    const at = this.#start
    const x = Math.log(amountMinor)
    const known = numbers[at + WEIGHT]!
    const passed = known === 0 ? 0 : timeMs - numbers[at + NEWEST_MS]!
    const decay = passed > 0 ? 0.5 ** (passed / HALF_LIFE_MS) : 1
    // A late payment weighs what it would weigh by now had it come in time.
    const weight = passed < 0 ? 0.5 ** (-passed / HALF_LIFE_MS) : 1
    const total = known * decay + weight
    const away = x - numbers[at + MEAN]!
    const mean = numbers[at + MEAN]! + (away * weight) / total
    numbers[at + WEIGHT] = total
    numbers[at + MEAN] = mean
    numbers[at + SQUARES] = numbers[at + SQUARES]! * decay + weight * away * (x - mean)
    if (passed >= 0) numbers[at + NEWEST_MS] = timeMs
  }

  /** Standard deviations of ln(amount) from the mean, both shrunk to the prior; 0 while less than 3 payments' worth is known. */
  zScore(amountMinor: number): number {
    const numbers = this.#numbers
    const weight = numbers[this.#start + WEIGHT]!
    if (weight < 3) return 0
    const own = numbers[this.#start + MEAN]!
    const total = weight + prior.weight
    const apart = own - prior.mean
    const mean = (weight * own + prior.weight * prior.mean) / total
    const between = ((weight * prior.weight) / total) * apart * apart
    const variance = (numbers[this.#start + SQUARES]! + prior.weight * prior.variance + between) / total
    return (Math.log(amountMinor) - mean) / Math.sqrt(variance)
  }

  write(out: ByteWriter): void {
    for (let i = 0; i < MOMENTS_NUMBERS; i++) out.f64(this.#numbers[this.#start + i]!)
  }

  /** Takes up what was written. */
  read(from: ByteReader): this {
    for (let i = 0; i < MOMENTS_NUMBERS; i++) this.#numbers[this.#start + i] = from.f64()
    return this
  }
}
