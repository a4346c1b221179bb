import { DAY_MS, SECOND_MS } from '#services/time.ts'
import { FLAGGED_FROM, familiesFrom, familyCount, highestOf } from './anomaly/severities.ts'
import type { AnomalyTrail } from './anomaly-trail.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import { burstiness, entropy } from './statistics.ts'

const HUNDRED = 100

/** Shrinks a rate towards 1 in 20, the share of payments that should be flagged. */
const shrunkRate = (flagged: number, all: number): number => (flagged + 1) / (all + 20)

const weekRate = ({ week, weekAll }: AnomalyTrail): number => shrunkRate(week, weekAll)

const isFlagged = ({ anomalies }: FeatureContext): boolean => highestOf(anomalies) >= FLAGGED_FROM

/** How many have each severity, filled anew each time. */
const bySeverity = new Uint8Array(HUNDRED + 1)

/** Nearest rank: of 20 the third largest, of 10 the second, of 9 the largest. */
function p90({ severities, month }: AnomalyTrail): number {
  if (month === 0) return 0
  bySeverity.fill(0)
  for (let i = 0; i < month; i++) bySeverity[severities[i]!]!++
  let severity = HUNDRED + 1
  for (let above = month - Math.ceil(0.9 * month); above >= 0; ) above -= bySeverity[--severity]!
  return severity / HUNDRED
}

/** Least squares of severity over time, per day, of the flagged payments of 7 days. */
function slope({ trail, payment }: FeatureContext): number {
  const { timesMs, severities, week, month } = trail
  const first = month - week
  let meanX = 0
  let meanY = 0
  for (let i = first; i < month; i++) {
    meanX += (timesMs[i]! - payment.timeMs) / DAY_MS / week
    meanY += severities[i]! / HUNDRED / week
  }
  let covariance = 0
  let variance = 0
  for (let i = first; i < month; i++) {
    const x = (timesMs[i]! - payment.timeMs) / DAY_MS - meanX
    covariance += x * (severities[i]! / HUNDRED - meanY)
    variance += x * x
  }
  return timesMs[first] === timesMs[month - 1] ? 0 : covariance / variance
}

function familyShare(family: number): FeatureFunction {
  return ({ trail: { byFamily, inFamilies } }) => byFamily[family]! / Math.max(1, inFamilies)
}

function secondsSinceLast(context: FeatureContext): number {
  const { timesMs, month } = context.trail
  const last = month - (isFlagged(context) ? 2 : 1)
  return last < 0 ? -1 : (context.payment.timeMs - timesMs[last]!) / SECOND_MS
}

/** Flagged payments of the 7 days before that share a family with this one. */
function repeats({ anomalies, recent, payment, prior }: FeatureContext): number {
  const own = familiesFrom(anomalies, FLAGGED_FROM)
  let count = 0
  for (let i = prior - 1; i >= 0 && recent.times[i]! > payment.timeMs - 7 * DAY_MS; i--) {
    if ((own & familiesFrom(recent.anomalies(i), FLAGGED_FROM)) !== 0) count++
  }
  return count
}

export const anomalyFeatures = {
  anom_count_1h: ({ trail }) => trail.hour,
  anom_count_24h: ({ trail }) => trail.day,
  anom_count_7d: ({ trail }) => trail.week,
  anom_count_30d: ({ trail }) => trail.month,
  anom_rate_7d: ({ trail }) => weekRate(trail),
  anom_rate_delta: ({ trail }) => weekRate(trail) - shrunkRate(trail.month, trail.monthAll),
  anom_sev_max_24h: ({ trail }) => trail.dayHighest / HUNDRED,
  anom_sev_mean_7d: ({ trail }) => trail.weekSum / Math.max(1, trail.week) / HUNDRED,
  anom_sev_decayed: ({ trail }) => trail.decayed / HUNDRED,
  anom_high_count_7d: ({ trail }) => trail.weekHigh,
  anom_sev_p90_30d: ({ trail }) => p90(trail),
  anom_sev_slope_7d: (context) => (context.trail.week < 2 ? 0 : slope(context)),
  anom_share_behavioral_30d: familyShare(0),
  anom_share_geographic_30d: familyShare(1),
  anom_share_temporal_30d: familyShare(2),
  anom_share_amount_30d: familyShare(3),
  anom_type_entropy_30d: ({ trail }) => (trail.month === 0 ? 0 : entropy(trail.byFamily)),
  anom_type_count_7d: ({ trail }) => familyCount(trail.weekFamilies),
  anom_secs_since_last: secondsSinceLast,
  anom_streak_len: ({ trail }) => trail.streak,
  anom_max_streak_30d: ({ trail }) => trail.longestStreak,
  anom_active_days_30d: ({ trail }) => trail.activeDays,
  anom_gap_burstiness_30d: ({ trail }) => burstiness(trail.timesMs, 0, trail.month),
  anom_repeat_type_7d: (context) => (isFlagged(context) ? repeats(context) : 0),
} satisfies Record<string, FeatureFunction>
