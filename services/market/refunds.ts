import type { Category } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { DAY_MS, MINUTE_MS } from '../time.ts'
import data from './data/refunds.json' with { type: 'json' }

interface Returns {
  /** Shares of purchases that are given back, bought online and in a shop. */
  readonly online: number
  readonly shop: number
  /** Median time until the money is back. */
  readonly days: number
}

/** What of a category is given back; nothing of those that are not listed. Sources and confidence: data/refunds.json. */
const returns: Readonly<Partial<Record<Category, Returns>>> = data.categories

const { partial, reversal, spread } = data

/** Share of approved purchases whose money comes back, 0 to 1. */
export function refundShare(category: Category, online: boolean): number {
  const found = returns[category]
  if (found === undefined) return 0
  return online ? found.online : found.shop
}

/** Share of approved debits that failed further on, by UPI or at a cash machine, and are undone. */
export const reversalShare = (atm: boolean): number => (atm ? reversal.ATM.share : reversal.UPI.share)

/** Milliseconds until the refund of a purchase is on its way; RangeError for a category without refunds. */
export function refundDelayMs(category: Category, random: Random): number {
  const found = returns[category]
  if (found === undefined) throw new RangeError(`nothing of category ${category} is given back`)
  return Math.round(random.lognormal(found.days, spread) * DAY_MS)
}

/** Milliseconds until a debit is undone. */
export const reversalDelayMs = (atm: boolean, random: Random): number =>
  Math.round(random.lognormal((atm ? reversal.ATM : reversal.UPI).minutes, spread) * MINUTE_MS)

/** How much of what is left of a purchase a refund gives back, paise: mostly all, else whole rupees of it. One draw or two. */
export function refundMinor(leftMinor: number, random: Random): number {
  if (random.unit() >= partial.share) return leftMinor
  const rupees = Math.floor((leftMinor / 100) * random.uniform(partial.from, partial.to))
  return rupees < 1 ? leftMinor : rupees * 100
}
