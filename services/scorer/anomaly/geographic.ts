import type { KnownContext } from '../feature-context.ts'
import { flag } from '../payment.ts'
import { NOWHERE } from '../recent-payments.ts'
import detectors from './detectors.json' with { type: 'json' }
import type { Finding } from './severities.ts'

const row = detectors.GEOGRAPHIC

/** Where, and how fast from the place before: of payments in person. */
export function geographicAnomalies(context: KnownContext): readonly Finding[] {
  const { payment, kmh, cities } = context
  if ((payment.flags & flag.physical) === 0) return []
  const findings: Finding[] = []
  const { IMPOSSIBLE_TRAVEL: impossible, FAST_TRAVEL: fast, distance } = row
  if (kmh > impossible.kmhAbove) {
    const severity = kmh > impossible.fastKmhAbove ? impossible.fastSeverity : impossible.severity
    findings.push({ subtype: 'IMPOSSIBLE_TRAVEL', severity })
  } else if (kmh > fast.kmhAbove) findings.push({ subtype: 'FAST_TRAVEL', severity: fast.severity })
  const severity = distance.base + distance.slope * Math.min(1, Math.max(0, Math.round(context.homeKm)) / distance.km)
  if (Math.round(context.homeKm) > row.FAR_FROM_HOME.kmAbove && isFar(context))
    findings.push({ subtype: 'FAR_FROM_HOME', severity })
  if (cities >= row.CITY_HOPPING.citiesMin && !isTraveller(context)) {
    findings.push({ subtype: 'CITY_HOPPING', severity })
  }
  if ((payment.flags & flag.foreign) !== 0) findings.push({ subtype: 'FOREIGN', severity })
  return findings
}

/** Hardly ever as far, or nearly as far, in the 30 days before. */
function isFar({ recent, month, prior, homeKm }: KnownContext): boolean {
  const { shareBelow, nearKm } = row.FAR_FROM_HOME
  let placed = 0
  let asFar = 0
  for (let i = month.start; i < prior; i++) {
    const km = recent.homeKm(i)
    if (km === NOWHERE) continue
    placed++
    if (km >= Math.round(homeKm) - nearKm) asFar++
  }
  return asFar === 0 || asFar < shareBelow * placed
}

/** Was away often enough before the week. */
function isTraveller({ recent, month }: KnownContext): boolean {
  const { travellerShare, travellerKm } = row.CITY_HOPPING
  const end = month.weekStart
  let placed = 0
  let away = 0
  for (let i = month.start; i < end; i++) {
    const km = recent.homeKm(i)
    if (km === NOWHERE) continue
    placed++
    if (km > travellerKm) away++
  }
  return placed > 0 && away >= travellerShare * placed
}
