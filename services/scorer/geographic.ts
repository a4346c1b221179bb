import { DAY_MS } from '#services/time.ts'
import { distinctWithin, type FeatureFunction, type Matches } from './feature-context.ts'
import { flag } from './payment.ts'

const isPhysical: Matches = (recent, i) => (recent.flags[i]! & flag.physical) !== 0

export const geographicFeatures = {
  distance_from_home_km: ({ customer, payment }) => customer.places.fromHomeKm(payment),
  implied_speed_kmh: ({ customer, payment }) => customer.places.speedKmh(payment),
  distinct_city_count_7d: (context) => distinctWithin(context, 7 * DAY_MS, context.recent.cities, isPhysical),
} satisfies Record<string, FeatureFunction>
