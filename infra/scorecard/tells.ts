import type { FraudType } from '#schemas/types.ts'
import { Genuine } from '../learning/metrics.ts'
import { featureNames } from './payments.ts'
import type { ScoredRun } from './run.ts'

/** A feature that tells alone, high or low, and how well: the better of AUC and 1 - AUC. */
export interface Tell {
  readonly feature: string
  readonly auc: number
}

/** The feature that tells most by itself, of all frauds and of each type, over training and test payments. */
export function bestFeatures({ payments, train, test }: ScoredRun): {
  readonly pooled: Tell
  readonly byType: Readonly<Partial<Record<FraudType, Tell>>>
} {
  const rows = [...train, ...test]
  const genuineRows = rows.filter((row) => payments.types[row] === 'NONE')
  const disputableRows = genuineRows.filter((row) => payments.disputable[row] === 1)
  const groups = new Map<string, number[]>([['pooled', rows.filter((row) => payments.types[row] !== 'NONE')]])
  for (const row of groups.get('pooled')!) {
    const own = groups.get(payments.types[row]!) ?? []
    groups.set(payments.types[row]!, own)
    own.push(row)
  }
  const best = new Map<string, Tell>()
  for (const [i, feature] of featureNames.entries()) {
    const of = (rows: readonly number[]): Genuine =>
      new Genuine(Float64Array.from(rows, (row) => payments.row(row)[i]!))
    const [genuine, disputable] = [of(genuineRows), of(disputableRows)]
    for (const [group, own] of groups) {
      const above = (group === 'FRIENDLY_FRAUD' ? disputable : genuine).auc(
        Float64Array.from(own, (row) => payments.row(row)[i]!),
      )
      const auc = Math.max(above, 1 - above)
      if (auc > (best.get(group)?.auc ?? 0)) best.set(group, { feature, auc })
    }
  }
  const { pooled, ...byType } = Object.fromEntries([...best].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { pooled: pooled ?? { feature: '', auc: Number.NaN }, byType }
}
