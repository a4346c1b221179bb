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
  const places = rows.map((_, place) => place)
  const genuinePlaces = places.filter((place) => payments.types[rows[place]!] === 'NONE')
  const frauds = places.filter((place) => payments.types[rows[place]!] !== 'NONE')
  const byType = Map.groupBy(frauds, (place) => payments.types[rows[place]!]!)
  const comparable = new Comparable(payments, rows)
  const best = new Map<string, Tell>()
  for (const [i, feature] of featureNames.entries()) {
    const values = Float64Array.from(rows, (row) => payments.row(row)[i]!)
    const note = (group: string, own: readonly number[], winsOf: (place: number) => number): void => {
      const above = own.reduce((sum, place) => sum + winsOf(place), 0) / own.length
      const auc = Math.max(above, 1 - above)
      if (auc > (best.get(group)?.auc ?? 0)) best.set(group, { feature, auc })
    }
    const genuine = new Genuine(Float64Array.from(genuinePlaces, (place) => values[place]!))
    note('pooled', frauds, (place) => genuine.winsOf(values[place]!))
    const wins = comparable.wins(values)
    for (const [type, own] of byType) note(type, own, (place) => wins[place]!)
  }
  const { pooled, ...types } = Object.fromEntries([...best].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { pooled: pooled ?? { feature: '', auc: Number.NaN }, byType: types }
}
