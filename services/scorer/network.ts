import type { FeatureFunction } from './feature-context.ts'
import { flag } from './payment.ts'
import { shrunkDeclineRatio } from './velocity.ts'

export const networkFeatures = {
  merchant_decline_ratio_1h: ({ payment, counterparty }) =>
    (payment.flags & flag.transfer) !== 0 ? shrunkDeclineRatio(0, 0) : (counterparty?.[0] ?? shrunkDeclineRatio(0, 0)),
  payee_distinct_payer_count_24h: ({ payment, counterparty }) =>
    (payment.flags & flag.transfer) === 0 ? 0 : (counterparty?.[1] ?? 0),
  device_customer_count_24h: ({ device }) => device?.[0] ?? 0,
} satisfies Record<string, FeatureFunction>
