import type { Transaction } from '#schemas/types.ts'
import { HOUR_MS } from '../../time.ts'
import { type Account, homeCity } from '../account.ts'
import { inPerson } from '../history.ts'
import { kmBetween } from '../places.ts'
import { type AnomalyMethod, anomalies, graver, type Shown, shows } from './anomaly.ts'
import { isOwnPayment } from './habits.ts'

const row = anomalies.GEOGRAPHIC
const { IMPOSSIBLE_TRAVEL, FAST_TRAVEL, FAR_FROM_HOME } = row.subtypes

/** Something done from afar says nothing about where the customer is. */
function shown(tx: Transaction, account: Account): Shown | undefined {
  if (!isOwnPayment(tx) || tx.location_type === 'REMOTE' || account.seen < row.minHistory) return undefined
  return graver(travelled(tx, account), farFromHome(tx, account))
}

function travelled(tx: Transaction, { present }: Account): Shown | undefined {
  if (present === null || !inPerson(tx)) return undefined
  const km = kmBetween(present.city, tx.city)
  if (km <= row.kmApartMin) return undefined
  const speed = km / (Math.max(1, tx.event_time - present.timeMs) / HOUR_MS)
  const { severity } = row
  if (speed > IMPOSSIBLE_TRAVEL.kmPerHourAbove) {
    return shows('IMPOSSIBLE_TRAVEL', speed > severity.extremeKmPerHour ? severity.extreme : severity.impossible)
  }
  return speed > FAST_TRAVEL.kmPerHourAbove ? shows('FAST_TRAVEL', severity.fast) : undefined
}

function farFromHome(tx: Transaction, account: Account): Shown | undefined {
  const home = homeCity(account)
  const km = kmBetween(home, tx.city)
  if (km <= FAR_FROM_HOME.kmAbove) return undefined
  let asFar = 0
  for (const [city, count] of Object.entries(account.cities)) if (kmBetween(home, city) >= km) asFar += count
  if (asFar >= Math.max(FAR_FROM_HOME.recordsMax, FAR_FROM_HOME.shareMax * account.seen)) return undefined
  return shows('FAR_FROM_HOME', row.severity.base + row.severity.span * Math.min(1, km / row.severity.km))
}

/** Its innocent causes are trips, which the world makes: none is added. */
export const geographic: AnomalyMethod = { family: 'GEOGRAPHIC', minHistory: row.minHistory, shown, causes: [] }
