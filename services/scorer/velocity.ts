import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#services/time.ts'
import {
  allWithin,
  byAnything,
  byInstrument,
  countWithin,
  type FeatureContext,
  type FeatureFunction,
  isApproved,
  startOf,
  sumWithin,
} from './feature-context.ts'

/** 100 rupees: what passes for a small attempt with anybody. */
const SMALL_MINOR = 10_000

/** Shrinks a ratio towards 1 in 20 while there is little to go by. */
export const shrunkDeclineRatio = (declines: number, attempts: number): number => (declines + 1) / (attempts + 20)

function declineRatio(context: FeatureContext): number {
  const declines = countWithin(context, DAY_MS, (recent, i) => !isApproved(recent, i))
  return shrunkDeclineRatio(declines, allWithin(context, DAY_MS))
}

/** Up to so many paise an attempt is small for this customer. */
export const smallLimit = ({ month }: FeatureContext): number => Math.max(SMALL_MINOR, 0.05 * month.amounts.median)

function smallAmounts(context: FeatureContext): number {
  const limit = smallLimit(context)
  return countWithin(
    context,
    HOUR_MS,
    (recent, i, payment) => recent.amount(i) <= limit && byInstrument(recent, i, payment),
  )
}

/** Merchants and payees of an hour. */
function distinctParties(context: FeatureContext): number {
  const seen: number[] = []
  for (let i = startOf(context, HOUR_MS); i < context.end; i++) {
    const party = context.recent.counterparty(i)
    if (party !== 0 && !seen.includes(party)) seen.push(party)
  }
  return seen.length
}

function secondsSincePrevious(context: FeatureContext): number {
  const { recent, payment, prior, month } = context
  // What is older is remembered of some customers and not of others.
  for (let i = prior - 1; i >= month.start; i--) {
    if (byInstrument(recent, i, payment)) return (payment.timeMs - recent.times[i]!) / SECOND_MS
  }
  return -1
}

export const velocityFeatures = {
  txn_count_1m: (context) => countWithin(context, MINUTE_MS, byInstrument),
  txn_count_5m: (context) => countWithin(context, 5 * MINUTE_MS, byInstrument),
  txn_count_1h: (context) => countWithin(context, HOUR_MS, byInstrument),
  txn_count_24h: (context) => countWithin(context, DAY_MS, byInstrument),
  amount_sum_1h: (context) => sumWithin(context, HOUR_MS, byInstrument),
  amount_sum_24h: (context) => sumWithin(context, DAY_MS, byAnything),
  amount_sum_7d: (context) => sumWithin(context, 7 * DAY_MS, byAnything),
  decline_count_1h: (context) =>
    countWithin(context, HOUR_MS, (recent, i, payment) => !isApproved(recent, i) && byInstrument(recent, i, payment)),
  decline_ratio_24h: declineRatio,
  distinct_merchant_count_1h: (context) => distinctParties(context),
  small_amount_count_1h: smallAmounts,
  secs_since_prev_txn: secondsSincePrevious,
} satisfies Record<string, FeatureFunction>
