import type { GroundTruth, Transaction } from '#schemas/types.ts'
import type { Account } from '../account.ts'
import type { AnomalyMethod } from './anomaly.ts'
import { geographic } from './geographic.ts'
import { families } from './registry.ts'

/** What a truth says of anomalies: the families, and the severity of the gravest. */
export type AnomalyLabel = Pick<GroundTruth, 'anomaly_types' | 'anomaly_severity'>

/** What most payments show. */
export const noLabel: AnomalyLabel = { anomaly_types: [], anomaly_severity: 0 }

/** Of a payment that a scenario brought about: all that it shows, by the account's history before it. */
export const labelOf = (tx: Transaction, account: Account): AnomalyLabel => label(families, tx, account)

const trips = [geographic]

/** Of a payment that nobody touched: a trip is one of the world's own scenarios, all else it shows is chance. */
export const worldLabelOf = (tx: Transaction, account: Account): AnomalyLabel =>
  tx.location_type === 'TRAVEL' ? label(trips, tx, account) : noLabel

function label(among: readonly AnomalyMethod[], tx: Transaction, account: Account): AnomalyLabel {
  const found = among.flatMap(({ family, shown }) => {
    const seen = shown(tx, account)
    return seen === undefined ? [] : [{ family, severity: seen.severity }]
  })
  if (found.length === 0) return noLabel
  return {
    anomaly_types: found.map(({ family }) => family),
    anomaly_severity: Math.max(...found.map(({ severity }) => severity)),
  }
}
