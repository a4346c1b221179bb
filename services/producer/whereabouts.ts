import { AliasTable } from '../market/alias.ts'
import { cities, distanceKm } from '../market/cities.ts'
import { mix } from '../market/identifiers.ts'
import { segments } from '../market/segments.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { HOUR_MS } from '../time.ts'
import type { Lives } from './lives.ts'
import type { Population } from './population.ts'

/** A customer makes at the most one trip in so many days. */
const BLOCK_DAYS = 14
/** Of a trip in a block, by segment. */
const tripChance = segments.map((segment) => (segment.travel_trips_per_year * BLOCK_DAYS) / 365)
const TRIP = 0x7219
const TRIP_DAYS_MIN = 2
const TRIP_DAYS_MAX = 7
/** Share of days at home that are spent 8 to 30 km away. */
const NEARBY_SHARE = 0.155
const KM_PER_DEGREE = 111.2
/** Door to door: slower than any flight, so that no pair of payments looks impossible. */
const TRAVEL_KM_PER_HOUR = 450
const DEPARTURE_MS = 2 * HOUR_MS
const NEARBY_TRANSIT_MS = HOUR_MS

const tripTable = new AliasTable(cities.map(({ weight }) => weight))
const between = cities.map((a) => cities.map((b) => distanceKm(a.lat, a.lon, b.lat, b.lon)))
/** Of longitude, by city. */
const kmPerDegreeEast = cities.map(({ lat }) => KM_PER_DEGREE * Math.cos((lat * Math.PI) / 180))
const WORD = 2 ** 32

export const stays = { HOME: 0, NEARBY: 1, TRAVEL: 2 } as const

/**
 * Where customers are. A stay lasts a whole simulated day, 03:00 to 03:00, and follows from (seed, customer, day)
 * alone; on the day it changes, the customer is on the way for the first hours and does not pay.
 */
export class Whereabouts {
  /** Answer of `locate`. */
  city = 0
  stay: number = stays.HOME
  lat = 0
  lon = 0

  readonly #random = new Random()
  readonly #key: StreamKey
  readonly #people: Population
  readonly #lives: Lives

  constructor(seed: string, people: Population, lives: Lives) {
    this.#key = streamKey(seed, 'trips')
    this.#people = people
    this.#lives = lives
  }

  /** Finds where the customer spends the day that begins on civil day `day`. Asks `lives` about it. */
  locate(row: number, day: number): void {
    const home = this.#lives.homeOn(row, day)
    this.city = this.#destination(row, day, home)
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

  /** Milliseconds of the day that go by on the way from where the customer was the day before; 0 if nothing changed. */
  transitMs(row: number, day: number): number {
    const before = this.#destination(row, day - 1, this.#lives.homeOn(row, day - 1))
    const home = this.#lives.homeOn(row, day)
    const now = this.#destination(row, day, home)
    if (before !== now) return DEPARTURE_MS + (between[before]![now]! / TRAVEL_KM_PER_HOUR) * HOUR_MS
    if (now !== home) return 0
    const tag = this.#people.tag[row]!
    return mix(tag, day) / WORD < NEARBY_SHARE || mix(tag, day - 1) / WORD < NEARBY_SHARE ? NEARBY_TRANSIT_MS : 0
  }

  #destination(row: number, day: number, home: number): number {
    const number = this.#people.number[row]!
    const shifted = day + (number % BLOCK_DAYS)
    const block = Math.floor(shifted / BLOCK_DAYS)
    const spare = mix(this.#people.tag[row]!, block ^ TRIP) / WORD
    if (spare >= tripChance[this.#people.segment[row]!]!) return home
    // Who moves house does not travel as well: each night has one way at the most.
    const firstDay = block * BLOCK_DAYS - (number % BLOCK_DAYS)
    if (this.#lives.homeOn(row, firstDay - 1) !== this.#lives.homeOn(row, firstDay + BLOCK_DAYS)) return home
    const random = this.#random.at(this.#key, number, block)
    const days = random.integer(TRIP_DAYS_MIN, TRIP_DAYS_MAX)
    const first = random.integer(0, BLOCK_DAYS - days)
    const today = shifted - block * BLOCK_DAYS
    if (today < first || today >= first + days) return home
    const city = tripTable.pick(random)
    return city === home ? (city + 1 + random.below(cities.length - 1)) % cities.length : city
  }
}
