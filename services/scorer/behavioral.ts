import { DAY_MS, hourIst } from '#services/time.ts'
import { type FeatureContext, type FeatureFunction, startOf } from './feature-context.ts'
import { flag, type Payment, shortHash } from './payment.ts'

const MONTH_MS = 30 * DAY_MS
const COUNTERPARTY_TTL_MS = 180 * DAY_MS

/** Kinds that a share is spread over before anything is known: the categories and the rails of the record. */
const CATEGORIES = 28
const RAILS = 12

/** 5,000 rupees: an upper amount for customers of whom fewer than 10 payments are known. */
const UNKNOWN_P95_MINOR = 500_000
const P95_PAYMENTS_MIN = 10

/** Payments' worth of belief that all hours are alike. */
const FLAT_HOURS = 8

const isOutgoing = (payment: Payment): boolean => (payment.flags & flag.outgoing) !== 0

function amountOverP95(context: FeatureContext): number {
  if (!isOutgoing(context.payment)) return 0
  const amounts = context.priorAmounts
  const p95 = amounts[Math.ceil(amounts.length * 0.95) - 1] ?? 0
  const own = amounts.length < P95_PAYMENTS_MIN ? Math.max(p95, UNKNOWN_P95_MINOR) : p95
  return context.payment.amountMinor / own
}

function shareOf(context: FeatureContext, column: Uint16Array, value: number, kinds: number): number {
  const { prior } = context
  const start = startOf(context, MONTH_MS)
  let same = 0
  for (let i = start; i < prior; i++) if (column[i] === value) same++
  return (same + 1) / (prior - start + kinds)
}

/** A circular kernel: half for the same hour, a quarter for each neighbour. */
function hourProbability(context: FeatureContext): number {
  const { recent, payment, prior } = context
  const hour = hourIst(payment.timeMs)
  const start = startOf(context, MONTH_MS)
  let weight = FLAT_HOURS / 24
  for (let i = start; i < prior; i++) {
    const apart = (hourIst(recent.times[i]!) - hour + 24) % 24
    if (apart === 0) weight += 0.5
    else if (apart === 1 || apart === 23) weight += 0.25
  }
  return weight / (prior - start + FLAT_HOURS)
}

export function isNewCounterparty({ customer, payment }: FeatureContext): number {
  if (payment.counterparty === 0 || !isOutgoing(payment)) return 0
  const last = customer.counterparties.lastMs(payment.counterparty)
  return last === undefined || last <= payment.timeMs - COUNTERPARTY_TTL_MS ? 1 : 0
}

/** New, or paid for the first time within the last 24 hours: an attacker's first, small payment makes no acquaintance. */
export function isRecentCounterparty({ customer, payment }: FeatureContext): number {
  if (payment.counterparty === 0 || !isOutgoing(payment)) return 0
  const first = customer.counterparties.firstMs(payment.counterparty)
  return first === undefined || first > payment.timeMs - DAY_MS ? 1 : 0
}

/** A customer's very first device is no new one: it was there before the stream began. */
export function isNewDevice({ customer, payment }: FeatureContext): number {
  if (payment.device === 0 || customer.devices.size === 0) return 0
  const first = customer.devices.firstMs(payment.device)
  if (first === undefined) return 1
  return first > payment.timeMs - DAY_MS && first !== customer.devices.earliestMs ? 1 : 0
}

export const behavioralFeatures = {
  amount_zscore_30d: ({ customer, payment }) =>
    isOutgoing(payment) ? customer.amounts.zScore(payment.amountMinor) : 0,
  amount_ratio_p95_30d: amountOverP95,
  mcc_share_30d: (context) =>
    shareOf(context, context.recent.categories, shortHash(context.payment.category), CATEGORIES),
  is_new_counterparty: isNewCounterparty,
  hour_prob_30d: hourProbability,
  is_new_device: isNewDevice,
  rail_share_30d: (context) => shareOf(context, context.recent.rails, shortHash(context.payment.rail), RAILS),
  credit_utilisation_ratio: ({ payment }) => payment.creditUtilisation,
} satisfies Record<string, FeatureFunction>
