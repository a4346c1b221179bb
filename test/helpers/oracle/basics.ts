import type { Transaction } from '#schemas/types.ts'
import cities from '#services/market/data/cities.json' with { type: 'json' }

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export type Numbers = readonly number[]

export const sum = (numbers: Numbers): number => numbers.reduce((total, x) => total + x, 0)
export const mean = (numbers: Numbers): number => sum(numbers) / numbers.length
export const ascending = (numbers: Numbers): number[] => [...numbers].sort((a, b) => a - b)
/** Population variance. */
export const variance = (numbers: Numbers): number => mean(numbers.map((x) => (x - mean(numbers)) ** 2))

/** The smallest number that a share of all do not exceed. */
export const nearestRank = (numbers: Numbers, share: number): number | undefined =>
  ascending(numbers)[Math.ceil(share * numbers.length) - 1]

export const lowerMedian = (numbers: Numbers): number | undefined =>
  ascending(numbers)[Math.ceil(numbers.length / 2) - 1]

export const distinct = <Item>(items: readonly Item[]): number => new Set(items).size

/** In bits. */
export function entropyOf(counts: Numbers): number {
  const shares = counts.filter((count) => count > 0).map((count) => count / sum(counts))
  return sum(shares.map((share) => -share * Math.log2(share)))
}

/** (deviation - mean) / (deviation + mean) of the gaps; 0 for fewer than two, and for none but zeros. */
export function burstinessOf(times: Numbers): number {
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  if (gaps.length < 2 || sum(gaps) === 0) return 0
  const deviation = Math.sqrt(variance(gaps))
  return (deviation - mean(gaps)) / (deviation + mean(gaps))
}

/** Of at least `count` events. */
export function poissonAtLeast(count: number, expected: number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const exactly = (n: number): number => (Math.exp(-expected) * expected ** n) / factorial(n)
  return 1 - sum(Array.from({ length: count }, (_, n) => exactly(n)))
}

const inIndia = (time: number): number => time + 5.5 * HOUR
export const hourOf = (time: number): number => Math.floor((inIndia(time) % DAY) / HOUR)
/** Days since 1970. */
export const dayOf = (time: number): number => Math.floor(inIndia(time) / DAY)

export interface Point {
  readonly lat: number
  readonly lon: number
}

export const cityAt = (name: string | null): Point | undefined => cities.cities.find((city) => city.name === name)

/** Haversine, on a sphere of the mean radius of the Earth. */
export function km(a: Point, b: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const north = Math.sin(radians(b.lat - a.lat) / 2) ** 2
  const east = Math.sin(radians(b.lon - a.lon) / 2) ** 2
  return 2 * 6371.0088 * Math.asin(Math.sqrt(north + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * east))
}

/** Where a record says it was, in single precision as in the record. */
export function pointOf(tx: Transaction): Point | undefined {
  const point = tx.lat === null || tx.lon === null ? cityAt(tx.city) : { lat: tx.lat, lon: tx.lon }
  return point && { lat: Math.fround(point.lat), lon: Math.fround(point.lon) }
}

export const isAttempt = (tx: Transaction): boolean =>
  !['CREDIT', 'REFUND', 'REVERSAL', 'CHARGEBACK'].includes(tx.event_type)
export const isDeclined = (tx: Transaction): boolean => tx.status_response.status === 'DECLINED'
export const isInPerson = (tx: Transaction): boolean => isAttempt(tx) && ['POS', 'QR', 'ATM'].includes(tx.channel)
export const partyOf = (tx: Transaction): string | null => tx.merchant_id ?? tx.payee_id
export const isTransfer = (tx: Transaction): boolean => tx.merchant_id === null && tx.payee_id !== null

/** When each key was first and last met, in whole seconds; the latest so many are known. */
export class Acquaintances {
  readonly #limit: number
  readonly #met = new Map<string, { first: number; last: number }>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get all(): { first: number; last: number }[] {
    return [...this.#met.values()]
  }

  of(key: string): { first: number; last: number } | undefined {
    return this.#met.get(key)
  }

  meet(key: string, time: number): void {
    const second = Math.floor(time / SECOND) * SECOND
    const known = this.#met.get(key) ?? { first: second, last: second }
    const met = { first: Math.min(known.first, second), last: Math.max(known.last, second) }
    const oldest = [...this.#met].sort(([, a], [, b]) => a.last - b.last)[0]
    if (!this.#met.has(key) && this.#met.size === this.#limit) {
      if (oldest![1].last > second) return
      this.#met.delete(oldest![0])
    }
    this.#met.set(key, met)
  }
}
