import type { CustomerShared, ScorerTotals } from './customer-shared.ts'

/** What the scorer says of itself. */
export interface ScorerFigures {
  readonly scored: number
  /** Delivered again and not scored twice; and more than a day late: scored, but remembered no more. */
  readonly duplicates: number
  readonly tooLate: number
  readonly alerts: { readonly velocity: number; readonly anomaly: number; readonly fraud: number }
}

/** Puts the partitions' totals together. */
export function scorerFigures(partitions: readonly CustomerShared[]): ScorerFigures {
  const sum = (name: keyof ScorerTotals): number => partitions.reduce((total, shared) => total + shared.totals[name], 0)
  return {
    scored: sum('scored'),
    duplicates: sum('duplicates'),
    tooLate: sum('tooLate'),
    alerts: { velocity: sum('velocity'), anomaly: sum('anomaly'), fraud: sum('fraud') },
  }
}
