import { civilDayStartMs, DAY_MS } from '#services/time.ts'
import { FLAGGED_FROM, families, familiesFrom, HIGH_FROM, highestOf, ofFamily } from './anomaly/severities.ts'
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
  /** Families that are flagged in 7 days, and that are high in the hour, as of `familiesFrom`. */
  weekFamilies = 0
  hourHighFamilies = 0
  /** Flagged payments up to the newest without an unflagged one between. */
  streak = 0
  longestStreak = 0
  activeDays = 0
  /** The flagged payments of 30 days, and their times, ascending, and severities. */
  month = 0
  readonly timesMs = new Float64Array(RECENT_MAX)
  readonly severities = new Uint8Array(RECENT_MAX)
}

/** Filled anew for each payment: a context is used up before the next one is made. */
const trail = new AnomalyTrail()

/** Of the payments of the month and those up to before `end`, seen from `timeMs`. */
export function anomalyTrail(
  recent: RecentPayments,
  timeMs: number,
  { start, weekStart, dayStart, hourStart }: OwnMonth,
  end: number,
): AnomalyTrail {
  const { timesMs, severities } = trail
  const todayMs = civilDayStartMs(timeMs)
  // A byte for each family, as in what is added up: there are never more than RECENT_MAX.
  let byFamily = 0
  let month = 0
  let decayed = 0
  let week = 0
  let weekSum = 0
  let weekHigh = 0
  let weekFamilies = 0
  let day = 0
  let dayHighest = 0
  let hour = 0
  let hourHighFamilies = 0
  let streak = 0
  let longestStreak = 0
  let activeDays = 0
  let flaggedBefore = start - 1
  let activeDay = 1
  for (let i = start; i < end; i++) {
    const anomalies = recent.anomalies(i)
    if (anomalies === 0) continue
    const severity = highestOf(anomalies)
    if (severity < FLAGGED_FROM) continue
    const atMs = recent.times[i]!
    const flagged = familiesFrom(anomalies, FLAGGED_FROM)
    timesMs[month] = atMs
    severities[month++] = severity
    byFamily += flagged
    decayed += severity * Math.exp((atMs - timeMs) / DAY_MS)
    streak = flaggedBefore === i - 1 ? streak + 1 : 1
    flaggedBefore = i
    longestStreak = Math.max(longestStreak, streak)
    const daysLater = Math.floor((atMs - todayMs) / DAY_MS)
    if (daysLater !== activeDay) activeDays++
    activeDay = daysLater
    if (i < weekStart) continue
    week++
    weekSum += severity
    weekFamilies |= flagged
    if (severity >= HIGH_FROM) weekHigh++
    if (i < dayStart) continue
    day++
    dayHighest = Math.max(dayHighest, severity)
    if (i < hourStart) continue
    hour++
    hourHighFamilies |= familiesFrom(anomalies, HIGH_FROM)
  }
  trail.hour = hour
  trail.day = day
  trail.week = week
  trail.month = month
  trail.weekAll = end - weekStart
  trail.monthAll = end - start
  trail.dayHighest = dayHighest
  trail.weekHigh = weekHigh
  trail.weekSum = weekSum
  trail.decayed = decayed
  trail.inFamilies = 0
  for (let family = 0; family < families.length; family++) {
    trail.byFamily[family] = ofFamily(byFamily, family)
    trail.inFamilies += ofFamily(byFamily, family)
  }
  trail.weekFamilies = weekFamilies
  trail.hourHighFamilies = hourHighFamilies
  trail.streak = flaggedBefore === end - 1 ? streak : 0
  trail.longestStreak = longestStreak
  trail.activeDays = activeDays
  return trail
}
