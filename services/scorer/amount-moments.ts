import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

const HALF_LIFE_MS = 30 * DAY_MS

/**
 * What is believed of anybody's amounts before any is seen, as so many observations: a median of 200 rupees and a
 * spread by a factor of 5, between the person-to-merchant and person-to-person tickets of UPI in 2025.
 */
const prior = { weight: 3, mean: Math.log(20_000), variance: 1.6 ** 2 } as const

/** Mean and variance of ln(amount), older payments counting half as much every 30 days. */
export class AmountMoments {
  #weight = 0
  #mean = 0
  #squares = 0
  #newestMs = 0

  /** How many payments' worth is known. */
  get weight(): number {
    return this.#weight
  }

  observe(amountMinor: number, timeMs: number): void {
    const x = Math.log(amountMinor)
    const passed = this.#weight === 0 ? 0 : timeMs - this.#newestMs
    // A late payment weighs what it would weigh by now had it come in time.
    const decay = 0.5 ** (Math.max(0, passed) / HALF_LIFE_MS)
    const weight = 0.5 ** (Math.max(0, -passed) / HALF_LIFE_MS)
    this.#weight = this.#weight * decay + weight
    this.#squares *= decay
    const away = x - this.#mean
    this.#mean += (away * weight) / this.#weight
    this.#squares += weight * away * (x - this.#mean)
    if (passed >= 0) this.#newestMs = timeMs
  }

  /** Standard deviations of ln(amount) from the mean, both shrunk to the prior; 0 while less than 3 payments' worth is known. */
  zScore(amountMinor: number): number {
    if (this.#weight < 3) return 0
    const total = this.#weight + prior.weight
    const apart = this.#mean - prior.mean
    const mean = (this.#weight * this.#mean + prior.weight * prior.mean) / total
    const between = ((this.#weight * prior.weight) / total) * apart * apart
    const variance = (this.#squares + prior.weight * prior.variance + between) / total
    return (Math.log(amountMinor) - mean) / Math.sqrt(variance)
  }

  write(out: ByteWriter): void {
    for (const value of [this.#weight, this.#mean, this.#squares, this.#newestMs]) out.f64(value)
  }

  static read(from: ByteReader): AmountMoments {
    const moments = new AmountMoments()
    moments.#weight = from.f64()
    moments.#mean = from.f64()
    moments.#squares = from.f64()
    moments.#newestMs = from.f64()
    return moments
  }
}
