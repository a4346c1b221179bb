import type { Category } from '#schemas/types.ts'
import { DAY_MS, hourIst } from '#services/time.ts'
import { categoryCode } from '../codes.ts'
import type { KnownContext } from '../feature-context.ts'
import { hourProbability, ownPerHour } from '../own-month.ts'
import { flag } from '../payment.ts'
import detectors from './detectors.json' with { type: 'json' }
import { poissonTail } from './poisson.ts'
import type { Finding } from './severities.ts'

const row = detectors.TEMPORAL
const loans = categoryCode(row.OFF_CALENDAR.category as Category)

/** When: the hour, the pace, the pause before, the day of a collection. */
export function temporalAnomalies(context: KnownContext): readonly Finding[] {
  const { month } = context
  const findings: Finding[] = []
  if (isAfterSilence(context)) findings.push({ subtype: 'DORMANCY_BREAK', severity: severityOf(0) })
  if (month.count < row.minHistory.value) return findings
  const hour = hourProbability(month)
  const unused = month.sameHour === 0 ? row.severity.neverUsedHour : 0
  if (month.count >= row.RARE_HOUR.paymentsMin && hour < row.RARE_HOUR.probabilityBelow) {
    findings.push({ subtype: 'RARE_HOUR', severity: severityOf(hour, unused) })
  }
  if (isNight(context)) findings.push({ subtype: 'NIGHT', severity: severityOf(hour, unused) })
  const burst = burstProbability(context)
  if (burst < row.BURST.tailBelow) findings.push({ subtype: 'BURST', severity: severityOf(burst) })
  if (isOffCalendar(context)) findings.push({ subtype: 'OFF_CALENDAR', severity: severityOf(0) })
  return findings
}

function severityOf(probability: number, extra = 0): number {
  const { base, slope, rare } = row.severity
  return Math.min(1, base + slope * Math.max(0, 1 - probability / rare) + extra)
}

function isNight({ payment, recent, month, prior }: KnownContext): boolean {
  const { toHour, shareBelow } = row.NIGHT
  if (hourIst(payment.timeMs) >= toHour) return false
  let nights = 0
  for (let i = month.start; i < prior; i++) if (hourIst(recent.times[i]!) < toHour) nights++
  return nights < shareBelow * month.count
}

function burstProbability(context: KnownContext): number {
  const rate = Math.max(row.BURST.ratePerHourMin, ownPerHour(context))
  return poissonTail(context.end - context.month.hourStart, rate)
}

/** Silent for long, and for much longer than usual: by the newest gaps, however old they are. */
function isAfterSilence({ payment, recent, prior }: KnownContext): boolean {
  const { daysAbove, timesGap, gaps } = row.DORMANCY_BREAK
  if (prior <= gaps) return false
  const gapMs = payment.timeMs - recent.times[prior - 1]!
  if (gapMs <= daysAbove * DAY_MS) return false
  const before = Array.from({ length: gaps }, (_, i) => recent.times[prior - 1 - i]! - recent.times[prior - 2 - i]!)
  before.sort((a, b) => a - b)
  return gapMs > timesGap * before[Math.ceil(0.95 * gaps) - 1]!
}

function isOffCalendar({ payment, customer }: KnownContext): boolean {
  if ((payment.flags & flag.mandate) === 0 || payment.category !== loans) return false
  const last = customer.counterparties.lastMs(payment.counterparty)
  if (last === undefined) return false
  const { monthDays, daysAbove } = row.OFF_CALENDAR
  const months = Math.abs(payment.timeMs - last) / (monthDays * DAY_MS)
  return Math.abs(months - Math.round(months)) * monthDays > daysAbove
}
