import type { FraudType } from '#schemas/types.ts'
import { Genuine } from '../learning/metrics.ts'
import { Comparable } from './comparable.ts'
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
  const frauds = rows.filter((row) => payments.types[row] !== 'NONE')
  const byType = Map.groupBy(frauds, (row) => payments.types[row]!)
  const best = new Map<string, Tell>()
  for (const [i, feature] of featureNames.entries()) {
    const featureOf = (row: number): number => payments.row(row)[i]!
    const note = (group: string, own: readonly number[], winsOf: (row: number) => number): void => {
      const above = own.reduce((sum, row) => sum + winsOf(row), 0) / own.length
      const auc = Math.max(above, 1 - above)
      if (auc > (best.get(group)?.auc ?? 0)) best.set(group, { feature, auc })
    }
    const genuine = new Genuine(genuineRows.map(featureOf))
    note('pooled', frauds, (row) => genuine.winsOf(featureOf(row)))
    const comparable = new Comparable(payments, rows, (place) => featureOf(rows[place]!))
    for (const [type, own] of byType) note(type, own, (row) => comparable.winsOf(row, featureOf(row)))
  }
  const { pooled, ...types } = Object.fromEntries([...best].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { pooled: pooled ?? { feature: '', auc: Number.NaN }, byType: types }
}
