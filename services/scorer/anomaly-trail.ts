import { civilDay, DAY_MS, HOUR_MS } from '#services/time.ts'
import { FLAGGED_FROM, HIGH_FROM, highestOf } from './anomaly/severities.ts'
import type { OwnMonth } from './own-month.ts'
import { RECENT_MAX, type RecentPayments } from './recent-payments.ts'

/**
 * What the detectors found in a customer's payments of the 30 days up to one, that one included, gathered in one go.
 * Severities are hundredths; a payment is flagged from FLAGGED_FROM in any family.
 */
export class AnomalyTrail {
  hour = 0
  day = 0
  week = 0
  weekAll = 0
  monthAll = 0
  dayHighest = 0
  weekHigh = 0
  weekSum = 0
  /** Sum of severity times exp(-age in days). */
  decayed = 0
  /** Families flagged in 30 days, by number; one payment may count in several. */
  readonly byFamily = [0, 0, 0, 0]
  /** The sum of these. */
  inFamilies = 0
  /** The same in 7 days. */
  readonly weekByFamily = [0, 0, 0, 0]
  /** Families that are high in the hour, as bits. */
  hourHighFamilies = 0
  /** Flagged payments up to the newest without an unflagged one between. */
  streak = 0
  longestStreak = 0
  activeDays = 0
  /** The flagged payments of 30 days, and their times, ascending, and severities. */
  month = 0
  readonly timesMs = new Float64Array(RECENT_MAX)
  readonly severities = new Uint8Array(RECENT_MAX)

  clear(): void {
    this.hour = 0
    this.day = 0
    this.week = 0
    this.dayHighest = 0
    this.weekHigh = 0
    this.weekSum = 0
    this.decayed = 0
    this.byFamily.fill(0)
    this.inFamilies = 0
    this.weekByFamily.fill(0)
    this.hourHighFamilies = 0
    this.streak = 0
    this.longestStreak = 0
    this.activeDays = 0
    this.month = 0
  }
}

/** Filled anew for each payment: a context is used up before the next one is made. */
const trail = new AnomalyTrail()

/** Of the payments of the month and those up to before `end`, seen from `timeMs`. */
export function anomalyTrail(
  recent: RecentPayments,
  timeMs: number,
  { start, weekStart }: OwnMonth,
  end: number,
): AnomalyTrail {
  trail.clear()
  trail.monthAll = end - start
  trail.weekAll = end - weekStart
  let today = -1
  let flaggedBefore = start - 1
  for (let i = start; i < end; i++) {
    const anomalies = recent.anomalies(i)
    if (anomalies === 0) continue
    const severity = highestOf(anomalies)
    if (severity < FLAGGED_FROM) continue
    const atMs = recent.times[i]!
    trail.streak = flaggedBefore === i - 1 ? trail.streak + 1 : 1
    flaggedBefore = i
    trail.longestStreak = Math.max(trail.longestStreak, trail.streak)
    trail.timesMs[trail.month] = atMs
    trail.severities[trail.month++] = severity
    const day = civilDay(atMs)
    if (day !== today) trail.activeDays++
    today = day
    add(anomalies, severity, timeMs - atMs)
  }
  if (flaggedBefore !== end - 1) trail.streak = 0
  return trail
}

function add(anomalies: number, severity: number, ageMs: number): void {
  const inWeek = ageMs < 7 * DAY_MS
  const inHour = ageMs < HOUR_MS
  // Most payments are flagged in one family: it ends with the last that has a severity.
  for (let family = 0, rest = anomalies; rest !== 0; family++, rest >>>= 8) {
    const its = rest & 255
    if (its < FLAGGED_FROM) continue
    trail.byFamily[family]!++
    trail.inFamilies++
    if (inWeek) trail.weekByFamily[family]!++
    if (inHour && its >= HIGH_FROM) trail.hourHighFamilies |= 1 << family
  }
  trail.decayed += severity * Math.exp(-ageMs / DAY_MS)
  if (!inWeek) return
  trail.week++
  trail.weekSum += severity
  if (severity >= HIGH_FROM) trail.weekHigh++
  if (ageMs < DAY_MS) {
    trail.day++
    trail.dayHighest = Math.max(trail.dayHighest, severity)
  }
  if (inHour) trail.hour++
}
