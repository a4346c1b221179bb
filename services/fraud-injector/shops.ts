import type { Category } from '#schemas/types.ts'
import { limits } from '../market/limits.ts'
import type { Random } from '../random.ts'
import type { Template } from './account.ts'
import type { Change } from './method.ts'
import { atMerchant, atTerminal, madeAt, merchantsOf, type Seat } from './places.ts'

/** A card payment at a shop of one of these kinds where somebody is; undefined if the city has none. */
export function atShopOf(
  categories: readonly Category[],
  template: Template,
  seat: Seat,
  home: string,
  random: Random,
): Change | undefined {
  const [site] = merchantsOf(categories, seat.city.name, false, 1, random)
  if (site === undefined) return undefined
  return { ...madeAt(template, seat, home, random), ...atMerchant(site), ...atTerminal(site, seat.city.name, random) }
}

export const tapped: Change = { pos_entry_mode: '07', authentication_method: 'NO_CVM' }

/** How an owner pays with a card: small amounts are tapped, larger ones go by chip and PIN. */
export const cardEntry = (amountMinor: number): Change =>
  amountMinor <= limits.contactlessMinor ? tapped : { pos_entry_mode: '05', authentication_method: 'CHIP_PIN' }

/** Bought online, to be sent where the template says: the customer's newest purchase may be one of another kind by then. */
export const boughtOnline = ({ shipping_city, shipping_address_hash }: Template, site: number): Change => ({
  ...atMerchant(site),
  shipping_city,
  shipping_address_hash,
})

/** The same for what needs no parcel. */
export const boughtDigital = (site: number): Change => ({
  ...atMerchant(site),
  shipping_city: null,
  shipping_address_hash: null,
})
