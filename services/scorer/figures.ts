import type { CustomerShared, ScorerTotals } from './customer-shared.ts'
import type { EntityShared } from './entity-fold.ts'

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

/** A fold on the partitions that this process has. */
interface Stores<Shared> {
  readonly shared: readonly Shared[]
  readonly keyCount: number
  readonly evicted: number
}

/** What a limit can take something from. */
export const stores = ['customers', 'entities', 'payments', 'answers', 'questions', 'reports'] as const
export type Store = (typeof stores)[number]

/** How much the scorer remembers, and what it had to give up for its limits. */
export interface ScorerLimits {
  readonly keys: Readonly<Record<'customers' | 'entities', number>>
  /**
   * Customers and entities: the ones left alone longest, for the limit on their number. Payments: the oldest of their
   * customer, before their time. Answers that a payment did not wait for, and questions answered before their turn,
   * because too many were waiting. Reports likewise, and the oldest of their merchant, before their time.
   */
  readonly evicted: Readonly<Record<Store, number>>
}

export function scorerLimits(customers: Stores<CustomerShared>, entities: Stores<EntityShared>): ScorerLimits {
  const sum = <Shared>(shared: readonly Shared[], of: (one: Shared) => number): number =>
    shared.reduce((total, one) => total + of(one), 0)
  return {
    keys: { customers: customers.keyCount, entities: entities.keyCount },
    evicted: {
      customers: customers.evicted,
      entities: entities.evicted,
      payments: sum(customers.shared, ({ totals }) => totals.crowdedOut),
      answers: sum(customers.shared, ({ pending }) => pending.unanswered),
      questions: sum(entities.shared, ({ merge }) => merge.overflowed),
      reports: sum(entities.shared, ({ reports, crowdedOut }) => reports.overflowed + crowdedOut),
    },
  }
}
