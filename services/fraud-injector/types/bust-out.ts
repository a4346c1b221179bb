import type { Category } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { merchantById } from '../../market/merchants.ts'
import type { Random } from '../../random.ts'
import { DAY_MS } from '../../time.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { PaymentStep, Scene } from '../method.ts'
import { merchantsOf } from '../places.ts'
import { boughtOnline } from '../shops.ts'
import { draw } from '../spread.ts'
import { intoHours, payment } from '../steps.ts'

const row = fraudTypes.FIRST_PARTY_FRAUD
const RUPEE = 100
/** Online: days ahead nobody knows in which city the customer will be. */
export const CARD_ONLINE = 'CREDIT_CARD/ECOM/AUTHORISATION'
/** Goods that come by post, or tickets and gold that do not. */
const parcels: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE']
const vouchers: readonly Category[] = ['TRAVEL', 'JEWELLERY']
const SITES = 6

/** So many times the mean each, until `freeMinor` is used up: paise. */
export function bustAmounts(meanMinor: number, freeMinor: number, random: Random): number[] {
  const amounts: number[] = []
  for (let left = freeMinor; amounts.length < row.bust.countMax; ) {
    if (left <= 0 && amounts.length >= row.bust.countMin) break
    const amount = roundOnline((meanMinor / RUPEE) * draw(row.bust.timesMean, random), random)
    amounts.push(amount)
    left -= amount
  }
  return amounts
}

/** So many amounts spent on so many days, by day, from the customer's own device. */
export function purchases(
  phase: string,
  fromMs: number,
  days: number,
  amounts: readonly number[],
  { account, random }: Pick<Scene, 'account' | 'random'>,
  others: Partial<PaymentStep>,
): PaymentStep[] {
  const template = account.templates[CARD_ONLINE]!
  const categories = template.shipping_city === null ? vouchers : parcels
  const sites = merchantsOf(categories, template.city, true, SITES, random)
  if (sites.length === 0) return []
  return momentsWithin(fromMs, days, amounts.length, random).map((atMs, i) =>
    payment({
      atMs,
      phase,
      sequence: i + 1,
      shape: CARD_ONLINE,
      amountMinor: amounts[i]!,
      change: boughtOnline(template, random.pick(sites)),
      ...others,
    }),
  )
}

const momentsWithin = (fromMs: number, days: number, count: number, random: Random): number[] =>
  Array.from({ length: count }, () => {
    const atMs = fromMs + Math.round(random.unit() * days * DAY_MS)
    return intoHours(atMs, row.hours.from, row.hours.to, random)
  }).sort((a, b) => a - b)

/** Share of these merchants that sell what is as good as cash. */
export const cashLikeShare = (merchants: readonly string[]): number =>
  merchants.filter((id) => row.cashLikeMccs.includes(merchantById(id)?.mcc ?? '')).length / merchants.length
