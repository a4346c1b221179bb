import { cities } from '../../market/cities.ts'

/** A city with what happened there lately. */
export interface CityTraffic {
  readonly name: string
  readonly payments: number
  readonly alerts: number
}

interface Minute {
  /** By second of the minute. */
  readonly payments: number[]
  readonly alerts: number[]
}

const SECONDS = 60

/** Payments and alerts by city in the last minute of wall time. Places that are no city of the market are left out. */
export class CityTraffics {
  readonly #minutes: ReadonlyMap<string, Minute> = new Map(
    cities.map(({ name }) => [name, { payments: Array(SECONDS).fill(0), alerts: Array(SECONDS).fill(0) }]),
  )
  #second = 0

  /** `weight`: how many payments this one stands for, where only some are looked at. */
  add(kind: 'payments' | 'alerts', city: string, weight: number, nowMs: number): void {
    this.#advance(nowMs)
    const counts = this.#minutes.get(city)?.[kind]
    if (counts !== undefined) counts[this.#second % SECONDS]! += weight
  }

  list(nowMs: number): CityTraffic[] {
    this.#advance(nowMs)
    const sum = (counts: readonly number[]) => Math.round(counts.reduce((total, count) => total + count, 0))
    return [...this.#minutes].map(([name, { payments, alerts }]) => ({
      name,
      payments: sum(payments),
      alerts: sum(alerts),
    }))
  }

  /** Empties the seconds that have gone by since. */
  #advance(nowMs: number): void {
    const now = Math.floor(nowMs / 1_000)
    for (let second = Math.max(this.#second + 1, now - SECONDS + 1); second <= now; second++) {
      for (const { payments, alerts } of this.#minutes.values()) {
        payments[second % SECONDS] = 0
        alerts[second % SECONDS] = 0
      }
    }
    this.#second = Math.max(this.#second, now)
  }
}
