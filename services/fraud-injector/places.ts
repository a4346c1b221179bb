import type { Category, Transaction } from '#schemas/types.ts'
import { type City, cities, cityByName, cityIndex, distanceKm } from '../market/cities.ts'
import { chooseMerchant, purchaseCategories } from '../market/merchant-choice.ts'
import { type MerchantSite, merchantById, merchantSites } from '../market/merchants.ts'
import { ATMS, atmTerminalId, BRANCHES, branchNumber, terminalOf } from '../market/terminals.ts'
import type { Random } from '../random.ts'
import type { Account, Template } from './account.ts'
import type { Change } from './method.ts'

/** A place is at the most 8 km from the centre each way; payments made there scatter by a few hundred metres. */
const SEAT_DEGREES = 0.072
const SCATTER_DEGREES = 0.004

/** Where somebody is. */
export interface Seat {
  readonly city: City
  readonly lat: number
  readonly lon: number
}

type Located = Pick<Transaction, 'lat' | 'lon' | 'location_type'>

export const seatIn = (city: City, random: Random): Seat => ({
  city,
  lat: city.lat + random.uniform(-SEAT_DEGREES, SEAT_DEGREES),
  lon: city.lon + random.uniform(-SEAT_DEGREES, SEAT_DEGREES),
})

/** Where the customer is, as far as is known: at the place of the template, or in the city last seen in. */
export function whereNow(account: Account, template: Template): Seat {
  const city = cityByName.get(account.last?.city ?? template.city)!
  if (template.lat === null || template.lon === null || template.city !== city.name) return { ...city, city }
  return { city, lat: template.lat, lon: template.lon }
}

/** What a record like `like` says when it is made at a place: nothing on the map for what is done from afar. */
export function madeAt(like: Located, seat: Seat, home: string, random: Random): Change {
  const { city } = seat
  if (like.lat === null) return { city: city.name, state_code: city.stateCode }
  return {
    city: city.name,
    state_code: city.stateCode,
    lat: degrees(seat.lat + random.uniform(-SCATTER_DEGREES, SCATTER_DEGREES)),
    lon: degrees(seat.lon + random.uniform(-SCATTER_DEGREES, SCATTER_DEGREES)),
    location_type: city.name === home ? (like.location_type === 'NEARBY' ? 'NEARBY' : 'HOME') : 'TRAVEL',
  }
}

/** Five decimals, as in genuine records: about a metre. */
const degrees = (angle: number): number => Math.round(angle * 1e5) / 1e5

/** Between the centres of two cities; 0 for an unknown one. */
export function kmBetween(a: string, b: string): number {
  const [from, to] = [cityByName.get(a), cityByName.get(b)]
  return from === undefined || to === undefined ? 0 : distanceKm(from.lat, from.lon, to.lat, to.lon)
}

/** A city of which `suits` holds, by population; undefined if there is none. */
export function cityAway(from: string, suits: (km: number, city: City) => boolean, random: Random): City | undefined {
  const found = cities.filter((city) => city.name !== from && suits(kmBetween(from, city.name), city))
  let left = random.unit() * found.reduce((sum, city) => sum + city.weight, 0)
  for (const city of found) {
    left -= city.weight
    if (left < 0) return city
  }
  return found.at(-1)
}

/** Up to `count` different merchants of these categories that sell in a city, by popularity. */
export function merchantsOf(
  categories: readonly Category[],
  city: string,
  online: boolean,
  count: number,
  random: Random,
): number[] {
  const found = new Set<number>()
  const here = cityIndex(city)
  for (let tries = 0; found.size < count && tries < 8 * count; tries++) {
    const site = chooseMerchant(purchaseCategories.indexOf(random.pick(categories)), here, online, random)
    if (site >= 0) found.add(site)
  }
  return [...found]
}

/** What a record says of a merchant. */
export function atMerchant(site: number): Change {
  const merchant: MerchantSite = merchantSites[site]!
  return {
    merchant_id: merchant.id,
    mcc: merchant.mcc,
    merchant_name: merchant.name,
    category: merchant.category,
    subcategory: merchant.subcategory,
    merchant_type: merchant.merchantType,
  }
}

/** The terminal of a shop: one of its branches in the city. */
export const atTerminal = (site: number, city: string, random: Random): Change => ({
  terminal_id: terminalOf(site, branchNumber(cityIndex(city), random.below(BRANCHES))),
})

export const atAtm = (city: string, random: Random): Change => ({
  terminal_id: atmTerminalId(cityIndex(city), random.below(ATMS)),
})

/** The same payment made in another city: at a shop of the same kind there, unless it was made from afar. */
export function movedTo(tx: Transaction, seat: Seat, home: string, random: Random): Change {
  const place = madeAt(tx, seat, home, random)
  const city = seat.city.name
  if (tx.channel === 'ATM') return { ...place, ...atAtm(city, random) }
  const local = tx.merchant_id !== null && (tx.channel === 'POS' || merchantById(tx.merchant_id)?.city !== null)
  if (!local) return place
  const [site] = merchantsOf([tx.category], city, false, 1, random)
  if (site === undefined) return place
  return { ...place, ...atMerchant(site), ...(tx.terminal_id === null ? {} : atTerminal(site, city, random)) }
}
