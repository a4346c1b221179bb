import { civilDay, DAY_MS, HOUR_MS } from '#services/time.ts'
import { FLAGGED_FROM, families, HIGH_FROM, highestOf, ofFamily } from './anomaly/severities.ts'
import type { RecentPayments } from './recent-payments.ts'

const FAMILIES = families.length

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
  /** The same in 7 days. */
  readonly weekByFamily = [0, 0, 0, 0]
  /** Families that are high in the hour, as bits. */
  hourHighFamilies = 0
  /** Flagged payments up to the newest without an unflagged one between. */
  streak = 0
  longestStreak = 0
  activeDays = 0
  /** Of the flagged payments, ascending. */
  readonly timesMs: number[] = []
  readonly severities: number[] = []

  get month(): number {
    return this.timesMs.length
  }
}

/** Of the payments from index `start` to before `end`, seen from `timeMs`. */
export function anomalyTrail(recent: RecentPayments, timeMs: number, start: number, end: number): AnomalyTrail {
  const trail = new AnomalyTrail()
  const weekMs = timeMs - 7 * DAY_MS
  let today = -1
  for (let i = start; i < end; i++) {
    trail.monthAll++
    const atMs = recent.times[i]!
    if (atMs > weekMs) trail.weekAll++
    const anomalies = recent.anomalies[i]!
    const severity = anomalies === 0 ? 0 : highestOf(anomalies)
    if (severity < FLAGGED_FROM) {
      trail.streak = 0
      continue
    }
    trail.longestStreak = Math.max(trail.longestStreak, ++trail.streak)
    trail.timesMs.push(atMs)
    trail.severities.push(severity)
    const day = civilDay(atMs)
    if (day !== today) trail.activeDays++
    today = day
    addTo(trail, anomalies, severity, timeMs - atMs)
  }
  return trail
}

function addTo(trail: AnomalyTrail, anomalies: number, severity: number, ageMs: number): void {
  const inWeek = ageMs < 7 * DAY_MS
  for (let family = 0; family < FAMILIES; family++) {
    const its = ofFamily(anomalies, family)
    if (its < FLAGGED_FROM) continue
    trail.byFamily[family]!++
    if (inWeek) trail.weekByFamily[family]!++
    if (ageMs < HOUR_MS && its >= HIGH_FROM) trail.hourHighFamilies |= 1 << family
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
  if (ageMs < HOUR_MS) trail.hour++
}
