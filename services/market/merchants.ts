import type { Category, Merchant, MerchantType, Presence } from '#schemas/types.ts'
import { cities } from './cities.ts'
import { coversCity } from './coverage.ts'
import data from './data/merchants.json' with { type: 'json' }

export interface MerchantSite {
  readonly id: string
  readonly name: string
  readonly category: Category
  readonly subcategory: string
  /** ISO 18245. */
  readonly mcc: string
  readonly mccDescription: string
  readonly merchantType: MerchantType
  readonly presence: Presence
  /** It sells online; one whose presence is BOTH sells in shops too. */
  readonly online: boolean
  /** City of a local shop; null for a merchant present in many. */
  readonly city: string | null
  readonly ticketMedianMinor: number
  /** Standard deviation of the logarithm of the amount. */
  readonly ticketSigma: number
  /** Weight among the merchants of its category in its city. */
  readonly popularity: number
}

type Row = (typeof data.merchants)[number]

/** Shops of a kind differ in custom; mildly, since customers live near different ones. */
const OUTLET_EXPONENT = 0.6
const OUTLETS_MAX = 400

const named = data.merchants.filter((row) => !row.archetype)
const archetypes = data.merchants.filter((row) => row.archetype)
const FIRST_ARCHETYPE = named.length + 1

/** Where the shops of an archetype in a city begin in `merchantSites`, and how many they are. */
const outletRanges: { first: number; count: number }[] = []

/** Grows with custom and city more slowly than both, so that shops of large cities have more customers: 15,000 in all. */
const outletCount = (row: Row, cityWeight: number): number =>
  Math.min(OUTLETS_MAX, Math.max(3, Math.round(2 * Math.sqrt(row.popularity * cityWeight))))

const namedSite = (row: Row): MerchantSite => site(row, row.id, row.name, null, row.popularity)

function site(row: Row, id: string, name: string, city: string | null, popularity: number): MerchantSite {
  return {
    id,
    name,
    category: row.category as Category,
    subcategory: row.subcategory,
    mcc: row.mcc,
    mccDescription: row.mccDescription,
    merchantType: row.type as MerchantType,
    presence: row.presence as Presence,
    online: row.presence !== 'OFFLINE',
    city,
    ticketMedianMinor: Math.round(row.medianRupees * 100),
    ticketSigma: row.sigma,
    popularity,
  }
}

function instantiate(): MerchantSite[] {
  const sites = named.map(namedSite)
  for (const row of archetypes) {
    cities.forEach((city, cityNumber) => {
      const count = coversCity(row.coverage, city) ? outletCount(row, city.weight) : 0
      outletRanges.push({ first: sites.length, count })
      let total = 0
      for (let n = 1; n <= count; n++) total += n ** -OUTLET_EXPONENT
      for (let n = 1; n <= count; n++) {
        const id = `${row.id}-${String(cityNumber).padStart(2, '0')}-${String(n).padStart(3, '0')}`
        const popularity = (row.popularity * n ** -OUTLET_EXPONENT) / total
        sites.push(site(row, id, `${row.name} ${n} ${city.name}`, city.name, popularity))
      }
    })
  }
  return sites
}

/** Every merchant there is: 219 named, and 36 kinds of local shops with their outlets in each city. */
export const merchantSites: readonly MerchantSite[] = instantiate()

/** Whether customers in `city` can pay there, and it has not closed (popularity 0). */
export const sellsIn = (merchant: MerchantSite, city: number): boolean =>
  merchant.popularity > 0 &&
  (merchant.city === null
    ? coversCity(named[namedNumber(merchant.id) - 1]!.coverage, cities[city]!)
    : merchant.city === cities[city]!.name)

const namedNumber = (id: string): number => Number(id.slice(3, 7))

/** Index in `merchantSites`, read from the digits of the id; -1 for an id that is none. */
export function merchantIndex(id: string): number {
  const number = namedNumber(id)
  if (id.length === 7) return merchantSites[number - 1]?.id === id ? number - 1 : -1
  const city = Number(id.slice(8, 10))
  const range = outletRanges[(number - FIRST_ARCHETYPE) * cities.length + city]
  const index = range === undefined ? -1 : range.first + Number(id.slice(11)) - 1
  return merchantSites[index]?.id === id ? index : -1
}

export const merchantById = (id: string): MerchantSite | undefined => merchantSites[merchantIndex(id)]

/** The catalogue as it is published: all merchants, about 15,000 records, so that every id in a payment can be joined. */
export function* merchantRecords(): Iterable<Merchant> {
  for (const merchant of merchantSites) {
    yield {
      merchant_id: merchant.id,
      name: merchant.name,
      category: merchant.category,
      subcategory: merchant.subcategory,
      mcc: merchant.mcc,
      mcc_description: merchant.mccDescription,
      merchant_type: merchant.merchantType,
      channel: merchant.presence,
      city: merchant.city,
      ticket_median_minor: merchant.ticketMedianMinor,
      popularity: merchant.popularity,
    }
  }
}
