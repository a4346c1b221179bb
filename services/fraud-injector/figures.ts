import type { FraudType } from '#schemas/types.ts'
import type { InjectorTotals } from './totals.ts'

/** What the injector says of itself. */
export interface InjectorFigures {
  readonly consumed: number
  readonly transactions: number
  readonly fraud: number
  readonly byType: Partial<Record<FraudType, number>>
}

/** Puts the partitions' totals together. */
export function injectorFigures(partitions: readonly InjectorTotals[]): InjectorFigures {
  const byType: Partial<Record<FraudType, number>> = {}
  for (const totals of partitions) {
    for (const [type, count] of Object.entries(totals.byType) as [FraudType, number][]) {
      byType[type] = (byType[type] ?? 0) + count
    }
  }
  const sum = (name: 'consumed' | 'transactions' | 'fraud'): number =>
    partitions.reduce((total, totals) => total + totals[name], 0)
  return { consumed: sum('consumed'), transactions: sum('transactions'), fraud: sum('fraud'), byType }
}
