import { distanceKm } from '#services/market/cities.ts'
import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { flag, type Payment, shortHash } from './payment.ts'

const CITIES_MAX = 8

/** Numbers in the order in which they stand: of the last place, then of each city. */
const [LAST_MS, LAST_LATITUDE, LAST_LONGITUDE, CITIES] = [0, 1, 2, 3]
const [HASH, LATITUDE, LONGITUDE, PAYMENTS, CITY_WIDTH] = [0, 1, 2, 3, 4]

/** Numbers that `Places` take in an array that they share with others. */
export const PLACES_NUMBERS = CITIES + CITY_WIDTH * CITIES_MAX

/** Physical payments in the most frequent city before it counts as home. */
const HOME_PAYMENTS_MIN = 3

/** Faster than this nobody travels from door to door: real flights imply 300 to 600 km/h. */
const POSSIBLE_KMH = 800

/** Nearer than this, speeds say more of clocks and city limits than of travel. */
const NEAR_KM = 50

const isPlaced = (payment: Payment): boolean => (payment.flags & flag.physical) !== 0 && !Number.isNaN(payment.latitude)

/** Where a customer pays in person: the cities by frequency, and the last place that could be reached in time. */
export class Places {
  /** One array, from `#start` on: an object a city would be a place in memory each, and two more for its degrees. */
  readonly #numbers: Float64Array
  readonly #start: number
  #cityCount = 0
  /** Where the numbers of the home city begin; -1 while none is known for home. */
  #home = -1

  constructor(numbers = new Float64Array(PLACES_NUMBERS), start = 0) {
    this.#numbers = numbers
    this.#start = start
    numbers[start + LAST_MS] = Number.NaN
  }

  /** Great-circle km from the home city; -1 for payments that are nowhere, or while no city is known for home. */
  fromHomeKm(payment: Payment): number {
    return isPlaced(payment) ? (this.homeToKm(payment.latitude, payment.longitude) ?? -1) : -1
  }

  /** Speed in km/h since the last place; 0 for payments that are nowhere, within 50 km, or while there is no such place. */
  speedKmh(payment: Payment): number {
    if (Number.isNaN(this.#lastMs) || !isPlaced(payment)) return 0
    const km = this.#lastToKm(payment)
    return km <= NEAR_KM ? 0 : (km * HOUR_MS) / Math.max(MINUTE_MS, Math.abs(payment.timeMs - this.#lastMs))
  }

  /** Great-circle km from the home city to another point; undefined while no city is known for home. */
  homeToKm(latitude: number, longitude: number): number | undefined {
    const home = this.#home
    if (home < 0) return undefined
    return distanceKm(this.#numbers[home + LATITUDE]!, this.#numbers[home + LONGITUDE]!, latitude, longitude)
  }

  /** Great-circle km from the last place in person, if it is at most `withinMs` away in time; undefined otherwise. */
  fromLastKm(payment: Payment, withinMs: number): number | undefined {
    const isNear = Math.abs(payment.timeMs - this.#lastMs) <= withinMs
    return isNear && !Number.isNaN(payment.latitude) ? this.#lastToKm(payment) : undefined
  }

  learn(payment: Payment): void {
    if (!isPlaced(payment)) return
    const { timeMs, latitude, longitude } = payment
    // A place that nobody could have reached is somebody else's: the customer is still where they were.
    if (!(timeMs < this.#lastMs) && this.speedKmh(payment) <= POSSIBLE_KMH) {
      this.#setLast(timeMs, latitude, longitude)
    }
    const known = this.#find(shortHash(payment.city))
    if (known >= 0) this.#numbers[known + PAYMENTS]!++
    else this.#add(shortHash(payment.city), latitude, longitude, 1)
    this.#findHome()
  }

  write(out: ByteWriter): void {
    const numbers = this.#numbers
    out.f64(this.#lastMs)
    out.f32(Number.isNaN(this.#lastMs) ? Number.NaN : numbers[this.#start + LAST_LATITUDE]!)
    out.f32(Number.isNaN(this.#lastMs) ? Number.NaN : numbers[this.#start + LAST_LONGITUDE]!)
    out.varint(this.#cityCount)
    for (let i = 0; i < this.#cityCount; i++) {
      const city = this.#cityAt(i)
      out.u16(numbers[city + HASH]!)
      out.f32(numbers[city + LATITUDE]!)
      out.f32(numbers[city + LONGITUDE]!)
      out.varint(numbers[city + PAYMENTS]!)
    }
  }

  /** Takes up what was written, as long as nothing is known yet. */
  read(from: ByteReader): this {
    this.#setLast(from.f64(), from.f32(), from.f32())
    for (let left = from.varint(); left > 0; left--) this.#add(from.u16(), from.f32(), from.f32(), from.varint())
    this.#findHome()
    return this
  }

  /** NaN while there is no last place. */
  get #lastMs(): number {
    return this.#numbers[this.#start + LAST_MS]!
  }

  #setLast(timeMs: number, latitude: number, longitude: number): void {
    this.#numbers[this.#start + LAST_MS] = timeMs
    this.#numbers[this.#start + LAST_LATITUDE] = latitude
    this.#numbers[this.#start + LAST_LONGITUDE] = longitude
  }

  #lastToKm({ latitude, longitude }: Payment): number {
    const numbers = this.#numbers
    const last = this.#start
    return distanceKm(numbers[last + LAST_LATITUDE]!, numbers[last + LAST_LONGITUDE]!, latitude, longitude)
  }

  #cityAt(index: number): number {
    return this.#start + CITIES + CITY_WIDTH * index
  }

  #find(hash: number): number {
    for (let i = 0; i < this.#cityCount; i++) {
      const city = this.#cityAt(i)
      if (this.#numbers[city + HASH] === hash) return city
    }
    return -1
  }

  #findHome(): void {
    let most = HOME_PAYMENTS_MIN - 1
    this.#home = -1
    for (let i = 0; i < this.#cityCount; i++) {
      const city = this.#cityAt(i)
      if (this.#numbers[city + PAYMENTS]! <= most) continue
      this.#home = city
      most = this.#numbers[city + PAYMENTS]!
    }
  }

  /** At the end; where there is no room, in place of the city with the fewest payments. */
  #add(hash: number, latitude: number, longitude: number, payments: number): void {
    const numbers = this.#numbers
    if (this.#cityCount === CITIES_MAX) this.#removeRarest()
    const city = this.#cityAt(this.#cityCount++)
    numbers[city + HASH] = hash
    numbers[city + LATITUDE] = latitude
    numbers[city + LONGITUDE] = longitude
    numbers[city + PAYMENTS] = payments
  }

  #removeRarest(): void {
    const numbers = this.#numbers
    let rarest = this.#cityAt(0)
    for (let i = 1; i < this.#cityCount; i++) {
      const city = this.#cityAt(i)
      if (numbers[city + PAYMENTS]! < numbers[rarest + PAYMENTS]!) rarest = city
    }
    numbers.copyWithin(rarest, rarest + CITY_WIDTH, this.#cityAt(this.#cityCount--))
  }
}
