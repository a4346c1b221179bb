import type { Category, Transaction } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { transactionId } from '../../market/identifiers.ts'
import { refundShare } from '../../market/refunds.ts'
import type { Random } from '../../random.ts'
import { HOUR_MS, MINUTE_MS } from '../../time.ts'
import type { Campaign } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { PaymentStep, Scene, Script, Step } from '../method.ts'
import { atMerchant, merchantsOf } from '../places.ts'
import { draw, drawWeighted } from '../spread.ts'
import { inOrder, intoHours, moments } from '../steps.ts'
import { merchantOf, moneyBack, ordered, orderShapes, otherShape, shopShapes } from './refund-flows.ts'

const row = fraudTypes.REFUND_FRAUD
const FUNDS_MIN = row.purchase.fundsRupeesMin * 100
/** What each claim is made of: clothes worn once, parcels that did come, boxes with a stone in them. */
const claims: Readonly<Record<string, readonly Category[]>> = {
  WARDROBING: ['FASHION'],
  ITEM_NOT_RECEIVED: ['ECOMMERCE', 'GROCERIES'],
  EMPTY_BOX: ['ELECTRONICS'],
}
/** Hours at which returns are unpacked. */
const OPEN = 9
const SHUT = 21
const shopGoods: readonly Category[] = ['FASHION', 'ELECTRONICS', 'GROCERIES']

const fraud: Script = {
  // Nearly everybody pays in shops, few order parcels: without the last line there would be employees only.
  eligible: (_tx, { account, random }) =>
    orderShapes(account, FUNDS_MIN).length > 0 ||
    (shopShapes(account).length > 0 && random.chance(row.employee.shareWithoutOrders)),
  begin: (_tx, { account, random, nowMs }) => {
    const orders = orderShapes(account, FUNDS_MIN)
    const shops = shopShapes(account)
    const byEmployee = orders.length === 0 || (shops.length > 0 && random.chance(row.employee.share))
    const { from, to } = byEmployee ? row.employee.hours : row.hours
    const modus = byEmployee
      ? 'EMPLOYEE_REFUND'
      : random.pick(['WARDROBING', 'ITEM_NOT_RECEIVED', 'EMPTY_BOX'] as const)
    return {
      startMs: intoHours(nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS), from, to, random),
      modus,
      compromiseMs: null,
      facts: { shape: random.pick(byEmployee ? shops : orders) },
    }
  },
  steps: (campaign, scene) =>
    campaign.modus === 'EMPLOYEE_REFUND' ? refundsWithoutSale(campaign, scene) : buyAndReturn(campaign, scene),
}

/** One order after the other, most of which come to be refunded on a false claim, until the shop has had enough. */
function buyAndReturn(campaign: Campaign, { account, random }: Scene): Step[] {
  const { startMs, facts, modus, reportDelayMs } = campaign
  const template = account.templates[facts.shape!]
  if (template === undefined || !orderShapes(account, FUNDS_MIN).includes(facts.shape!)) return []
  const categories = claims[modus]!
  const sites = merchantsOf(categories, template.city, true, row.purchase.merchants, random)
  if (sites.length === 0) return []
  const usual = Math.max(...categories.map((category) => refundShare(category, true)))
  const rate = claimRate(usual, random)
  tellRate(facts, rate, usual)
  const other = random.chance(row.refund.otherInstrumentShare) ? otherShape(account, facts.shape!) : undefined
  const count = draw(row.purchase.count, random)
  const purchases = moments(startMs, count, row.purchase.gapHours, HOUR_MS, random)
    .map((atMs) => intoHours(atMs, row.hours.from, row.hours.to, random))
    .sort((a, b) => a - b)
    .map((atMs, i) => {
      const amountMinor = roundOnline(draw(row.purchase.amountRupees, random), random)
      return ordered(atMs, i, { shape: facts.shape!, template, site: random.pick(sites), amountMinor })
    })
  // The first is always claimed for: it is what the campaign is.
  const claimed = purchases.filter((_, i) => i === 0 || random.chance(rate))
  const refunds = claimed.map((purchase) => {
    const waitMs = Math.round(draw(row.refund.delayHours, random) * HOUR_MS)
    const atMs = intoHours(purchase.atMs + waitMs, OPEN, SHUT, random)
    const amountMinor = claimMinor(purchase.amountMinor, random)
    return moneyBack(atMs, 'refund', {
      shape: other ?? facts.shape!,
      amountMinor,
      merchant: merchantOf(purchase),
      undoes: purchase.keptAs!,
    })
  })
  const noticedMs = Math.min(...refunds.map(({ atMs }) => atMs)) + reportDelayMs
  return inOrder([...purchases, ...refunds].filter(({ atMs }) => atMs < noticedMs))
}

/** An employee of a shop books refunds of sales that never were to the account of a friend, or to a second one of their own. */
function refundsWithoutSale({ startMs, facts, reportDelayMs }: Campaign, { account, random }: Scene): Step[] {
  const template = account.templates[facts.shape!]
  if (template === undefined) return []
  const { hours, count, gapHours, saleHoursAgo, amountRupees } = row.employee
  const [site] = merchantsOf(shopGoods, template.city, false, 1, random)
  if (site === undefined) return []
  const merchant = atMerchant(site)
  tellRate(facts, 1, refundShare('FASHION', false))
  const refunds = moments(startMs, draw(count, random), gapHours, HOUR_MS, random).map((atMs, i): PaymentStep => {
    const inHoursMs = intoHours(atMs, hours.from, hours.to, random)
    const saleMs = inHoursMs - Math.round(draw(saleHoursAgo, random) * HOUR_MS)
    // A refund without the name of a sale would be seen by its form: one that never was is named.
    facts[`sale/${i}`] = transactionId(saleMs, random)
    const amountMinor = roundOnline(draw(amountRupees, random), random)
    return moneyBack(inHoursMs, 'refund', { shape: facts.shape!, amountMinor, merchant, undoes: `sale/${i}` })
  })
  return inOrder(refunds.filter(({ atMs }) => atMs < startMs + reportDelayMs))
}

/** Three to six times what is usual, and at least every other purchase. */
function claimRate(usual: number, random: Random): number {
  const { timesUsual, rate } = row.refund
  return Math.min(rate.max, Math.max(draw(rate, random), usual * draw(timesUsual, random)))
}

function tellRate(facts: Record<string, string>, rate: number, usual: number): void {
  Object.assign(facts, {
    refund_rate: rate.toFixed(3),
    category_base_rate: usual.toFixed(3),
    refund_multiple: (rate / usual).toFixed(1),
  })
}

/** All of it, or all but delivery; now and then more than was paid. Whole rupees, as shops give back. */
function claimMinor(paidMinor: number, random: Random): number {
  const { overShare, over, wholeShare, least } = row.refund
  if (random.chance(overShare)) return Math.ceil((paidMinor / 100) * draw(over, random)) * 100
  return random.chance(wholeShare)
    ? paidMinor
    : Math.max(100, Math.floor((paidMinor / 100) * random.uniform(least, 1)) * 100)
}

/** Clothes ordered in three sizes, a parcel refused at the door, an order that the shop cannot fill: money comes back, rightly. */
const twin: Script = {
  eligible: (_tx, { account }) => orderShapes(account, FUNDS_MIN).length > 0,
  begin: (_tx, { account, random, nowMs }) => {
    const { from, to } = row.hours
    return {
      startMs: intoHours(nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS), from, to, random),
      modus: 'NONE',
      compromiseMs: null,
      facts: { shape: random.pick(orderShapes(account, FUNDS_MIN)), kind: drawWeighted(row.twin.kinds, random) },
    }
  },
  steps: ({ startMs, facts }, { account, random }) => {
    const template = account.templates[facts.shape!]
    if (template === undefined || !orderShapes(account, FUNDS_MIN).includes(facts.shape!)) return []
    const { triedOn, gapMinutes, returnShare, backHours, cancelledHours } = row.twin
    const tried = facts.kind === 'tried_on'
    const cancelled = facts.kind === 'merchant_cancelled'
    const sites = merchantsOf(tried ? ['FASHION'] : ['ECOMMERCE', 'ELECTRONICS'], template.city, true, 2, random)
    if (sites.length === 0) return []
    const orders = moments(startMs, tried ? draw(triedOn, random) : 1, gapMinutes, MINUTE_MS, random).map((atMs, i) => {
      const amountMinor = roundOnline(draw(row.purchase.amountRupees, random), random)
      return ordered(atMs, i, { shape: facts.shape!, template, site: random.pick(sites), amountMinor })
    })
    // What does not fit goes back in one parcel, and is paid back as it is unpacked.
    const waitMs = Math.round(draw(cancelled ? cancelledHours : backHours, random) * HOUR_MS)
    const backMs = intoHours(orders.at(-1)!.atMs + waitMs, OPEN, SHUT, random)
    const back = orders.filter(() => !tried || random.chance(returnShare))
    const times = moments(backMs, back.length, gapMinutes, MINUTE_MS, random)
    const refunds = back.map((order, i) => {
      const { shape, amountMinor, keptAs } = order
      return moneyBack(times[i]!, facts.kind!, { shape, amountMinor, merchant: merchantOf(order), undoes: keptAs! })
    })
    return inOrder([...orders, ...refunds])
  },
}

function evidence(tx: Transaction, { facts, modus }: Campaign): Record<string, string> {
  const { refund_rate, category_base_rate, refund_multiple, shape } = facts
  const refund = tx.event_type === 'REFUND'
  return {
    refund_rate: refund_rate!,
    category_base_rate: category_base_rate!,
    refund_multiple: refund_multiple!,
    instrument_mismatch: String(refund && shape !== `${tx.payment_rail}/${tx.channel}/AUTHORISATION`),
    no_original_sale: String(refund && modus === 'EMPLOYEE_REFUND'),
  }
}

export const refundFraud = fraudMethod('REFUND_FRAUD', {
  fraud,
  twin,
  evidence,
  reason: ({ facts, modus }) => `Refunds ${facts.refund_multiple} times as often as usual for the goods (${modus})`,
})
