import { DAY_MS, HOUR_MS } from '#services/time.ts'
import type { AnomalyTrail } from './anomaly-trail.ts'
import type { CustomerState } from './customer-state.ts'
import type { OwnMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import type { RecentPayments } from './recent-payments.ts'

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

/** Index of the first recent payment within the window that ends at this payment: of most windows it is known. */
export function startOf({ recent, payment, month }: KnownContext, windowMs: number): number {
  if (windowMs === HOUR_MS) return month.hourStart
  if (windowMs === DAY_MS) return month.dayStart
  if (windowMs === 7 * DAY_MS) return month.weekStart
  return recent.firstAfter(payment.timeMs - windowMs)
}

export type Matches = (recent: RecentPayments, index: number, payment: Payment) => boolean

export const byAnything: Matches = () => true

export const byInstrument: Matches = (recent, index, payment) => recent.instrument(index) === payment.instrument

export const isApproved = (recent: RecentPayments, index: number): boolean =>
  (recent.flags(index) & flag.declined) === 0

/** Payments in the window, this one included. */
export const allWithin = (context: KnownContext, windowMs: number): number => context.end - startOf(context, windowMs)

/** Payments in the window that match, this one included. */
export function countWithin(context: KnownContext, windowMs: number, matches: Matches): number {
  const { recent, payment, end } = context
  let count = 0
  for (let i = startOf(context, windowMs); i < end; i++) if (matches(recent, i, payment)) count++
  return count
}

/** Approved paise in the window that match, this payment included. */
export function sumWithin(context: KnownContext, windowMs: number, matches: Matches): number {
  const { recent, payment, end } = context
  let sum = 0
  for (let i = startOf(context, windowMs); i < end; i++) {
    if (isApproved(recent, i) && matches(recent, i, payment)) sum += recent.amount(i)
  }
  return sum
}
