import { DAY_MS } from '#services/time.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import { flag } from './payment.ts'
import { shrunkDeclineRatio } from './velocity.ts'

const isTransfer = ({ payment }: FeatureContext): boolean => (payment.flags & flag.transfer) !== 0

/** Of the account that pays, or that money comes in to. */
export function passthrough(context: FeatureContext): number {
  const { customer, payment, windows } = context
  const inflow = customer.moneyIn.sum(payment.account, payment.timeMs - DAY_MS, payment.timeMs)
  if (inflow === 0) return 0
  return windows.dayAccountSum / inflow
}

export const merchantDeclineRatio = (context: FeatureContext): number =>
  isTransfer(context) ? shrunkDeclineRatio(0, 0) : (context.counterparty?.[0] ?? shrunkDeclineRatio(0, 0))

export const payeePayers = (context: FeatureContext): number =>
  isTransfer(context) ? (context.counterparty?.[1] ?? 0) : 0

const merchantReportedRate = (context: FeatureContext): number =>
  isTransfer(context) ? 0 : (context.counterparty?.[3] ?? 0)

export const networkFeatures = {
  merchant_decline_ratio_1h: merchantDeclineRatio,
  payee_distinct_payer_count_24h: payeePayers,
  device_customer_count_24h: ({ device }) => device?.[0] ?? 0,
  passthrough_ratio_24h: passthrough,
  merchant_reported_fraud_rate_30d: merchantReportedRate,
} satisfies Record<string, FeatureFunction>
