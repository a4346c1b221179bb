import { DAY_MS } from '#services/time.ts'
import type { CustomerState } from './customer-state.ts'
import type { FeatureContext, FeatureFunction, KnownContext } from './feature-context.ts'
import { categoryEntropy, categoryShare, hourProbability, MONTH_MS, railShare } from './own-month.ts'
import { flag, type Payment } from './payment.ts'

const COUNTERPARTY_TTL_MS = 180 * DAY_MS

/** 5,000 rupees: an upper amount for customers of whom fewer than 10 payments are known. */
const UNKNOWN_P95_MINOR = 500_000
const P95_PAYMENTS_MIN = 10

const isOutgoing = (payment: Payment): boolean => (payment.flags & flag.outgoing) !== 0

export function amountOverP95(context: KnownContext): number {
  if (!isOutgoing(context.payment)) return 0
  const { amounts } = context.month
  const p95 = amounts.at(Math.ceil(amounts.length * 0.95) - 1)
  const own = amounts.length < P95_PAYMENTS_MIN ? Math.max(p95, UNKNOWN_P95_MINOR) : p95
  return context.payment.amountMinor / own
}

/** Refunds and purchases of 30 days, half a refund in ten purchases believed beforehand, over that belief. */
function refundRatio({ customer, payment, end, month }: FeatureContext): number {
  const refunds = customer.moneyIn.count(flag.refund, payment.timeMs - MONTH_MS, payment.timeMs)
  return (refunds + 0.5) / (end - month.start + 10) / 0.05
}

export function isNewCounterparty(customer: CustomerState, payment: Payment): 0 | 1 {
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
export function isNewDevice(customer: CustomerState, payment: Payment): 0 | 1 {
  if (payment.device === 0 || customer.devices.size === 0) return 0
  const first = customer.devices.firstMs(payment.device)
  if (first === undefined) return 1
  return first > payment.timeMs - DAY_MS && first !== customer.devices.earliestMs ? 1 : 0
}

export const behavioralFeatures = {
  amount_zscore_30d: ({ amountZ }) => amountZ,
  amount_ratio_p95_30d: amountOverP95,
  mcc_share_30d: ({ month }) => categoryShare(month),
  mcc_entropy_30d: ({ month }) => categoryEntropy(month),
  is_new_counterparty: ({ isNewParty }) => isNewParty,
  hour_prob_30d: ({ month }) => hourProbability(month),
  is_new_device: (context) => context.isNewDevice,
  rail_share_30d: ({ month }) => railShare(month),
  refund_ratio_30d: refundRatio,
  credit_utilisation_ratio: ({ payment }) => payment.creditUtilisation,
} satisfies Record<string, FeatureFunction>
