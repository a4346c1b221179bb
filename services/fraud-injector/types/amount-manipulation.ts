import type { Category, Transaction } from '#schemas/types.ts'
import { roundTransfer } from '../../market/amounts.ts'
import { payeeId } from '../../market/identifiers.ts'
import { limits } from '../../market/limits.ts'
import type { Random } from '../../random.ts'
import { HOUR_MS, MINUTE_MS } from '../../time.ts'
import { type Account, type Campaign, homeCity } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, PaymentStep, Scene, Script, Step } from '../method.ts'
import { madeAt, merchantsOf, whereNow } from '../places.ts'
import { boughtOnline } from '../shops.ts'
import { draw, drawWeighted } from '../spread.ts'
import { affording, event, intoHours, moments, payment, spendable } from '../steps.ts'

const row = fraudTypes.AMOUNT_MANIPULATION
const RUPEE = 100
const SUM_MIN = row.sumRupees.min * RUPEE
const UPI_SHAPE = 'UPI/MOBILE_APP/TRANSFER'
const transferShapes = [UPI_SHAPE, 'IMPS/MOBILE_APP/TRANSFER', 'NEFT/NET_BANKING/TRANSFER']
const onlineShapes = ['CREDIT_CARD/ECOM/AUTHORISATION', 'UPI/MOBILE_APP/AUTHORISATION']
/** Three parts are the fewest that look like a sum split on purpose. */
const PARTS_MIN = 3
/** Nobody sends paise, nor single rupees, in sums like these. */
const ROUND_TO = 100

const fraud: Script = {
  eligible: (_tx, { account, random }) => {
    const shapes = affording(account, transferShapes, SUM_MIN)
    // Who sends by UPI alone is seldom the one to ask.
    return shapes.some(isBank) || (shapes.length > 0 && !random.chance(row.bankTransferShare))
  },
  begin: (_tx, { account, random, nowMs }) => ({
    startMs: officeHours(nowMs + Math.round(random.uniform(0.5, 20) * HOUR_MS), random),
    modus: random.pick(amountManipulation.row.modusOperandi),
    compromiseMs: null,
    facts: { shape: wayFor(account, random) },
  }),
  steps: split,
}

const isBank = (shape: string): boolean => shape !== UPI_SHAPE

/** Large sums mostly go by bank transfer: UPI takes a lakh a day, and no more. */
function wayFor(account: Account, random: Random): string {
  const shapes = affording(account, transferShapes, SUM_MIN)
  const banks = shapes.filter(isBank)
  return random.pick(banks.length > 0 && random.chance(row.bankTransferShare) ? banks : shapes)
}

const officeHours = (timeMs: number, random: Random): number => intoHours(timeMs, row.hours.from, row.hours.to, random)

/** Thresholds in rupees with their weights, those left out of which the money or the rail does not allow three parts. */
function thresholds(balanceMinor: number, shape: string): Record<string, number> {
  const most = shape === UPI_SHAPE ? limits.upiTransferDayMinor : Number.POSITIVE_INFINITY
  return Object.fromEntries(
    Object.entries(row.thresholds).filter(([rupees]) => {
      const minor = Number(rupees) * RUPEE
      return minor <= most && PARTS_MIN * minor <= balanceMinor
    }),
  )
}

/** The sum, part by part, to payees that were added for it. */
function split(campaign: Campaign, { account, random }: Scene): Step[] {
  const shape = campaign.facts.shape!
  const template = account.templates[shape]
  const balance = spendable(account, shape)
  if (template === undefined || balance < SUM_MIN) return []
  const threshold = Number(drawWeighted(thresholds(balance, shape), random))
  const wanted = Math.min(draw(row.sumRupees, random), balance / RUPEE)
  const parts = Math.ceil(wanted / threshold) + draw(row.extraParts, random)
  const count = Math.min(parts, row.partsMax, Math.floor(balance / RUPEE / threshold))
  // Relatives and friends lend their names: many are payees already.
  const known = account.payees.filter(() => random.chance(row.knownPayeeShare))
  const payees = Array.from({ length: draw(row.payees, random) }, (_, i) => known[i] ?? payeeId(random.uint32()))
  const added = payees.filter((payee_id) => !known.includes(payee_id))
  Object.assign(campaign.facts, { threshold: String(threshold), split_of: wanted.toFixed(0) })
  const steps: Step[] = added.map((payee_id, i) =>
    event({
      atMs: campaign.startMs + i * MINUTE_MS,
      eventType: 'PAYEE_ADDED',
      deviceId: template.device_id,
      details: { payee_id },
    }),
  )
  let atMs = campaign.startMs + Math.round(random.uniform(5, 30) * MINUTE_MS)
  for (let sequence = 1; sequence <= count; sequence++) {
    if (sequence > 1) atMs = officeHours(atMs + Math.round(draw(row.gapHours, random) * HOUR_MS), random)
    const amountMinor = justBelow(threshold, random)
    const change = { ...ownPlace(account, shape, random), payee_id: random.pick(payees) }
    steps.push(payment({ atMs, phase: 'split', sequence, shape, amountMinor, change, shortage: 'decline' }))
  }
  return steps
}

/** Below the threshold by up to 8 per cent, mostly by much less: paise. */
function justBelow(threshold: number, random: Random): number {
  const { mean, concentration, most } = row.marginBelow
  const rupees = threshold * (1 - random.beta(mean, concentration) * most)
  const rounded = roundTransfer(rupees, random)
  return rounded < threshold * RUPEE ? rounded : (Math.ceil(rupees / ROUND_TO) - 1) * ROUND_TO * RUPEE
}

/** The customer's own surroundings: amount and payee differ, nothing else. */
function ownPlace(account: Account, shape: string, random: Random): Change {
  const template = account.templates[shape]!
  return madeAt(template, whereNow(account, template), homeCity(account), random)
}

const kinds = { RENT: 'rent_below_threshold', PRICE_POINT: 'price_point' } as const
const priceCategories: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE', 'TRAVEL']

/** Rent and deposit to a landlord, agreed just below a round sum; or goods that cost 9,999 or 49,999. */
const twin: Script = {
  eligible: (_tx, { account }) => kindsFor(account).length > 0,
  begin: (_tx, { account, random, nowMs }) => ({
    startMs: intoHours(
      nowMs + Math.round(random.uniform(0.5, 10) * HOUR_MS),
      row.twin.hours.from,
      row.twin.hours.to,
      random,
    ),
    modus: 'NONE',
    compromiseMs: null,
    facts: { kind: random.pick(kindsFor(account)) },
  }),
  steps: (campaign, scene) => (campaign.facts.kind === kinds.RENT ? rent(campaign, scene) : goods(campaign, scene)),
}

const TWIN_MIN = row.twin.rupees[0]! * RUPEE * 2

function kindsFor(account: Account): string[] {
  const rents = affording(account, transferShapes, TWIN_MIN).length > 0
  const buys = affording(account, onlineShapes, TWIN_MIN).length > 0
  return [...(rents ? [kinds.RENT] : []), ...(buys ? [kinds.PRICE_POINT] : [])]
}

/** The largest of the usual sums that leaves half of the money on the account, or one below it; rupees. */
function usualSum(balanceMinor: number, random: Random): number {
  const within = row.twin.rupees.filter((rupees) => 2 * rupees * RUPEE <= balanceMinor)
  return within[Math.max(0, within.length - 1 - random.below(2))]!
}

function rent({ startMs }: Campaign, { account, random }: Scene): Step[] {
  const shapes = affording(account, transferShapes, TWIN_MIN)
  if (shapes.length === 0) return []
  const shape = random.pick(shapes)
  const rupees = usualSum(spendable(account, shape), random)
  const known = account.payees.length > 0 && random.chance(row.twin.knownPayeeShare)
  const payee_id = known ? random.pick(account.payees) : payeeId(random.uint32())
  const device = account.templates[shape]!.device_id
  const added = { atMs: startMs, eventType: 'PAYEE_ADDED', deviceId: device, details: { payee_id } } as const
  const at = moments(startMs + 5 * MINUTE_MS, draw(row.twin.count, random), row.twin.gapHours, HOUR_MS, random)
  return [
    ...(known ? [] : [event(added)]),
    ...at.map((atMs, i) =>
      twinPayment(atMs, kinds.RENT, i, shape, (rupees + 1) * RUPEE - ROUND_TO * RUPEE * (1 + random.below(5)), {
        ...ownPlace(account, shape, random),
        payee_id,
      }),
    ),
  ]
}

function goods({ startMs }: Campaign, { account, random }: Scene): PaymentStep[] {
  const shapes = affording(account, onlineShapes, TWIN_MIN)
  if (shapes.length === 0) return []
  const shape = random.pick(shapes)
  const template = account.templates[shape]!
  const count = draw(row.twin.count, random)
  const categories = priceCategories.filter((category) => (category === 'TRAVEL') === (template.shipping_city === null))
  const sites = merchantsOf(categories, template.city, true, count, random)
  if (sites.length === 0) return []
  return moments(startMs, count, row.twin.gapHours, HOUR_MS, random).map((atMs, i) =>
    twinPayment(atMs, kinds.PRICE_POINT, i, shape, usualSum(spendable(account, shape), random) * RUPEE, {
      ...ownPlace(account, shape, random),
      ...boughtOnline(template, random.pick(sites)),
    }),
  )
}

const twinPayment = (
  atMs: number,
  phase: string,
  i: number,
  shape: string,
  amountMinor: number,
  change: Change,
): PaymentStep => payment({ atMs, phase, sequence: i + 1, shape, amountMinor, change, shortage: 'decline' })

function evidence(tx: Transaction, { attempts, takenMinor, facts }: Campaign): Record<string, string> {
  const threshold = Number(facts.threshold)
  return {
    threshold_value: facts.threshold!,
    margin_below_threshold: (1 - tx.amount_minor / RUPEE / threshold).toFixed(4),
    similar_transaction_count: String(attempts),
    window_sum: (takenMinor / RUPEE).toFixed(0),
    split_of: facts.split_of!,
  }
}

export const amountManipulation = fraudMethod('AMOUNT_MANIPULATION', {
  fraud,
  twin,
  evidence,
  reason: ({ facts }) => `${facts.split_of} rupees moved in parts, each just below ${facts.threshold}`,
})
