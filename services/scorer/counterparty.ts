import { hash32 } from '#services/random.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import type { EntityKindFold } from './entity-kind.ts'
import { KnownKeys } from './known-keys.ts'
import { MerchantReports } from './merchant-reports.ts'
import { MinuteCounts } from './minute-counts.ts'
import { PayerShares } from './payer-shares.ts'
import { shrunkDeclineRatio } from './velocity.ts'

const PAYERS_MAX = 64

export interface CounterpartyState {
  readonly attempts: MinuteCounts
  readonly declines: MinuteCounts
  readonly payers: KnownKeys
  readonly shares: PayerShares
  readonly reports: MerchantReports
}

/**
 * Merchants and payees. Values: merchant_decline_ratio_1h, payee_distinct_payer_count_24h, merchant_payer_hhi_7d,
 * merchant_reported_fraud_rate_30d.
 * Minutes instead of single payments, because a merchant can be as busy as the whole stream.
 */
export const counterpartyFold: EntityKindFold<CounterpartyState> = {
  prefix: 'counterparty/',
  initialState: () => ({
    attempts: new MinuteCounts(),
    declines: new MinuteCounts(),
    payers: new KnownKeys(PAYERS_MAX),
    shares: new PayerShares(),
    reports: new MerchantReports(),
  }),
  answer: ({ attempts, declines, payers, shares, reports }, { event_time, declined, customer_id }) => {
    const minute = Math.floor(event_time / MINUTE_MS)
    attempts.add(minute)
    if (declined) declines.add(minute)
    const payer = hash32(customer_id)
    payers.see(payer, event_time)
    shares.add(payer, event_time)
    reports.attempt(event_time)
    return [
      shrunkDeclineRatio(declines.lastHour(minute), attempts.lastHour(minute)),
      payers.countSince(event_time - DAY_MS),
      shares.concentration,
      reports.rate(event_time),
    ]
  },
  write: (out, { attempts, declines, payers, shares, reports }) => {
    attempts.write(out)
    declines.write(out)
    payers.write(out)
    shares.write(out)
    reports.write(out)
  },
  read: (from) => ({
    attempts: MinuteCounts.read(from),
    declines: MinuteCounts.read(from),
    payers: new KnownKeys(PAYERS_MAX).read(from),
    shares: PayerShares.read(from),
    reports: MerchantReports.read(from),
  }),
}
