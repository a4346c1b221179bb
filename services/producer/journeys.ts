import { AliasTable } from '../market/alias.ts'
import { cities } from '../market/cities.ts'
import { mix } from '../market/identifiers.ts'
import { hoursBetween, LEAD_DAYS_MAX, leadDays, type Vehicle, vehicleFor, vehicles } from '../market/journeys.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { DAY_MS, HOUR_MS } from '../time.ts'
import type { Lives } from './lives.ts'
import type { Population } from './population.ts'

/** A customer makes at the most one trip in so many days. */
const BLOCK_DAYS = 14
const TRIP = 0x7219
const VEHICLE = 0x7e41c1e
const LEAVE = 0x1eafe
const LEAD = 0x71c4e7
const TRIP_DAYS_MIN = 2
const TRIP_DAYS_MAX = 7
const WORD = 2 ** 32
const tripTable = new AliasTable(cities.map(({ weight }) => weight))

/** Longer ways by train are gone overnight. */
const DAY_TRAIN_HOURS = 8
/** Nobody leaves before 05:00 or comes by a day train after 23:00; hours after 03:00. */
const FIRST_HOUR = 2
const LAST_HOUR = 20
const OVERNIGHT_ARRIVALS = { from: 3, hours: 8 } as const
/** A way that takes more than a day and a half begins early on the day before. */
const EARLIEST_HOUR = -20

/** One way, from a city to another, that ends on a given simulated day. */
export interface Leg {
  readonly from: number
  readonly to: number
  readonly vehicle: Vehicle
  /** The traveller is under way from here to there; milliseconds after that day began, the first below 0 for the day before. */
  readonly leaveMs: number
  readonly arriveMs: number
}

/**
 * Trips there and back, and moves: who goes where when, and by what. Follows from (seed, customer, day) and the
 * customer's life. A customer is under way at the most once a day: trips leave a day at each end of their block free,
 * and who moves house in a block makes no trip in it.
 */
export class Journeys {
  /** Answers of `findTrip`: the city, and the first and last day there. */
  city = 0
  firstDay = 0
  lastDay = 0

  readonly #random = new Random()
  readonly #key: StreamKey
  /** Of a trip in a block, by segment. */
  readonly #tripChance: readonly number[]
  readonly #people: Population
  readonly #lives: Lives
  /** The block last looked at, and whether there is a trip in it. */
  #row = -1
  #block = 0
  #found = false

  constructor(seed: string, people: Population, lives: Lives) {
    this.#key = streamKey(seed, 'trips')
    this.#people = people
    this.#lives = lives
    this.#tripChance = people.distributions.tripsPerYear.map((trips) => (trips * BLOCK_DAYS) / 365)
  }

  /** Whether the customer makes a trip in the block that the day lies in. */
  findTrip(row: number, day: number): boolean {
    const number = this.#people.number[row]!
    const block = ((day + (number % BLOCK_DAYS)) / BLOCK_DAYS) | 0
    if (row === this.#row && block === this.#block) return this.#found
    this.#row = row
    this.#block = block
    this.#found = this.#drawTrip(row, number, block)
    return this.#found
  }

  #drawTrip(row: number, number: number, block: number): boolean {
    const spare = mix(this.#people.tag[row]!, block ^ TRIP) / WORD
    if (spare >= this.#tripChance[this.#people.segment[row]!]!) return false
    const blockDay = block * BLOCK_DAYS - (number % BLOCK_DAYS)
    const home = this.#lives.homeOn(row, blockDay)
    if (home !== this.#lives.homeOn(row, blockDay - 1) || home !== this.#lives.homeOn(row, blockDay + BLOCK_DAYS))
      return false
    const random = this.#random.at(this.#key, number, block)
    const days = random.integer(TRIP_DAYS_MIN, TRIP_DAYS_MAX)
    this.firstDay = blockDay + random.integer(1, BLOCK_DAYS - 1 - days)
    this.lastDay = this.firstDay + days - 1
    const city = tripTable.pick(random)
    this.city = city === home ? (city + 1 + random.below(cities.length - 1)) % cities.length : city
    return true
  }

  /** Where the customer spends the day, once there. */
  cityOn(row: number, day: number): number {
    const away = this.findTrip(row, day) && day >= this.firstDay && day <= this.lastDay
    return away ? this.city : this.#lives.homeOn(row, day)
  }

  /** The way that ends on the day, if there is one. */
  legTo(row: number, day: number): Leg | null {
    const lives = this.#lives
    if (this.findTrip(row, day)) {
      if (day === this.firstDay) return this.#leg(row, day, lives.homeOn(row, day), this.city)
      return day === this.lastDay + 1 ? this.#leg(row, day, this.city, lives.homeOn(row, day)) : null
    }
    if (lives.quiet(row, day)) return null
    const before = lives.homeOn(row, day - 1)
    const home = lives.homeOn(row, day)
    return before === home ? null : this.#leg(row, day, before, home)
  }

  /** Whether the tickets for a trip are bought today, on some day of the block before it; `findTrip` then holds the trip. */
  booksTrip(row: number, day: number): boolean {
    if (!this.findTrip(row, day + BLOCK_DAYS)) return false
    const ofBlock = (day + (this.#people.number[row]! % BLOCK_DAYS)) % BLOCK_DAYS
    return ofBlock === mix(this.#people.tag[row]! ^ LEAD, this.firstDay) % BLOCK_DAYS
  }

  /** Whether the ways of the trip that `findTrip` holds have a ticket each, as on trains; flights are booked there and back. */
  booksBack(row: number): boolean {
    return this.legTo(row, this.firstDay)?.vehicle === vehicles.TRAIN
  }

  /** The day of the move whose ticket is bought today, or -1. */
  bookedMove(row: number, day: number): number {
    if (this.#lives.quiet(row, day + LEAD_DAYS_MAX)) return -1
    const moving = day + leadDays(mix(this.#people.tag[row]!, LEAD))
    return this.#lives.homeOn(row, moving - 1) === this.#lives.homeOn(row, moving) ? -1 : moving
  }

  #leg(row: number, day: number, from: number, to: number): Leg {
    const tag = this.#people.tag[row]!
    const block = Math.floor((day + (this.#people.number[row]! % BLOCK_DAYS)) / BLOCK_DAYS)
    // There and back are in the same block, and go by the same vehicle.
    const vehicle = vehicleFor(from, to, this.#people.bracket[row]!, mix(tag ^ VEHICLE, block) / WORD)
    const hours = hoursBetween(from, to, vehicle)
    const chance = mix(tag ^ LEAVE, day) / WORD
    const overnight = vehicle === vehicles.TRAIN && hours > DAY_TRAIN_HOURS
    const leave = overnight
      ? Math.max(EARLIEST_HOUR, OVERNIGHT_ARRIVALS.from + chance * OVERNIGHT_ARRIVALS.hours - hours)
      : FIRST_HOUR + chance * (LAST_HOUR - FIRST_HOUR - hours)
    const leaveMs = Math.floor(leave * HOUR_MS)
    return { from, to, vehicle, leaveMs, arriveMs: Math.min(DAY_MS - HOUR_MS, leaveMs + Math.ceil(hours * HOUR_MS)) }
  }
}
