import { hourQuantiles } from '../market/calendar.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { DAY_MS, DAY_START_HOUR, MINUTE_MS } from '../time.ts'
import { activityOf, type DayActivity, ownActivity } from './activity.ts'
import { segmentHours } from './buying-hours.ts'
import { dueMs, duesOn, FIRST_DUE, ORDINALS } from './dues.ts'
import { errandMs, errands, FIRST_ERRAND, stationMs } from './errands.ts'
import type { Journeys } from './journeys.ts'
import { lifeEvents } from './life-events.ts'
import type { Lives } from './lives.ts'
import type { Population } from './population.ts'
import type { Whereabouts } from './whereabouts.ts'

/** Chance that another payment follows one in the same errand, and the mean pause before it. */
const NEXT_IN_SESSION = 0.35
const PAUSE_MS = 210_000
const PAUSE_MIN_MS = 12_000
const MINUTES = DAY_MS / MINUTE_MS
const CELLS = 512
/** Millisecond of the minute above row and ordinal: 16 + 24 + 7 bits, exact in a double. */
const ROWS = 2 ** 24 * ORDINALS

const quantiles = segmentHours.map((hours) => hourQuantiles(hours, DAY_START_HOUR, CELLS))

/**
 * All moments of payment of one simulated day, a pure function of (seed, customer, day) and of nothing else, visited
 * in time order. Moments are scattered into buckets of a minute; a minute is sorted when it is reached.
 */
export class DayPlan {
  day = Number.NaN
  count = 0
  /** The moment that `advance` came to. */
  ms = 0
  row = 0
  ordinal = 0
  activity: DayActivity | undefined

  #entries = new Float64Array(0)
  /** End of each minute in `#entries`. */
  readonly #ends = new Uint32Array(MINUTES)
  #minute = -1
  #index = 0
  #end = 0
  #visited = 0
  readonly #scratch: PlanScratch

  constructor(scratch: PlanScratch) {
    this.#scratch = scratch
  }

  make(day: number): void {
    const scratch = this.#scratch
    this.activity = activityOf(day)
    scratch.draw(day, this.activity)
    this.day = day
    this.count = scratch.count
    if (this.#entries.length < this.count) this.#entries = new Float64Array(Math.ceil(this.count * 1.2))
    scratch.scatter(this.#entries, this.#ends)
    this.#minute = -1
    this.#index = 0
    this.#end = 0
    this.#visited = 0
  }

  /** Goes to the next moment; false at the end of the day. */
  advance(): boolean {
    while (this.#index === this.#end) {
      if (this.#minute === MINUTES - 1) return false
      this.#minute++
      this.#end = this.#ends[this.#minute]!
      if (this.#end - this.#index > 1) this.#entries.subarray(this.#index, this.#end).sort()
    }
    const entry = this.#entries[this.#index++]!
    const inMinute = Math.floor(entry / ROWS)
    const rest = entry - inMinute * ROWS
    this.ms = this.#minute * MINUTE_MS + inMinute
    this.row = Math.floor(rest / ORDINALS)
    this.ordinal = rest % ORDINALS
    this.#visited++
    return true
  }

  /** How many moments at or before `ms` have not been visited. */
  countDue(ms: number): number {
    if (ms < 0) return 0
    if (ms >= DAY_MS) return this.count - this.#visited
    const minute = Math.floor(ms / MINUTE_MS)
    const start = minute === 0 ? 0 : this.#ends[minute - 1]!
    let due = Math.max(0, start - this.#index)
    for (let i = Math.max(start, this.#index); i < this.#ends[minute]!; i++) {
      if (Math.floor(this.#entries[i]! / ROWS) <= ms - minute * MINUTE_MS) due++
    }
    return due
  }
}

/** Draws the moments of a day in customer order; shared by the plans of one world. */
export class PlanScratch {
  count = 0
  #entries: Float64Array
  #minutes: Uint16Array
  readonly #starts = new Uint32Array(MINUTES)
  readonly #random = new Random()
  readonly #key: StreamKey
  readonly #people: Population
  readonly #lives: Lives
  readonly #journeys: Journeys
  readonly #whereabouts: Whereabouts

  constructor(seed: string, people: Population, lives: Lives, journeys: Journeys, whereabouts: Whereabouts) {
    this.#key = streamKey(seed, 'arrivals')
    this.#people = people
    this.#lives = lives
    this.#journeys = journeys
    this.#whereabouts = whereabouts
    const expected = Math.ceil(people.count * 2.6) + 1024
    this.#entries = new Float64Array(expected)
    this.#minutes = new Uint16Array(expected)
  }

  draw(day: number, activity: DayActivity): void {
    this.count = 0
    for (let row = 0; row < this.#people.count; row++) {
      // Who does not exist pays only where fraud has it.
      if (this.#people.fabricated[row] === 1) continue
      this.#whereabouts.plan(row, day)
      this.#addErrands(row, day)
      this.#lives.look(row, day)
      this.#drawSessions(row, day, activity)
      this.#addDues(row, day, activity)
    }
  }

  #drawSessions(row: number, day: number, activity: DayActivity): void {
    const people = this.#people
    const segment = people.segment[row]!
    const factor = this.#lives.activity * activity.count(segment, this.#lives.home) * ownActivity(people.tag[row]!, day)
    const random = this.#random.at(this.#key, people.number[row]!, day)
    const sessions = random.poisson(people.ratePerDay[row]! * (1 - NEXT_IN_SESSION) * factor)
    if (sessions === 0) return
    const whereabouts = this.#whereabouts
    const table = quantiles[segment]!
    let ordinal = 0
    for (let session = 0; session < sessions; session++) {
      const x = random.unit() * CELLS
      const cell = Math.floor(x)
      let ms = Math.floor(table[cell]! + (x - cell) * (table[cell + 1]! - table[cell]!))
      do {
        if (ms >= DAY_MS || ordinal === FIRST_ERRAND) break
        if (!whereabouts.isUnderWay(ms)) this.#add(ms, row, ordinal++)
        ms += Math.floor(PAUSE_MIN_MS + random.exponential() * PAUSE_MS)
      } while (random.unit() < NEXT_IN_SESSION)
    }
  }

  #addErrands(row: number, day: number): void {
    if (!this.#lives.quiet(row, day)) {
      this.#lives.look(row, day)
      if (lifeEvents[this.#lives.today]?.lump !== undefined) this.#addErrand(errands.LIFE, row, day)
    }
    if (this.#journeys.booksTrip(row, day)) {
      this.#addErrand(errands.TICKET_THERE, row, day)
      if (this.#journeys.booksBack(row)) this.#addErrand(errands.TICKET_BACK, row, day)
    }
    if (this.#journeys.bookedMove(row, day) >= 0) this.#addErrand(errands.TICKET_MOVE, row, day)
    const { arriving, leaving } = this.#whereabouts
    if (arriving !== null && arriving.leaveMs >= 0) this.#addAtStation(errands.LEAVING, arriving.leaveMs, row, day)
    if (leaving !== null) this.#addAtStation(errands.LEAVING, DAY_MS + leaving.leaveMs, row, day)
    if (arriving !== null) this.#addAtStation(errands.ARRIVING, arriving.arriveMs, row, day)
  }

  #addErrand(ordinal: number, row: number, day: number): void {
    this.#add(this.#whereabouts.beside(errandMs(ordinal, this.#people.tag[row]!, day)), row, ordinal)
  }

  #addAtStation(ordinal: number, turnMs: number, row: number, day: number): void {
    const ms = stationMs(ordinal, turnMs, this.#people.tag[row]!, day)
    if (ms >= 0 && ms < DAY_MS && !this.#whereabouts.isUnderWay(ms)) this.#add(ms, row, ordinal)
  }

  #addDues(row: number, day: number, activity: DayActivity): void {
    let due = duesOn(this.#people, row, activity.civil)
    for (let ordinal = FIRST_DUE; due !== 0; ordinal++, due >>= 1) {
      if (due & 1) this.#add(this.#whereabouts.beside(dueMs(ordinal, this.#people.tag[row]!, day)), row, ordinal)
    }
  }

  #add(ms: number, row: number, ordinal: number): void {
    if (this.count === this.#entries.length) this.#grow()
    const minute = Math.floor(ms / MINUTE_MS)
    this.#entries[this.count] = (ms - minute * MINUTE_MS) * ROWS + row * ORDINALS + ordinal
    this.#minutes[this.count++] = minute
  }

  #grow(): void {
    const entries = new Float64Array(this.count * 2)
    const minutes = new Uint16Array(this.count * 2)
    entries.set(this.#entries)
    minutes.set(this.#minutes)
    this.#entries = entries
    this.#minutes = minutes
  }

  /** Puts the moments into buckets of a minute; `ends` tells where each ends. */
  scatter(into: Float64Array, ends: Uint32Array): void {
    const starts = this.#starts.fill(0)
    for (let i = 0; i < this.count; i++) {
      const minute = this.#minutes[i]!
      starts[minute] = starts[minute]! + 1
    }
    let sum = 0
    for (let minute = 0; minute < MINUTES; minute++) {
      const size = starts[minute]!
      starts[minute] = sum
      sum += size
      ends[minute] = sum
    }
    for (let i = 0; i < this.count; i++) {
      const minute = this.#minutes[i]!
      into[starts[minute]!] = this.#entries[i]!
      starts[minute] = starts[minute]! + 1
    }
  }
}
