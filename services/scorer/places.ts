import { distanceKm } from '#services/market/cities.ts'
import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { flag, type Payment, shortHash } from './payment.ts'

interface City {
  readonly hash: number
  readonly latitude: number
  readonly longitude: number
  payments: number
}

interface Spot {
  readonly timeMs: number
  readonly latitude: number
  readonly longitude: number
}

const CITIES_MAX = 8

/** Physical payments in the most frequent city before it counts as home. */
const HOME_PAYMENTS_MIN = 3

/** Faster than this nobody travels from door to door: real flights imply 300 to 600 km/h. */
const POSSIBLE_KMH = 800

/** Nearer than this, speeds say more of clocks and city limits than of travel. */
const NEAR_KM = 50

const isPlaced = (payment: Payment): boolean => (payment.flags & flag.physical) !== 0 && !Number.isNaN(payment.latitude)

/** Where a customer pays in person: the cities by frequency, and the last place that could be reached in time. */
export class Places {
  readonly #cities: City[] = []
  #last: Spot | undefined

  /** Great-circle km from the home city; -1 for payments that are nowhere, or while no city is known for home. */
  fromHomeKm(payment: Payment): number {
    return isPlaced(payment) ? (this.homeToKm(payment.latitude, payment.longitude) ?? -1) : -1
  }

  /** Speed in km/h since the last place; 0 for payments that are nowhere, within 50 km, or while there is no such place. */
  speedKmh(payment: Payment): number {
    const last = this.#last
    if (last === undefined || !isPlaced(payment)) return 0
    const km = distanceKm(last.latitude, last.longitude, payment.latitude, payment.longitude)
    return km <= NEAR_KM ? 0 : (km * HOUR_MS) / Math.max(MINUTE_MS, Math.abs(payment.timeMs - last.timeMs))
  }

  /** Great-circle km from the home city to another point; undefined while no city is known for home. */
  homeToKm(latitude: number, longitude: number): number | undefined {
    const home = this.#home()
    return home === undefined ? undefined : distanceKm(home.latitude, home.longitude, latitude, longitude)
  }

  /** Great-circle km from the last place in person, if it is at most `withinMs` away in time; undefined otherwise. */
  fromLastKm({ timeMs, latitude, longitude }: Payment, withinMs: number): number | undefined {
    const last = this.#last
    if (last === undefined || Number.isNaN(latitude) || Math.abs(timeMs - last.timeMs) > withinMs) return undefined
    return distanceKm(last.latitude, last.longitude, latitude, longitude)
  }

  learn(payment: Payment): void {
    if (!isPlaced(payment)) return
    // A place that nobody could have reached is somebody else's: the customer is still where they were.
    if (this.speedKmh(payment) <= POSSIBLE_KMH && payment.timeMs >= (this.#last?.timeMs ?? 0)) {
      const { timeMs, latitude, longitude } = payment
      this.#last = { timeMs, latitude, longitude }
    }
    const hash = shortHash(payment.city)
    const known = this.#cities.find((city) => city.hash === hash)
    if (known !== undefined) known.payments++
    else this.#add({ hash, latitude: payment.latitude, longitude: payment.longitude, payments: 1 })
  }

  write(out: ByteWriter): void {
    out.f64(this.#last?.timeMs ?? Number.NaN)
    out.f32(this.#last?.latitude ?? Number.NaN)
    out.f32(this.#last?.longitude ?? Number.NaN)
    out.varint(this.#cities.length)
    for (const city of this.#cities) {
      out.u16(city.hash)
      out.f32(city.latitude)
      out.f32(city.longitude)
      out.varint(city.payments)
    }
  }

  static read(from: ByteReader): Places {
    const places = new Places()
    const spot = { timeMs: from.f64(), latitude: from.f32(), longitude: from.f32() }
    if (!Number.isNaN(spot.timeMs)) places.#last = spot
    for (let left = from.varint(); left > 0; left--) {
      places.#cities.push({
        hash: from.u16(),
        latitude: from.f32(),
        longitude: from.f32(),
        payments: from.varint(),
      })
    }
    return places
  }

  #home(): City | undefined {
    let home: City | undefined
    for (const city of this.#cities) if (city.payments > (home?.payments ?? 0)) home = city
    return home !== undefined && home.payments >= HOME_PAYMENTS_MIN ? home : undefined
  }

  #add(city: City): void {
    if (this.#cities.length === CITIES_MAX) {
      let rarest = 0
      for (let i = 1; i < CITIES_MAX; i++) {
        if (this.#cities[i]!.payments < this.#cities[rarest]!.payments) rarest = i
      }
      this.#cities.splice(rarest, 1)
    }
    this.#cities.push(city)
  }
}
