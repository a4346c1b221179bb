import type { AnomalyFamily, Transaction } from '#schemas/types.ts'
import type { Account } from '../account.ts'
import type { Mark, PaymentStep, Scene } from '../method.ts'

/** What an honest customer's whim may look at. */
export type Moment = Pick<Scene, 'account' | 'random' | 'chance' | 'nowMs'>

import data from './anomalies.json' with { type: 'json' }

export const anomalies = data

export type Family = Exclude<AnomalyFamily, 'UNKNOWN'>

/** That a record meets the definition of a family. */
export interface Shown {
  readonly subtype: string
  /** 0 to 1. */
  readonly severity: number
}

export type Rewrite = NonNullable<Mark['rewrite']>

/** What an honest customer does: the record at hand is another one, or a payment of its own comes later. */
export interface Deed {
  /** In words, for the truth. */
  readonly cause: string
  readonly rewrite?: Rewrite
  readonly payment?: PaymentStep
}

/** A reason for which genuine payments are odd. */
export interface BenignCause {
  /** Among all causes of all families. */
  readonly weight: number
  /** What comes of it at this genuine record; undefined if it cannot happen here. */
  deed(transaction: Transaction, scene: Moment): Deed | undefined
}

/** A family of anomalies: one file, one row of anomalies.json. */
export interface AnomalyMethod {
  readonly family: Family
  readonly minHistory: number
  /** The gravest subtype that a payment shows, given the account's history before it. */
  shown(transaction: Transaction, account: Account): Shown | undefined
  readonly causes: readonly BenignCause[]
}

/** The graver of two, either of which may be missing. */
export const graver = (a: Shown | undefined, b: Shown | undefined): Shown | undefined =>
  a === undefined || (b !== undefined && b.severity > a.severity) ? b : a

/** A subtype with its severity, kept between the least there is and 1, to hundredths. */
export const shows = (subtype: string, severity: number): Shown => ({
  subtype,
  severity: Math.round(100 * Math.min(1, Math.max(anomalies.severityLeast, severity))) / 100,
})
