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

/** The columns of so many payments, side by side in one piece of memory: a customer is looked up by all of them at once. */
function columnsOf(size: number) {
  let at = 0
  const next = (bytes: number): number => {
    at += size * bytes
    return at - size * bytes
  }
  const buffer = new ArrayBuffer(size * PAYMENT_BYTES)
  return {
    times: new Float64Array(buffer, next(8), size),
    amounts: new Float64Array(buffer, next(8), size),
    counterparties: new Uint32Array(buffer, next(4), size),
    instruments: new Uint32Array(buffer, next(4), size),
    accounts: new Uint32Array(buffer, next(4), size),
    anomalies: new Uint32Array(buffer, next(4), size),
    cities: new Uint16Array(buffer, next(2), size),
    rails: new Uint16Array(buffer, next(2), size),
    flags: new Uint16Array(buffer, next(2), size),
    homeKm: new Uint16Array(buffer, next(2), size),
    categories: new Uint8Array(buffer, next(1), size),
  }
}

const PAYMENT_BYTES = 41

/** The newest payments of a customer in the order of event time, one array a column. */
export class RecentPayments {
  length = 0
  /** Those that have left before their time, for the limit on their number, since this was made or read. */
  crowdedOut = 0
  times: Float64Array
  amounts: Float64Array
  counterparties: Uint32Array
  instruments: Uint32Array
  cities: Uint16Array
  accounts: Uint32Array
  categories: Uint8Array
  rails: Uint16Array
  flags: Uint16Array
  /** Whole km from home, as home was known then. */
  homeKm: Uint16Array
  /** Severities of the four families of anomalies: see anomaly/severities.ts. */
  anomalies: Uint32Array
  readonly month = new MovingMonth(this)

  constructor(size = SMALLEST) {
    const columns = columnsOf(size)
    this.times = columns.times
    this.amounts = columns.amounts
    this.counterparties = columns.counterparties
    this.instruments = columns.instruments
    this.cities = columns.cities
    this.accounts = columns.accounts
    this.categories = columns.categories
    this.rails = columns.rails
    this.flags = columns.flags
    this.homeKm = columns.homeKm
    this.anomalies = columns.anomalies
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
      if (at === 0) return -1
      if (this.times[0]! > payment.timeMs - KEEP_MS) this.crowdedOut++
      this.#drop(1)
      at--
    }
    if (this.length === this.times.length) this.#resize(Math.min(RECENT_MAX, this.length * 2))
    if (at < this.length) for (const column of this.#columns()) column.copyWithin(at + 1, at, this.length)
    this.length++
    this.times[at] = payment.timeMs
    this.amounts[at] = payment.amountMinor
    this.counterparties[at] = payment.counterparty
    this.instruments[at] = payment.instrument
    this.cities[at] = shortHash(payment.city)
    this.accounts[at] = payment.account
    this.categories[at] = payment.category
    this.rails[at] = shortHash(payment.rail)
    this.flags[at] = payment.flags
    this.homeKm[at] = NOWHERE
    this.anomalies[at] = 0
    this.month.inserted(at)
    return at
  }

  write(out: ByteWriter): void {
    out.varint(this.length)
    for (let i = 0, before = 0; i < this.length; i++) {
      out.varint(this.times[i]! - before)
      before = this.times[i]!
      out.varint(this.amounts[i]!)
      out.u32(this.counterparties[i]!)
      out.u32(this.instruments[i]!)
      out.u16(this.cities[i]!)
      out.u32(this.accounts[i]!)
      out.u8(this.categories[i]!)
      out.u16(this.rails[i]!)
      out.u16(this.flags[i]!)
      out.u16(this.homeKm[i]!)
      out.varint(this.anomalies[i]!)
    }
  }

  static read(from: ByteReader): RecentPayments {
    const length = from.varint()
    const recent = new RecentPayments(Math.max(SMALLEST, length))
    recent.length = length
    for (let i = 0, before = 0; i < recent.length; i++) {
      before += from.varint()
      recent.times[i] = before
      recent.amounts[i] = from.varint()
      recent.counterparties[i] = from.u32()
      recent.instruments[i] = from.u32()
      recent.cities[i] = from.u16()
      recent.accounts[i] = from.u32()
      recent.categories[i] = from.u8()
      recent.rails[i] = from.u16()
      recent.flags[i] = from.u16()
      recent.homeKm[i] = from.u16()
      recent.anomalies[i] = from.varint()
    }
    return recent
  }

  #columns() {
    return [
      this.times,
      this.amounts,
      this.counterparties,
      this.instruments,
      this.cities,
      this.accounts,
      this.categories,
      this.rails,
      this.flags,
      this.homeKm,
      this.anomalies,
    ]
  }

  #dropOld(beforeMs: number): void {
    if (this.times[0]! > beforeMs || this.length <= KEEP_MIN) return
    const old = Math.min(this.firstAfter(beforeMs), this.length - KEEP_MIN)
    if (old >= DROP_MIN) this.#drop(old)
  }

  #drop(count: number): void {
    if (count === 0) return
    this.month.dropping(count)
    for (const column of this.#columns()) column.copyWithin(0, count, this.length)
    this.length -= count
  }

  #resize(size: number): void {
    const larger = columnsOf(size)
    this.times = grown(this.times, larger.times)
    this.amounts = grown(this.amounts, larger.amounts)
    this.counterparties = grown(this.counterparties, larger.counterparties)
    this.instruments = grown(this.instruments, larger.instruments)
    this.cities = grown(this.cities, larger.cities)
    this.accounts = grown(this.accounts, larger.accounts)
    this.categories = grown(this.categories, larger.categories)
    this.rails = grown(this.rails, larger.rails)
    this.flags = grown(this.flags, larger.flags)
    this.homeKm = grown(this.homeKm, larger.homeKm)
    this.anomalies = grown(this.anomalies, larger.anomalies)
  }
}

function grown<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
