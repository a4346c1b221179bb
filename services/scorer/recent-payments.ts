import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { MovingMonth } from './moving-month.ts'
import { type Payment, shortHash } from './payment.ts'

/** Payments kept of one customer: windows are exact up to so many, and speak of the newest so many beyond. */
export const RECENT_MAX = 128

/** The longest window, and a day for late records to look back over theirs. */
const KEEP_MS = 31 * DAY_MS

/** The newest so many are kept however old they are: what comes after a long silence is held against them. */
const KEEP_MIN = 64

/** Older ones are dropped so many at a time. */
const DROP_MIN = 16

/** Stands in `homeKm` for a payment that is nowhere, or from before a home was known. */
export const NOWHERE = 0xffff

const SMALLEST = 8

/** So many of the newest are looked at one by one. */
const NEAR = 4

/** Columns of 8, 4 and 2 bytes, in the order in which they stand one after the other in their array. */
const AMOUNT = 1
const [COUNTERPARTY, INSTRUMENT, ACCOUNT, ANOMALIES] = [0, 1, 2, 3]
const [CITY, RAIL, FLAGS, HOME_KM, CATEGORY] = [0, 1, 2, 3, 4]
const [WIDE_COLUMNS, WORD_COLUMNS, HALF_COLUMNS] = [2, 4, 5]

/**
 * The newest payments of a customer in the order of event time. Three arrays hold all their columns, side by side in one
 * piece of memory: an array a column would be as much again in objects, and every one of them a cache miss.
 */
export class RecentPayments {
  length = 0
  /** Those that left before their time or never came in, for the limit on their number, since this was made or read. */
  crowdedOut = 0
  /** By index, as long as it is below `length`; what comes behind are amounts. */
  times: Float64Array
  readonly month = new MovingMonth(this)
  #size: number
  #words: Uint32Array
  #halves: Uint16Array

  constructor(size = SMALLEST) {
    const memory = new ArrayBuffer(size * (8 * WIDE_COLUMNS + 4 * WORD_COLUMNS + 2 * HALF_COLUMNS))
    this.#size = size
    this.times = new Float64Array(memory, 0, WIDE_COLUMNS * size)
    this.#words = new Uint32Array(memory, this.times.byteLength, WORD_COLUMNS * size)
    this.#halves = new Uint16Array(memory, this.times.byteLength + this.#words.byteLength)
  }

  /** Paise. */
  amount(index: number): number {
    return this.times[AMOUNT * this.#size + index]!
  }

  counterparty(index: number): number {
    return this.#words[COUNTERPARTY * this.#size + index]!
  }

  instrument(index: number): number {
    return this.#words[INSTRUMENT * this.#size + index]!
  }

  account(index: number): number {
    return this.#words[ACCOUNT * this.#size + index]!
  }

  /** Severities of the four families of anomalies: see anomaly/severities.ts. */
  anomalies(index: number): number {
    return this.#words[ANOMALIES * this.#size + index]!
  }

  city(index: number): number {
    return this.#halves[CITY * this.#size + index]!
  }

  rail(index: number): number {
    return this.#halves[RAIL * this.#size + index]!
  }

  flags(index: number): number {
    return this.#halves[FLAGS * this.#size + index]!
  }

  /** Whole km from home, as home was known then. */
  homeKm(index: number): number {
    return this.#halves[HOME_KM * this.#size + index]!
  }

  category(index: number): number {
    return this.#halves[CATEGORY * this.#size + index]!
  }

  /** Notes what was found out about a payment that is there. */
  note(index: number, { anomalies, homeKm, flags }: { anomalies: number; homeKm: number; flags: number }): void {
    this.#words[ANOMALIES * this.#size + index] = anomalies
    this.#halves[HOME_KM * this.#size + index] = homeKm
    this.#halves[FLAGS * this.#size + index] = flags
  }

  /** -Infinity while there is none. */
  get newestMs(): number {
    return this.length === 0 ? Number.NEGATIVE_INFINITY : this.times[this.length - 1]!
  }

  /** The index of the first payment later than `timeMs`. */
  firstAfter(timeMs: number): number {
    const { times } = this
    let low = 0
    let high = this.length
    // Mostly it is asked for what is new.
    for (const near = Math.max(0, high - NEAR); high > near; high--) if (times[high - 1]! <= timeMs) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! > timeMs) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Puts a payment in its place in time and returns its index; -1 if there are enough newer ones. */
  insert(payment: Payment): number {
    this.#dropOld(payment.timeMs - KEEP_MS)
    let at = this.firstAfter(payment.timeMs)
    if (this.length === RECENT_MAX) {
      if (at === 0 || this.times[0]! > payment.timeMs - KEEP_MS) this.crowdedOut++
      if (at === 0) return -1
      this.#drop(1)
      at--
    }
    if (this.length === this.#size) this.#resize(Math.min(RECENT_MAX, this.length * 2))
    if (at < this.length) this.#move(at, at + 1)
    this.length++
    this.#put(at, payment.timeMs, payment.amountMinor)
    this.#putWords(at, payment.counterparty, payment.instrument, payment.account, 0)
    this.#putHalves(at, shortHash(payment.city), shortHash(payment.rail), payment.flags, NOWHERE, payment.category)
    this.month.inserted(at)
    return at
  }

  /** Reads a place of each column that is looked through, and of the month; see `prefetch` in customer-state.ts. */
  prefetch(): number {
    const { month, times } = this
    const last = Math.max(0, this.length - 1)
    const wide = times[last]! ^ this.amount(last) ^ month.amounts.at(0) ^ month.counts[0]!
    const words = this.anomalies(0) ^ this.anomalies(last) ^ this.counterparty(last)
    return wide ^ words ^ this.category(last) ^ this.rail(last) ^ this.flags(last)
  }

  write(out: ByteWriter): void {
    out.varint(this.length)
    for (let i = 0, before = 0; i < this.length; i++) {
      out.varint(this.times[i]! - before)
      before = this.times[i]!
      out.varint(this.amount(i))
      out.u32(this.counterparty(i))
      out.u32(this.instrument(i))
      out.u16(this.city(i))
      out.u32(this.account(i))
      out.u8(this.category(i))
      out.u16(this.rail(i))
      out.u16(this.flags(i))
      out.u16(this.homeKm(i))
      out.varint(this.anomalies(i))
    }
  }

  static read(from: ByteReader): RecentPayments {
    const length = from.varint()
    const recent = new RecentPayments(Math.max(SMALLEST, length))
    recent.length = length
    for (let i = 0, before = 0; i < recent.length; i++) {
      before += from.varint()
      recent.#put(i, before, from.varint())
      const [counterparty, instrument, city, account] = [from.u32(), from.u32(), from.u16(), from.u32()]
      const [category, rail, flags, homeKm] = [from.u8(), from.u16(), from.u16(), from.u16()]
      recent.#putWords(i, counterparty, instrument, account, from.varint())
      recent.#putHalves(i, city, rail, flags, homeKm, category)
    }
    return recent
  }

  #put(index: number, timeMs: number, amountMinor: number): void {
    this.times[index] = timeMs
    this.times[AMOUNT * this.#size + index] = amountMinor
  }

  #putWords(index: number, counterparty: number, instrument: number, account: number, anomalies: number): void {
    this.#words[COUNTERPARTY * this.#size + index] = counterparty
    this.#words[INSTRUMENT * this.#size + index] = instrument
    this.#words[ACCOUNT * this.#size + index] = account
    this.#words[ANOMALIES * this.#size + index] = anomalies
  }

  #putHalves(index: number, city: number, rail: number, flags: number, homeKm: number, category: number): void {
    this.#halves[CITY * this.#size + index] = city
    this.#halves[RAIL * this.#size + index] = rail
    this.#halves[FLAGS * this.#size + index] = flags
    this.#halves[HOME_KM * this.#size + index] = homeKm
    this.#halves[CATEGORY * this.#size + index] = category
  }

  #dropOld(beforeMs: number): void {
    if (this.length <= KEEP_MIN || this.times[0]! > beforeMs) return
    const old = Math.min(this.firstAfter(beforeMs), this.length - KEEP_MIN)
    if (old >= DROP_MIN) this.#drop(old)
  }

  #drop(count: number): void {
    if (count === 0) return
    this.month.dropping(count)
    this.#move(count, 0)
    this.length -= count
  }

  /** Moves the payments from one index on to another. */
  #move(from: number, to: number): void {
    for (const array of [this.times, this.#words, this.#halves]) {
      for (let column = 0; column < array.length; column += this.#size) {
        array.copyWithin(column + to, column + from, column + this.length)
      }
    }
  }

  #resize(size: number): void {
    const larger = new RecentPayments(size)
    copyColumns(this.times, larger.times, this.#size, size)
    copyColumns(this.#words, larger.#words, this.#size, size)
    copyColumns(this.#halves, larger.#halves, this.#size, size)
    this.times = larger.times
    this.#words = larger.#words
    this.#halves = larger.#halves
    this.#size = size
  }
}

type Columns = Float64Array | Uint32Array | Uint16Array

/** From columns of one length to longer ones. */
function copyColumns<Column extends Columns>(from: Column, to: Column, size: number, longer: number): void {
  for (let at = 0, there = 0; at < from.length; at += size, there += longer) to.set(from.subarray(at, at + size), there)
}
