import { detect } from './anomaly/detect.ts'
import { type AnomalyTrail, anomalyTrail } from './anomaly-trail.ts'
import { isNewCounterparty } from './behavioral.ts'
import type { CustomerState } from './customer-state.ts'
import { type EntityAnswers, type FeatureContext, isApproved } from './feature-context.ts'
import { ownMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import type { RecentPayments } from './recent-payments.ts'

/** The context under construction: what the detectors find needs all the rest of it. */
type Building = { -readonly [Name in keyof FeatureContext]: FeatureContext[Name] }

/**
 * Puts together what features are computed from. `at` is where the payment stands among its customer's recent ones; -1
 * for one that is not among them. In one that is, what the detectors find is noted for the payments after it.
 */
export function contextOf(
  payment: Payment,
  customer: CustomerState,
  at: number,
  answers: EntityAnswers,
): FeatureContext {
  const { recent } = customer
  const prior = at < 0 ? recent.firstAfter(payment.timeMs) : at
  const end = at < 0 ? prior : at + 1
  const month = ownMonth(recent, payment, prior)
  const context: Building = {
    payment,
    customer,
    recent,
    end,
    prior,
    month,
    priorAmounts: approvedAmounts(recent, month.start, prior),
    homeKm: Math.round(customer.places.fromHomeKm(payment)),
    counterparty: answers.counterparty,
    device: answers.device,
    anomalies: 0,
    trail: undefined as unknown as AnomalyTrail,
  }
  if (at >= 0) note(context, at)
  context.trail = anomalyTrail(recent, payment.timeMs, month.start, end)
  return context
}

function note(context: Building, at: number): void {
  const { recent, homeKm } = context
  context.anomalies = detect(context)
  recent.anomalies[at] = context.anomalies
  if (homeKm >= 0) recent.homeKm[at] = homeKm
  if (isNewCounterparty(context) === 1) recent.flags[at]! |= flag.newCounterparty
}

function approvedAmounts(recent: RecentPayments, start: number, end: number): Float64Array {
  const amounts = new Float64Array(Math.max(0, end - start))
  let count = 0
  for (let i = start; i < end; i++) if (isApproved(recent, i)) amounts[count++] = recent.amounts[i]!
  return amounts.subarray(0, count).sort()
}
