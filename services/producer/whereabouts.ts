import { cities } from '../market/cities.ts'
import { mix } from '../market/identifiers.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts'
import type { Journeys, Leg } from './journeys.ts'
import type { Lives } from './lives.ts'
import type { Population } from './population.ts'

/** Share of days at home that are spent 8 to 30 km away. */
const NEARBY_SHARE = 0.155
const KM_PER_DEGREE = 111.2
const NEARBY_TRANSIT_MS = HOUR_MS
/** Of longitude, by city. */
const kmPerDegreeEast = cities.map(({ lat }) => KM_PER_DEGREE * Math.cos((lat * Math.PI) / 180))
const WORD = 2 ** 32
/** What would fall into a journey is done within so many minutes of it. */
const BESIDE_MS = 10 * MINUTE_MS

export const stays = { HOME: 0, NEARBY: 1, TRAVEL: 2 } as const

/**
 * Where customers are. A stay lasts from journey to journey; in between, days are spent at home or nearby. Follows from
 * (seed, customer, day) and the customer's life. Who is under way does not pay.
 */
export class Whereabouts {
  /** Answers of `locate`. */
  city = 0
  stay: number = stays.HOME
  lat = 0
  lon = 0
  /** Answers of `plan`: the ways that the customer is on today, milliseconds after the day began; null for none. */
  arriving: Leg | null = null
  leaving: Leg | null = null
  #settledMs = 0
  #fromMs = DAY_MS
  #toMs = DAY_MS

  readonly #people: Population
  readonly #lives: Lives
  readonly #journeys: Journeys

  constructor(people: Population, lives: Lives, journeys: Journeys) {
    this.#people = people
    this.#lives = lives
    this.#journeys = journeys
  }

  /** Finds where the customer is `ms` after the day began that begins on civil day `day`. Asks `lives` about the day. */
  locate(row: number, day: number, ms: number): void {
    const journeys = this.#journeys
    const leg = journeys.legTo(row, day)
    const gone = leg === null || ms >= leg.leaveMs
    this.city = gone ? journeys.cityOn(row, day) : leg.from
    const home = this.#lives.homeOn(row, gone ? day : day - 1)
    this.#lives.look(row, day)
    const tag = this.#people.tag[row]!
    const place = cities[this.city]!
    const chance = mix(tag, day)
    const nearby = this.city === home && chance / WORD < NEARBY_SHARE
    this.stay = this.city !== home ? stays.TRAVEL : nearby ? stays.NEARBY : stays.HOME
    // Home is a few kilometres off the centre; so is the place stayed at on a trip.
    const seat = this.city === home ? mix(tag, 0) : mix(tag, this.city + 1)
    let north = ((seat >>> 16) / 65_536 - 0.5) * 16
    let east = ((seat & 0xffff) / 65_536 - 0.5) * 16
    if (nearby) {
      const angle = (mix(chance, 1) / WORD) * 2 * Math.PI
      const distance = 8 + (mix(chance, 2) / WORD) * 22
      north += distance * Math.sin(angle)
      east += distance * Math.cos(angle)
    }
    this.lat = place.lat + north / KM_PER_DEGREE
    this.lon = place.lon + east / kmPerDegreeEast[this.city]!
  }

  /** Finds when on the day the customer is under way; `isUnderWay` and `beside` then answer. */
  plan(row: number, day: number): void {
    const tag = this.#people.tag[row]!
    const moved = mix(tag, day) / WORD < NEARBY_SHARE || mix(tag, day - 1) / WORD < NEARBY_SHARE
    this.#settledMs = moved ? NEARBY_TRANSIT_MS : 0
    this.arriving = this.#journeys.legTo(row, day)
    const next = this.#journeys.legTo(row, day + 1)
    this.leaving = next !== null && next.leaveMs < 0 ? next : null
    this.#fromMs = this.arriving === null ? DAY_MS : Math.max(0, this.arriving.leaveMs)
    this.#toMs = this.arriving === null ? DAY_MS : this.arriving.arriveMs
    if (this.leaving === null) return
    this.#fromMs = Math.min(this.#fromMs, DAY_MS + this.leaving.leaveMs)
    this.#toMs = DAY_MS
  }

  isUnderWay(ms: number): boolean {
    return ms < this.#settledMs || (ms >= this.#fromMs && ms < this.#toMs)
  }

  /** The moment itself, or one right beside the journey that it would fall into; keeps the order of moments. */
  beside(ms: number): number {
    const [from, to] = [this.#fromMs, this.#toMs]
    if (ms < from || ms >= to || to - from === DAY_MS) return ms
    const share = (ms - from) / (to - from)
    return Math.floor(to < DAY_MS ? to + share * BESIDE_MS : from - (1 - share) * BESIDE_MS - 1)
  }
}
