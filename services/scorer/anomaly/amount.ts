import type { Category } from '#schemas/types.ts'
import { civilDay } from '#services/time.ts'
import { amountOverP95 } from '../behavioral.ts'
import { categoryCode } from '../codes.ts'
import { isApproved, type KnownContext } from '../feature-context.ts'
import { flag } from '../payment.ts'
import type { SortedAmounts } from '../sorted-amounts.ts'
import detectors from './detectors.json' with { type: 'json' }
import type { Finding } from './severities.ts'

const row = detectors.AMOUNT
const roundMinor = row.ROUND_CLUSTER.rupees * 100
const notTiny = new Set(row.MICRO.categories.map((category) => categoryCode(category as Category)))

/** The median absolute deviation of a normal distribution times this is its standard deviation. */
const MAD_TO_DEVIATION = 1.4826

/** How much, held against the approved payments of the 30 days before. */
export function amountAnomalies(context: KnownContext): readonly Finding[] {
  const { payment, month } = context
  if (month.amounts.length < row.minHistory.value) return []
  const z = robustZ(month.amounts, payment.amountMinor)
  const { base, slope, from, width } = row.severity
  const severity = Math.min(1, base + slope * Math.max(0, (Math.abs(z) - from) / width))
  const findings: Finding[] = []
  const isSpike = z > row.SPIKE.deviationsAbove || amountOverP95(context) >= row.SPIKE.timesP95
  if (isSpike) findings.push({ subtype: 'SPIKE', severity })
  if (isMicro(context)) findings.push({ subtype: 'MICRO', severity })
  if (isRoundCluster(context)) {
    findings.push({ subtype: 'ROUND_CLUSTER', severity })
  }
  if ((payment.flags & flag.nearThreshold) !== 0) findings.push({ subtype: 'THRESHOLD_HUG', severity })
  if (isLargeDay(context)) findings.push({ subtype: 'DAILY_SUM', severity })
  return findings
}

/** Robust standard deviations of ln(amount) from the lower median. */
function robustZ(amounts: SortedAmounts, amountMinor: number): number {
  const { median } = amounts
  return Math.log(amountMinor / median) / Math.max(row.spread.min, MAD_TO_DEVIATION * deviationOf(amounts, median))
}

/** The lower median of |ln(amount / median)|, by walking from the median to both sides. */
function deviationOf(amounts: SortedAmounts, median: number): number {
  const rank = (amounts.length + 1) >> 1
  let below = (amounts.length - 1) >> 1
  let above = below + 1
  const downTo = (at: number): number => (at >= 0 ? median / amounts.at(at) : Number.POSITIVE_INFINITY)
  const upTo = (at: number): number => (at < amounts.length ? amounts.at(at) / median : Number.POSITIVE_INFINITY)
  let [down, up, ratio] = [downTo(below), upTo(above), 1]
  for (let taken = 0; taken < rank; taken++) {
    ratio = Math.min(down, up)
    if (down <= up) down = downTo(--below)
    else up = upTo(++above)
  }
  return Math.log(ratio)
}

function isMicro({ payment, month }: KnownContext): boolean {
  const { medianShareBelow, rupeesBelow } = row.MICRO
  const limit = Math.min(rupeesBelow * 100, medianShareBelow * month.amounts.median)
  return payment.amountMinor < limit && notTiny.has(payment.category)
}

function isRoundCluster({ payment, recent, month, end }: KnownContext): boolean {
  if (payment.amountMinor % roundMinor !== 0) return false
  let count = 0
  for (let i = month.dayStart; i < end; i++) if (recent.amount(i) % roundMinor === 0) count++
  return count >= row.ROUND_CLUSTER.countMin
}

/** This payment takes the last 24 h beyond every day before. */
function isLargeDay(context: KnownContext): boolean {
  const { payment, recent, month, prior, windows } = context
  if ((payment.flags & flag.declined) !== 0) return false
  const sum = windows.daySum
  const today = civilDay(payment.timeMs)
  let [day, daySum, days, largest] = [0, 0, 0, 0]
  for (let i = month.start; i < prior; i++) {
    const its = civilDay(recent.times[i]!)
    if (its >= today) break
    if (its !== day) [day, daySum, days] = [its, 0, days + 1]
    if (isApproved(recent, i)) daySum += recent.amount(i)
    largest = Math.max(largest, daySum)
    if (largest >= sum) return false
  }
  return days >= row.DAILY_SUM.daysMin && sum > largest && sum - payment.amountMinor <= largest
}
