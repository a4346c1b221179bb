import type { Region } from '#schemas/types.ts'
import data from './data/cities.json' with { type: 'json' }

export interface City {
  readonly name: string
  readonly state: string
  /** ISO 3166-2:IN, without the country; TS for Telangana as on number plates. */
  readonly stateCode: string
  readonly region: Region
  /** 1 to 3: the classes X, Y and Z of the central government's house rent allowance. */
  readonly tier: number
  readonly lat: number
  readonly lon: number
  /** Share of the population, unnormalised. */
  readonly weight: number
  /** Multiplier of prices, by tier. */
  readonly costOfLiving: number
  /** Spending of a head in the state's towns, over the nation's (MoSPI, HCES 2023-24). */
  readonly urbanSpendingIndex: number
  readonly airport: boolean
}

/** The 20 cities. Their order is part of merchant and terminal numbers. */
export const cities: readonly City[] = data.cities.map((city) => ({
  name: city.name,
  state: city.state,
  stateCode: city.stateCode,
  region: city.region as Region,
  tier: city.tier,
  lat: city.lat,
  lon: city.lon,
  weight: city.weight,
  costOfLiving: city.costOfLiving,
  urbanSpendingIndex: city.urbanSpendingIndex,
  airport: city.iata !== null,
}))

export const cityByName: ReadonlyMap<string, City> = new Map(cities.map((city) => [city.name, city]))

const indexByName = new Map(cities.map((city, index) => [city.name, index]))

/** Index in `cities`; throws a RangeError for a name that is not among them. */
export function cityIndex(name: string): number {
  const index = indexByName.get(name)
  if (index === undefined) throw new RangeError(`no city is called ${name}`)
  return index
}

const EARTH_RADIUS_KM = 6371.0088
const RADIANS = Math.PI / 180

/** Great-circle distance between two points in degrees (haversine). */
export function distanceKm(aLat: number, aLon: number, bLat: number, bLon: number): number {
  if (aLat === bLat && aLon === bLon) return 0
  const north = Math.sin(((bLat - aLat) * RADIANS) / 2)
  const east = Math.sin(((bLon - aLon) * RADIANS) / 2)
  const h = north * north + Math.cos(aLat * RADIANS) * Math.cos(bLat * RADIANS) * east * east
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}
