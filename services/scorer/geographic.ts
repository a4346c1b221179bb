import { cityByName } from '#services/market/cities.ts'
import { DAY_MS } from '#services/time.ts'
import {
  distinctWithin,
  type FeatureContext,
  type FeatureFunction,
  type KnownContext,
  type Matches,
} from './feature-context.ts'
import { flag } from './payment.ts'

const isPhysical: Matches = (recent, i) => (recent.flags[i]! & flag.physical) !== 0

export const cities7d = (context: KnownContext): number =>
  distinctWithin(context, 7 * DAY_MS, context.recent.cities, isPhysical)

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
  implied_speed_kmh: ({ customer, payment }) => customer.places.speedKmh(payment),
  distinct_city_count_7d: cities7d,
  ship_home_distance_km: shippingKm,
  ip_geo_mismatch_km: networkKm,
} satisfies Record<string, FeatureFunction>
