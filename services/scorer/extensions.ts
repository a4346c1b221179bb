import { DAY_MS } from '#services/time.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import { MONTH_MS } from './own-month.ts'
import { flag } from './payment.ts'
import { burstiness } from './statistics.ts'

const isOutgoing = ({ payment }: FeatureContext): boolean => (payment.flags & flag.outgoing) !== 0

const moneyBack = ({ customer, payment }: FeatureContext, bit: number): number =>
  customer.moneyIn.count(bit, payment.timeMs - MONTH_MS, payment.timeMs)

function accountDays({ customer, payment }: FeatureContext): number {
  const first = customer.accounts.firstMs(payment.account)
  return first === undefined ? 0 : Math.max(0, payment.timeMs - first) / DAY_MS
}

export const extensionFeatures = {
  merchant_payer_hhi_7d: ({ payment, counterparty }) =>
    (payment.flags & flag.transfer) !== 0 ? 0 : (counterparty?.[2] ?? 0),
  amount_just_below_threshold: (context) =>
    isOutgoing(context) && (context.payment.flags & flag.nearThreshold) !== 0 ? 1 : 0,
  near_threshold_count_7d: ({ windows }) => windows.weekNearThreshold,
  burstiness_30d: ({ recent, month, end }) => burstiness(recent.times, month.start, end),
  same_merchant_amount_count_2h: ({ payment, windows }) => (payment.counterparty === 0 ? 0 : windows.repeats),
  account_age_days: accountDays,
  dispute_ratio_30d: (context) =>
    (moneyBack(context, flag.chargeback) + 0.1) / (context.end - context.month.start + 10),
  refund_count_30d: (context) => moneyBack(context, flag.refund),
} satisfies Record<string, FeatureFunction>
