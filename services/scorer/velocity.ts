import { SECOND_MS } from '#services/time.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'

/** 100 rupees: what passes for a small attempt with anybody. */
const SMALL_MINOR = 10_000

/** Shrinks a ratio towards 1 in 20 while there is little to go by. */
export const shrunkDeclineRatio = (declines: number, attempts: number): number => (declines + 1) / (attempts + 20)

/** Up to so many paise an attempt is small for this customer. */
export const smallLimit = ({ month }: FeatureContext): number => Math.max(SMALL_MINOR, 0.05 * month.amounts.median)

function smallAmounts(context: FeatureContext): number {
  const { recent, payment, month, end } = context
  const limit = smallLimit(context)
  let count = 0
  for (let i = month.hourStart; i < end; i++) {
    if (recent.amount(i) <= limit && recent.instrument(i) === payment.instrument) count++
  }
  return count
}

/** Merchants and payees of an hour, each counted where it comes last. */
function distinctParties({ recent, month, end }: FeatureContext): number {
  let count = 0
  for (let i = month.hourStart; i < end; i++) {
    const party = recent.counterparty(i)
    let next = i + 1
    while (next < end && recent.counterparty(next) !== party) next++
    if (party !== 0 && next === end) count++
  }
  return count
}

function secondsSincePrevious(context: FeatureContext): number {
  const { recent, payment, prior, month } = context
  // What is older is remembered of some customers and not of others.
  for (let i = prior - 1; i >= month.start; i--) {
    if (recent.instrument(i) === payment.instrument) return (payment.timeMs - recent.times[i]!) / SECOND_MS
  }
  return -1
}

export const velocityFeatures = {
  txn_count_1m: ({ windows }) => windows.minute,
  txn_count_5m: ({ windows }) => windows.fiveMinutes,
  txn_count_1h: ({ windows }) => windows.hour,
  txn_count_24h: ({ windows }) => windows.day,
  amount_sum_1h: ({ windows }) => windows.hourSum,
  amount_sum_24h: ({ windows }) => windows.daySum,
  amount_sum_7d: ({ windows }) => windows.weekSum,
  decline_count_1h: ({ windows }) => windows.hourDeclines,
  decline_ratio_24h: ({ windows, end, month }) => shrunkDeclineRatio(windows.dayDeclines, end - month.dayStart),
  distinct_merchant_count_1h: distinctParties,
  small_amount_count_1h: smallAmounts,
  secs_since_prev_txn: secondsSincePrevious,
} satisfies Record<string, FeatureFunction>
