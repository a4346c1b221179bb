import type { Category } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { AliasTable } from './alias.ts'
import { cities } from './cities.ts'
import { type MerchantSite, merchantSites, sellsIn } from './merchants.ts'

interface Choice {
  readonly table: AliasTable
  readonly sites: Uint16Array
}

/** In the order of `purchaseCategories`, offline before online, by city. */
const choices: (Choice | null)[] = []

const onlineWeights: number[] = []

const popularityOf = (sites: readonly number[]): number =>
  sites.reduce((sum, index) => sum + merchantSites[index]!.popularity, 0)

/** Categories in which there are merchants. Their order is the numbering that `chooseMerchant` takes. */
export const purchaseCategories: readonly Category[] = [...new Set(merchantSites.map((site) => site.category))].sort()

function choice(sites: readonly number[]): Choice | null {
  if (sites.length === 0) return null
  return {
    table: new AliasTable(sites.map((index) => merchantSites[index]!.popularity)),
    sites: Uint16Array.from(sites),
  }
}

const sellsOffline = (site: MerchantSite): boolean => site.presence !== 'ONLINE'

for (const category of purchaseCategories) {
  const inCategory = merchantSites.flatMap((site, index) => (site.category === category ? [index] : []))
  for (let city = 0; city < cities.length; city++) {
    const here = inCategory.filter((index) => sellsIn(merchantSites[index]!, city))
    choices.push(choice(here.filter((index) => sellsOffline(merchantSites[index]!))))
    const online = here.filter((index) => merchantSites[index]!.online)
    choices.push(choice(online))
    onlineWeights.push(online.length === 0 ? 0 : popularityOf(online) / popularityOf(here))
  }
}

/**
 * Index of a merchant of a category (its number in `purchaseCategories`) for a customer who is in `city`, by
 * popularity; -1 if none sells there that way.
 */
export function chooseMerchant(category: number, city: number, online: boolean, random: Random): number {
  const found = choices[(category * cities.length + city) * 2 + (online ? 1 : 0)]
  return found ? found.sites[found.table.pick(random)]! : -1
}

/** Chooses, by popularity, among the merchants of some subcategories that customers in a city can pay; -1 if there are none. */
export function merchantsOfKind(
  category: Category,
  subcategories: readonly string[],
): (city: number, random: Random) => number {
  const ofKind = merchantSites.flatMap((site, index) =>
    site.category === category && subcategories.includes(site.subcategory) ? [index] : [],
  )
  const byCity = cities.map((_, city) => choice(ofKind.filter((index) => sellsIn(merchantSites[index]!, city))))
  return (city, random) => {
    const found = byCity[city]
    return found ? found.sites[found.table.pick(random)]! : -1
  }
}

/** Whether any merchant of a category sells to customers in a city that way. */
export const sells = (category: number, city: number, online: boolean): boolean =>
  choices[(category * cities.length + city) * 2 + (online ? 1 : 0)] !== null

/** Popularity of the merchants of a category that sell online in a city, over that of all; 0 to 1. */
export const onlineWeight = (category: number, city: number): number => onlineWeights[category * cities.length + city]!
