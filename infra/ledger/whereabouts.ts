import type { Transaction } from '#schemas/types.ts'
import { distanceKm } from '#services/market/cities.ts'
import { HOUR_MS } from '#services/time.ts'

/** An airliner's cruising speed (from memory). */
const KM_PER_HOUR_MAX = 900
/** People live and pay off their city's centre: no journey. */
const AROUND_TOWN_KM = 70

interface Place {
  readonly lat: number
  readonly lon: number
  readonly timeMs: number
}

/** Where each customer has last paid in person, or by a phone that says where it is. */
export class Whereabouts {
  readonly #last = new Map<string, Place>()

  /** Moves the customer to where this payment was made; answers how fast they went if nobody can, km/h, or null. */
  move({ customer_id, lat, lon, event_time: timeMs }: Transaction): number | null {
    if (lat === null || lon === null) return null
    const last = this.#last.get(customer_id)
    this.#last.set(customer_id, { lat, lon, timeMs })
    if (last === undefined) return null
    const km = distanceKm(last.lat, last.lon, lat, lon)
    const speed = km / (Math.max(1, timeMs - last.timeMs) / HOUR_MS)
    return km > AROUND_TOWN_KM && speed > KM_PER_HOUR_MAX ? speed : null
  }
}
