import type { Category } from '#schemas/types.ts'
import { civilDayStartMs } from '#services/time.ts'
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
  const subtypes: string[] = []
  if (isSpike(context)) subtypes.push('SPIKE')
  if (isMicro(context)) subtypes.push('MICRO')
  if (isRoundCluster(context)) subtypes.push('ROUND_CLUSTER')
  if ((payment.flags & flag.nearThreshold) !== 0) subtypes.push('THRESHOLD_HUG')
  if (isLargeDay(context)) subtypes.push('DAILY_SUM')
  if (subtypes.length === 0) return []
  const { base, slope, from, width } = row.severity
  const severity = Math.min(1, base + slope * Math.max(0, (Math.abs(robustZ(context)) - from) / width))
  return subtypes.map((subtype) => ({ subtype, severity }))
}

function isSpike(context: KnownContext): boolean {
  const { payment, month } = context
  if (payment.amountMinor > month.amounts.median && robustZ(context) > row.SPIKE.deviationsAbove) return true
  return amountOverP95(context) >= row.SPIKE.timesP95
}

/** Robust standard deviations of ln(amount) from the lower median. */
function robustZ({ payment, month: { amounts } }: KnownContext): number {
  const { median } = amounts
  const deviation = MAD_TO_DEVIATION * deviationOf(amounts, median)
  return Math.log(payment.amountMinor / median) / Math.max(row.spread.min, deviation)
}

/**
 * The lower median of |ln(amount / median)|: the largest of the half that is nearest to the median. How many of these lie
 * below it is found by halving: so many that the next one below is no nearer than the last one above.
 */
function deviationOf(amounts: SortedAmounts, median: number): number {
  const middle = (amounts.length - 1) >> 1
  const down = (below: number): number => median / amounts.at(middle - below)
  const up = (below: number): number => amounts.at(2 * middle + 1 - below) / median
  let low = 1
  let high = middle + 1
  while (low < high) {
    const below = (low + high) >> 1
    if (down(below) >= up(below)) high = below
    else low = below + 1
  }
  return Math.log(Math.max(down(low - 1), up(low)))
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

/** This payment takes the last 24 h beyond every day before, of which the newest are near in memory. */
function isLargeDay(context: KnownContext): boolean {
  const { payment, recent, month, prior, windows } = context
  if ((payment.flags & flag.declined) !== 0) return false
  const sum = windows.daySum
  const todayMs = civilDayStartMs(payment.timeMs)
  let dayStartMs = todayMs
  let daySum = 0
  let days = 0
  let largest = 0
  for (let i = prior - 1; i >= month.start; i--) {
    const timeMs = recent.times[i]!
    if (timeMs >= todayMs) continue
    if (timeMs < dayStartMs) {
      dayStartMs = civilDayStartMs(timeMs)
      daySum = 0
      days++
    }
    if (isApproved(recent, i)) daySum += recent.amount(i)
    largest = Math.max(largest, daySum)
    if (largest >= sum) return false
  }
  return days >= row.DAILY_SUM.daysMin && sum > largest && sum - payment.amountMinor <= largest
}
