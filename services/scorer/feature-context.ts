import type { AnomalyTrail } from './anomaly-trail.ts'
import type { CustomerState } from './customer-state.ts'
import type { OwnMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import type { RecentPayments } from './recent-payments.ts'
import type { Windows } from './windows.ts'

/**
 * What anomalies are detected in: one payment, its customer as known just before it, and the answers about its
 * counterparty and device. Windows are half open, (time - window, time], in event time.
 */
export interface KnownContext {
  readonly payment: Payment
  readonly customer: CustomerState
  /** The customer's recent payments, this one among them if it is an attempt to pay. */
  readonly recent: RecentPayments
  /** Index after the last recent payment up to this one, this one included. */
  readonly end: number
  /** Index after the last recent payment before this one. */
  readonly prior: number
  /** Habits of the 30 days before. */
  readonly month: OwnMonth
  /** Counts and sums up to this payment, this one included. */
  readonly windows: Windows
  /** Great-circle km from home; -1 for a payment that is nowhere, and while no city is known for home. */
  readonly homeKm: number
  /** Speed from the last place in person (places.ts). */
  readonly kmh: number
  /** Cities paid at in person within 7 days, this payment included. */
  readonly cities: number
  /** How far the amount is from the customer's own, in standard deviations of its logarithm; 0 for money coming in. */
  readonly amountZ: number
  /** 1 if the merchant or payee is new to the customer. */
  readonly isNewParty: 0 | 1
  /** 1 if the device is, or was until a day ago. */
  readonly isNewDevice: 0 | 1
  /** Values of counterparty.ts and device.ts in their order; undefined where there is nothing to ask about. */
  readonly counterparty: readonly number[] | undefined
  readonly device: readonly number[] | undefined
}

/** What a feature is computed from: all of this, and what the detectors say of it and of the payments before. */
export interface FeatureContext extends KnownContext {
  /** Severities of this payment, packed (anomaly/severities.ts). */
  readonly anomalies: number
  readonly trail: AnomalyTrail
}

/** What the entity fold said of a payment's counterparty and device, as far as there are such. */
export interface EntityAnswers {
  counterparty: readonly number[] | undefined
  device: readonly number[] | undefined
}

/** A feature: pure, and blind to labels, which no part of the context knows. */
export type FeatureFunction = (context: FeatureContext) => number

export const isApproved = (recent: RecentPayments, index: number): boolean =>
  (recent.flags(index) & flag.declined) === 0
