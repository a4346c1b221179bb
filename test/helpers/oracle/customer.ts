import type { Transaction } from '#schemas/types.ts'
import {
  Acquaintances,
  DAY,
  HOUR,
  isAttempt,
  isDeclined,
  isInPerson,
  km,
  MINUTE,
  type Point,
  partyOf,
  pointOf,
  sum,
} from './basics.ts'

/** A payment of the past, and what was found in it when it came. */
export interface Past {
  readonly tx: Transaction
  readonly time: number
  /** By family, 0 to 1. */
  readonly severities: readonly number[]
  readonly homeKm: number | undefined
  readonly metSomebody: boolean
}

interface City {
  readonly at: Point
  payments: number
}

/** All that is known of a customer from the records that came before, in lists. */
export class OracleCustomer {
  /** Attempts to pay by event time, then arrival: the newest 128. */
  attempts: Past[] = []
  /** What came in, likewise: the newest 64. */
  receipts: Transaction[] = []
  readonly parties = new Acquaintances(64)
  readonly devices = new Acquaintances(8)
  readonly accounts = new Acquaintances(8)
  readonly merchantTypes = new Acquaintances(8)
  readonly #approved: { readonly x: number; readonly time: number }[] = []
  readonly #cities = new Map<string, City>()
  #spot: { readonly at: Point; readonly time: number } | undefined

  isTooLate(tx: Transaction): boolean {
    const newest = Math.max(...this.attempts.map(({ time }) => time))
    return tx.event_time < newest - DAY
  }

  /** Takes up a record that is not too late. */
  learn(tx: Transaction): void {
    this.accounts.meet(tx.account_id, tx.event_time)
    if (!isAttempt(tx)) return
    this.merchantTypes.meet(tx.merchant_type, tx.event_time)
    const party = partyOf(tx)
    if (party !== null) this.parties.meet(party, tx.event_time)
    if (tx.device_id !== null) this.devices.meet(tx.device_id, tx.event_time)
    if (!isDeclined(tx)) this.#approved.push({ x: Math.log(tx.amount_minor), time: tx.event_time })
    const at = pointOf(tx)
    if (!isInPerson(tx) || at === undefined) return
    if (this.kmh(tx) <= 800 && tx.event_time >= (this.#spot?.time ?? 0)) this.#spot = { at, time: tx.event_time }
    const city = this.#cities.get(tx.city)
    if (city === undefined) this.#cities.set(tx.city, { at, payments: 1 })
    else city.payments++
  }

  get home(): Point | undefined {
    const [first] = [...this.#cities.values()].sort((a, b) => b.payments - a.payments)
    return first !== undefined && first.payments >= 3 ? first.at : undefined
  }

  homeKm(tx: Transaction): number | undefined {
    const at = pointOf(tx)
    return this.home && at && isInPerson(tx) ? km(this.home, at) : undefined
  }

  /** Since the last place that could be reached. */
  kmh(tx: Transaction): number {
    const at = pointOf(tx)
    if (this.#spot === undefined || at === undefined || !isInPerson(tx)) return 0
    const far = km(this.#spot.at, at)
    return far <= 50 ? 0 : far / (Math.max(MINUTE, Math.abs(tx.event_time - this.#spot.time)) / HOUR)
  }

  /** From the last place in person, at most 24 h away. */
  networkKm(tx: Transaction): number {
    const at = pointOf(tx)
    const isRemote = isAttempt(tx) ? !isInPerson(tx) : true
    if (this.#spot === undefined || at === undefined || !isRemote || tx.ip_prefix === null) return 0
    return Math.abs(tx.event_time - this.#spot.time) > DAY ? 0 : km(this.#spot.at, at)
  }

  /** Weighted moments, half the weight every 30 days, shrunk by 3 observations of 200 rupees. */
  zScore(amount: number): number {
    const newest = Math.max(...this.#approved.map(({ time }) => time))
    const weighted = this.#approved.map(({ x, time }) => ({ x, w: 0.5 ** ((newest - time) / (30 * DAY)) }))
    const weight = sum(weighted.map(({ w }) => w))
    if (weight < 3) return 0
    const own = sum(weighted.map(({ x, w }) => x * w)) / weight
    const prior = Math.log(20_000)
    const mean = (weight * own + 3 * prior) / (weight + 3)
    const squares = sum(weighted.map(({ x, w }) => w * (x - own) ** 2))
    const between = ((weight * 3) / (weight + 3)) * (own - prior) ** 2
    return (Math.log(amount) - mean) / Math.sqrt((squares + 3 * 1.6 ** 2 + between) / (weight + 3))
  }
}
