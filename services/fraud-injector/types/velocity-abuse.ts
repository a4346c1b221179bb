import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline, roundOnline } from '../../market/amounts.ts'
import { ipPrefix } from '../../market/identifiers.ts'
import type { Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, hourIst, MINUTE_MS, toLocalMs } from '../../time.ts'
import { type Account, type Campaign, homeCity, paymentsPerHour, type Template } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, PaymentStep, Scene, Script } from '../method.ts'
import { atMerchant, cityAway, madeAt, merchantsOf, seatIn, whereNow } from '../places.ts'
import { draw } from '../spread.ts'
import { affording, payment } from '../steps.ts'

const row = fraudTypes.VELOCITY_ABUSE
const RUPEE = 100

/** Online payments with an instrument whose details are enough to pay. */
const onlineShapes = [
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'PREPAID_WALLET/MOBILE_APP/AUTHORISATION',
  'UPI/MOBILE_APP/AUTHORISATION',
]
const counterShapes = ['UPI/QR/AUTHORISATION']

/** What is ordered in a hurry, by bots and in sales alike: goods that come by post, or vouchers and tickets. */
const parcels: readonly Category[] = ['ECOMMERCE', 'FASHION', 'BEAUTY', 'ELECTRONICS', 'FOOD_DINING']
const vouchers: readonly Category[] = ['DIGITAL', 'ENTERTAINMENT', 'TRAVEL', 'TRANSPORT']
const counters: readonly Category[] = ['FOOD_DINING', 'TRANSPORT']
const onlineCategories = (template: Template) => (template.shipping_city === null ? vouchers : parcels)

const FRAUD_FUNDS_MIN = 2_000 * RUPEE
const TWIN_FUNDS_MIN = 1_000 * RUPEE
/** The first four gaps together stay below an hour, so that five payments fall into one. */
const EARLY_GAPS = row.burst.firstHourMin - 1
const EARLY_GAP_MAX_SECONDS = 3_500 / EARLY_GAPS
const SALE_FROM_HOUR = 18
const TWIN_MERCHANTS = 4

const fraud: Script = {
  eligible: (_tx, { account }) => affording(account, onlineShapes, FRAUD_FUNDS_MIN).length > 0,
  begin: (_tx, { random, nowMs }) => ({
    startMs: nowMs + Math.round(draw(row.onsetMinutes, random) * MINUTE_MS),
    modus: random.pick(velocityAbuse.row.modusOperandi),
    compromiseMs: null,
  }),
  steps: burst,
}

function burst(campaign: Campaign, { account, random }: Scene): PaymentStep[] {
  const shapes = affording(account, onlineShapes, FRAUD_FUNDS_MIN)
  if (shapes.length === 0) return []
  const shape = random.pick(shapes)
  const template = account.templates[shape]!
  const count = Math.round(draw(row.burst.count, random))
  const merchants = draw(row.burst.merchants, random)
  const sites = merchantsOf(onlineCategories(template), template.city, true, merchants, random)
  if (sites.length === 0) return []
  const refused = refusals(count, draw(row.burst.declineShare, random), random)
  const codes = template.payment_rail === 'UPI' ? ['Z7', 'Z8'] : ['61', '65']
  const surroundings = random.chance(row.otherNetworkShare) ? fromAfar(account, template, random) : {}
  let atMs = campaign.startMs
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) atMs += gapMs(i, random)
    return payment({
      atMs,
      phase: 'burst',
      sequence: i + 1,
      shape,
      amountMinor: roundOnline(draw(row.burst.amountRupees, random), random),
      change: { ...at(account, template, random.pick(sites), random), ...surroundings },
      refusal: refused.has(i) ? random.pick(codes) : null,
      shortage: 'decline',
    })
  })
}

/** The customer's own surroundings: only the merchant differs. */
const at = (account: Account, template: Template, site: number, random: Random): Change => ({
  ...madeAt(template, whereNow(account, template), homeCity(account), random),
  ...atMerchant(site),
})

/** A bot elsewhere in the country: another network, and with it another place; all else is the customer's own. */
function fromAfar(account: Account, template: Template, random: Random): Change {
  const city = cityAway(template.city, () => true, random)
  if (city === undefined) return {}
  return { ...madeAt(template, seatIn(city, random), homeCity(account), random), ip_prefix: ipPrefix(random.uint32()) }
}

function gapMs(i: number, random: Random): number {
  const seconds = draw(row.burst.gapSeconds, random)
  return Math.round((i <= EARLY_GAPS ? Math.min(EARLY_GAP_MAX_SECONDS, seconds) : seconds) * 1_000)
}

/** Which attempts the issuer's own frequency and amount controls refuse: never the first. */
function refusals(count: number, share: number, random: Random): Set<number> {
  const wanted = Math.max(1, Math.round(count * share))
  const refused = new Set<number>()
  while (refused.size < wanted) refused.add(1 + random.below(count - 1))
  return refused
}

const kinds = { MICRO: 'micro_payments', SALE: 'sale_midnight' } as const

/** Tea, auto, metro, one after the other; or the orders of a sale that opens at midnight. */
const twin: Script = {
  eligible: (tx, { account, nowMs }) =>
    (tx.channel === 'QR' && affording(account, counterShapes, TWIN_FUNDS_MIN).length > 0) ||
    (hourIst(nowMs) >= SALE_FROM_HOUR && affording(account, onlineShapes, TWIN_FUNDS_MIN).length > 0),
  begin: (tx, { random, nowMs }) => {
    const micro = tx.channel === 'QR' && (hourIst(nowMs) < SALE_FROM_HOUR || random.chance(row.twin.microShare))
    const toMidnightMs = DAY_MS - (toLocalMs(nowMs) % DAY_MS)
    const soonMs = Math.round(draw(row.twin.gapSeconds, random) * 1_000)
    return {
      startMs: nowMs + (micro ? soonMs : toMidnightMs + random.below(HOUR_MS)),
      modus: 'NONE',
      compromiseMs: null,
      facts: { kind: micro ? kinds.MICRO : kinds.SALE },
    }
  },
  steps: innocentBurst,
}

function innocentBurst(campaign: Campaign, { account, random }: Scene): PaymentStep[] {
  const micro = campaign.facts.kind === kinds.MICRO
  const shapes = affording(account, micro ? counterShapes : onlineShapes, TWIN_FUNDS_MIN)
  if (shapes.length === 0) return []
  const shape = random.pick(shapes)
  const template = account.templates[shape]!
  const categories = micro ? counters : onlineCategories(template)
  const sites = merchantsOf(categories, template.city, !micro, TWIN_MERCHANTS, random)
  if (sites.length === 0) return []
  const amount = () =>
    micro
      ? roundOffline(draw(row.twin.microRupees, random), random)
      : roundOnline(draw(row.twin.saleRupees, random), random)
  let atMs = campaign.startMs
  return Array.from({ length: draw(row.twin.count, random) }, (_, i) => {
    if (i > 0) atMs += Math.round(draw(row.twin.gapSeconds, random) * 1_000)
    return payment({
      atMs,
      phase: campaign.facts.kind!,
      sequence: i + 1,
      shape,
      amountMinor: amount(),
      change: at(account, template, random.pick(sites), random),
      shortage: 'decline',
    })
  })
}

const evidence = (tx: Transaction, campaign: Campaign, account: Account): Record<string, string> => ({
  transactions_in_hour: String(campaign.recentMs.length),
  per_hour_baseline: paymentsPerHour(account, tx.event_time).toFixed(3),
  distinct_merchants: String(campaign.counterparties.length),
  decline_ratio: (campaign.refused / campaign.attempts).toFixed(3),
})

export const velocityAbuse = fraudMethod('VELOCITY_ABUSE', {
  fraud,
  twin,
  evidence,
  reason: ({ attempts, modus }) => `Burst on one instrument (${modus}): attempt ${attempts}`,
})
