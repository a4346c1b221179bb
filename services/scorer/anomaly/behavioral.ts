import { DAY_MS } from '#services/time.ts'
import { merchantTypeCode } from '../codes.ts'
import type { KnownContext } from '../feature-context.ts'
import { categoryShare, mixDistance, railShare } from '../own-month.ts'
import { flag } from '../payment.ts'
import detectors from './detectors.json' with { type: 'json' }
import { poissonTail } from './poisson.ts'
import type { Finding } from './severities.ts'

const row = detectors.BEHAVIORAL
const online = merchantTypeCode('ONLINE')
const local = merchantTypeCode('LOCAL')
/** Kinds that the chance of a merchant type is spread over. */
const MERCHANT_TYPES = 7

/** By surprise in bits: what happens once in 64 times has the severity base + slope. */
const severityOf = (probability: number): number =>
  Math.min(
    1,
    row.severity.base + (row.severity.slope * -Math.log2(Math.max(Number.MIN_VALUE, probability))) / row.severity.bits,
  )

/** What, with what and with whom: unlike the payments of the 30 days before. */
export function behavioralAnomalies(context: KnownContext): readonly Finding[] {
  const { month, payment } = context
  if (month.count < row.minHistory.value) return []
  const findings: Finding[] = []
  const category = categoryShare(month)
  if (category < row.NEW_CATEGORY.shareBelow) {
    findings.push({ subtype: 'NEW_CATEGORY', severity: severityOf(category) })
  }
  if (hasShifted(context)) findings.push({ subtype: 'CATEGORY_MIX_SHIFT', severity: severityOf(category) })
  const rail = railShare(month)
  if (rail < row.INSTRUMENT_SWITCH.shareBelow) {
    findings.push({ subtype: 'INSTRUMENT_SWITCH', severity: severityOf(rail) })
  }
  if (payment.merchantType === online || payment.merchantType === local) {
    const last = context.customer.merchantTypes.lastMs(payment.merchantType)
    if (last === undefined || last <= payment.timeMs - row.NEW_MERCHANT_TYPE.days * DAY_MS) {
      findings.push({ subtype: 'NEW_MERCHANT_TYPE', severity: severityOf(1 / (month.count + MERCHANT_TYPES)) })
    }
  }
  const burst = burstProbability(context)
  if (burst < 1) findings.push({ subtype: 'COUNTERPARTY_BURST', severity: severityOf(burst) })
  return findings
}

function hasShifted({ month, recent }: KnownContext): boolean {
  const { paymentsMin, distanceAbove } = row.CATEGORY_MIX_SHIFT
  const hasGrown = month.weekSameCategory * month.count > month.sameCategory * month.weekCount
  return month.weekCount >= paymentsMin && hasGrown && mixDistance(recent, month) > distanceAbove
}

/** How likely so many first meetings a day are at the own rate of the days before; 1 where they are not too many. */
function burstProbability(context: KnownContext): number {
  const { month, payment, recent } = context
  if (context.isNewParty === 0) return 1
  const { deviations, countMin } = row.COUNTERPARTY_BURST
  const today = metToday(context) + 1
  if (today < countMin) return 1
  const days = Math.max(1, Math.ceil((payment.timeMs - DAY_MS - recent.times[month.start]!) / DAY_MS))
  const byDay = new Array<number>(days).fill(0)
  for (let i = month.start; i < context.prior; i++) {
    const day = Math.floor((payment.timeMs - recent.times[i]!) / DAY_MS)
    if (day >= 1 && (recent.flags(i) & flag.newCounterparty) !== 0) byDay[Math.min(days, day) - 1]!++
  }
  const mean = byDay.reduce((sum, count) => sum + count, 0) / days
  const variance = byDay.reduce((sum, count) => sum + (count - mean) ** 2, 0) / days
  const limit = mean + deviations * Math.sqrt(Math.max(mean, variance))
  return today > limit ? poissonTail(today, mean) : 1
}

function metToday({ recent, month, prior }: KnownContext): number {
  let count = 0
  for (let i = month.dayStart; i < prior; i++) {
    if ((recent.flags(i) & flag.newCounterparty) !== 0) count++
  }
  return count
}
