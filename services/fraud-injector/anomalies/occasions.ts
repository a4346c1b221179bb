import type { Category, Transaction } from '#schemas/types.ts'
import { festivalsOn } from '../../market/festivals.ts'
import { merchantSites } from '../../market/merchants.ts'
import type { Random } from '../../random.ts'
import { civilDay, hourIst } from '../../time.ts'
import { shapeOf } from '../history.ts'

const counterShapes: ReadonlySet<string> = new Set([
  'UPI/QR/AUTHORISATION',
  'CREDIT_CARD/POS/AUTHORISATION',
  'DEBIT_CARD/POS/AUTHORISATION',
])

/** Whether it is a purchase in a shop, which could as well have been made in the next one. */
export const isAtCounter = (tx: Transaction): boolean => counterShapes.has(shapeOf(tx))

/** Whether shops are open, by hours of the day in India. */
export const isOpen = (timeMs: number, { fromHour, toHour }: { fromHour: number; toHour: number }): boolean =>
  hourIst(timeMs) >= fromHour && hourIst(timeMs) < toHour

/** The calendar's reason for an odd payment, or the one given. */
export function occasionOf(tx: Transaction, otherwise: string): string {
  if (tx.location_type === 'TRAVEL') return 'travel'
  const kept = festivalsOn(civilDay(tx.event_time)).some(({ type }) => type !== 'SALE' && type !== 'NATIONAL')
  return kept ? 'festival gift' : otherwise
}

export const newYearsNight = (day: number): string | undefined =>
  festivalsOn(day).some(({ name }) => name === 'New Year') ? 'New Year’s Eve' : undefined

export const midnightSale = (day: number): string | undefined =>
  festivalsOn(day).some(({ type }) => type === 'SALE') ? 'sale at midnight' : undefined

/** What costs much at this time of the year, and why it is bought. */
export function dearCategories(
  tx: Transaction,
  random: Random,
): { readonly cause: string; readonly categories: readonly Category[] } {
  const held = festivalsOn(civilDay(tx.event_time))
  if (held.some(({ name }) => name === 'Dhanteras')) return { cause: 'gold on Dhanteras', categories: ['JEWELLERY'] }
  const sale = held.some(({ type }) => type === 'SALE')
  return random.chance(sale ? 0.7 : 0.4)
    ? { cause: sale ? 'appliance in a sale' : 'appliance', categories: ['ELECTRONICS', 'HOME'] }
    : { cause: 'medical bill', categories: ['HEALTHCARE'] }
}

/** Shops among which one is looked for that takes a given sum. */
export const SHOPS_LOOKED_AT = 5

/** Whether a sum is within so many times the usual one at a shop, either way. `site` is an index in `merchantSites`. */
export function sells(site: number, amountMinor: number, timesMax: number): boolean {
  const times = amountMinor / merchantSites[site]!.ticketMedianMinor
  return times < timesMax && times > 1 / timesMax
}
