import type { AnomalyFamily, FraudType } from '#schemas/types.ts'
import type { Fault } from './disorder.ts'
import type { InjectorTotals } from './totals.ts'

/** What the injector says of itself. */
export interface InjectorFigures {
  readonly consumed: number
  readonly transactions: number
  /** Of the transactions, those that have reached `transactions` readable, each counted once; what befell the others. */
  readonly delivered: number
  readonly faults: Partial<Record<Fault, number>>
  readonly fraud: number
  readonly byType: Partial<Record<FraudType, number>>
  /** Campaigns begun, and those of them that are not over. */
  readonly campaigns: Partial<Record<FraudType, number>>
  readonly activeCampaigns: Partial<Record<FraudType, number>>
  /** Transactions that are anomalous, in all and by family, of which one may show several. */
  readonly anomalous: number
  readonly anomalies: Partial<Record<AnomalyFamily, number>>
}

/** Puts the partitions' totals together. */
export function injectorFigures(partitions: readonly InjectorTotals[]): InjectorFigures {
  const sum = (name: 'consumed' | 'transactions' | 'delivered' | 'fraud' | 'anomalous'): number =>
    partitions.reduce((total, totals) => total + totals[name], 0)
  return {
    consumed: sum('consumed'),
    transactions: sum('transactions'),
    delivered: sum('delivered'),
    faults: sumBy(partitions.map((totals) => totals.faults)),
    fraud: sum('fraud'),
    byType: sumBy(partitions.map((totals) => totals.byType)),
    campaigns: sumBy(partitions.map((totals) => totals.campaigns)),
    activeCampaigns: sumBy(partitions.map((totals) => totals.active)),
    anomalous: sum('anomalous'),
    anomalies: sumBy(partitions.map((totals) => totals.anomalies)),
  }
}

function sumBy<Name extends string>(parts: readonly Partial<Record<Name, number>>[]): Partial<Record<Name, number>> {
  const total: Partial<Record<Name, number>> = {}
  for (const part of parts) {
    for (const [name, count] of Object.entries(part) as [Name, number][]) total[name] = (total[name] ?? 0) + count
  }
  return total
}
