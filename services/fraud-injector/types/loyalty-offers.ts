import type { Category } from '#schemas/types.ts'
import type { roundOnline } from '../../market/amounts.ts'
import type { Random } from '../../random.ts'
import { HOUR_MS } from '../../time.ts'
import type { Template } from '../account.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { EventStep, PaymentStep } from '../method.ts'
import { draw, drawWeighted } from '../spread.ts'
import { event, payment } from '../steps.ts'

const row = fraudTypes.LOYALTY_ABUSE

/** How things are paid for to which offers are made. */
export const offerShapes = [
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'UPI/MOBILE_APP/AUTHORISATION',
  'PREPAID_WALLET/MOBILE_APP/AUTHORISATION',
]
const parcels: readonly Category[] = ['ECOMMERCE', 'FASHION', 'GROCERIES', 'BEAUTY']
const vouchers: readonly Category[] = ['DIGITAL', 'ENTERTAINMENT', 'TRAVEL']

/** What is bought for a reward: what needs no parcel, where the customer's newest payment of the shape had none. */
export const offerGoods = (template: Template): readonly Category[] =>
  template.shipping_city === null ? vouchers : parcels

/** Rupees from which an offer holds, or up to which it pays. */
export const offers: readonly number[] = Object.keys(row.offers).map(Number)

/** Paise that just reach an offer, rounded as other prices are; of some just less, where it is a cap. */
export function ticketMinor(round: typeof roundOnline, random: Random): number {
  const offer = Number(drawWeighted(row.offers, random))
  const off = random.beta(row.ticket.offMean, row.ticket.offConcentration) * row.ticket.offMost
  if (random.chance(row.ticket.belowShare)) return Math.min((offer - 1) * 100, round(offer * (1 - off), random))
  return Math.max(offer * 100, round(offer * (1 + off), random))
}

/** A payment for a reward. What there is no money for is refused, and the next one tried. */
export const ticket = (
  atMs: number,
  phase: string,
  what: Pick<PaymentStep, 'shape' | 'amountMinor' | 'change'>,
): PaymentStep => payment({ atMs, phase, sequence: 1, ...what, shortage: 'decline', endsAtMinor: -1 })

/** The points of so many tickets are redeemed within two days: every few of them, and at the end. */
export function redemptions(tickets: readonly PaymentStep[], deviceId: string | null, random: Random): EventStep[] {
  const steps: EventStep[] = []
  let waitingMinor = 0
  let left = draw(row.redeem.afterTickets, random)
  tickets.forEach(({ atMs, amountMinor }, i) => {
    waitingMinor += amountMinor
    left--
    if (left > 0 && i < tickets.length - 1) return
    const points = String(Math.round((waitingMinor / 100) * row.lossShare))
    const redeemedMs = atMs + Math.round(draw(row.redeem.hours, random) * HOUR_MS)
    steps.push(event({ atMs: redeemedMs, eventType: 'LOYALTY_REDEEMED', deviceId, details: { points } }))
    waitingMinor = 0
    left = draw(row.redeem.afterTickets, random)
  })
  return steps
}
