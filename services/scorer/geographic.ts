import { cityByName } from '#services/market/cities.ts'
import { DAY_MS } from '#services/time.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import { flag } from './payment.ts'
import { RECENT_MAX, type RecentPayments } from './recent-payments.ts'

/** Filled anew for each payment. */
const met = new Uint16Array(RECENT_MAX)

/** Cities among a customer's payments in person from one index to before another. */
export function citiesSince(start: number, recent: RecentPayments, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) {
    const city = recent.city(i)
    if (city === 0 || (recent.flags(i) & flag.physical) === 0) continue
    let at = 0
    while (at < count && met[at] !== city) at++
    if (at === count) met[count++] = city
  }
  return count
}

export function shippingKm({ customer, payment }: FeatureContext): number {
  const city = payment.shippingCity === '' ? undefined : cityByName.get(payment.shippingCity)
  return city === undefined ? 0 : (customer.places.homeToKm(city.lat, city.lon) ?? 0)
}

/** A payment over a network is located in the city of its record, as its address would be. */
function networkKm({ customer, payment }: FeatureContext): number {
  if ((payment.flags & flag.online) === 0 || (payment.flags & flag.physical) !== 0) return 0
  return customer.places.fromLastKm(payment, DAY_MS) ?? 0
}

export const geographicFeatures = {
  distance_from_home_km: ({ homeKm }) => homeKm,
  implied_speed_kmh: ({ kmh }) => kmh,
  distinct_city_count_7d: ({ cities }) => cities,
  ship_home_distance_km: shippingKm,
  ip_geo_mismatch_km: networkKm,
} satisfies Record<string, FeatureFunction>
