import { detect } from './anomaly/detect.ts'
import { type AnomalyTrail, anomalyTrail } from './anomaly-trail.ts'
import { isNewCounterparty } from './behavioral.ts'
import type { CustomerState } from './customer-state.ts'
import { type EntityAnswers, type FeatureContext, isApproved } from './feature-context.ts'
import { ownMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import { RECENT_MAX, type RecentPayments } from './recent-payments.ts'

/** The context under construction: what the detectors find needs all the rest of it. */
type Building = { -readonly [Name in keyof FeatureContext]: FeatureContext[Name] }

/**
 * Takes a record up into its customer's windows, unless it is too late, and puts together what features are computed
 * from. What the detectors find in an attempt to pay is noted for the payments after it.
 */
export function contextOf(
  payment: Payment,
  customer: CustomerState,
  isTooLate: boolean,
  answers: EntityAnswers,
): FeatureContext {
  const { recent } = customer
  const isAttempt = (payment.flags & flag.outgoing) !== 0
  const at = isAttempt && !isTooLate ? recent.insert(payment) : -1
  if (!isAttempt && !isTooLate) customer.moneyIn.insert(payment)
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
    homeKm: customer.places.fromHomeKm(payment),
    isNewParty: isNewCounterparty(customer, payment),
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
  const { recent, homeKm, isNewParty } = context
  context.anomalies = detect(context)
  recent.anomalies[at] = context.anomalies
  if (homeKm >= 0) recent.homeKm[at] = Math.round(homeKm)
  if (isNewParty === 1) recent.flags[at]! |= flag.newCounterparty
}

/** Filled anew for each payment: a context is used up before the next one is made. */
const scratch = new Float64Array(RECENT_MAX)

/** Sorted by insertion: of a few dozen numbers that is quicker than to ask the engine for it. */
function approvedAmounts(recent: RecentPayments, start: number, end: number): Float64Array {
  const { amounts } = recent
  let count = 0
  for (let i = start; i < end; i++) {
    if (!isApproved(recent, i)) continue
    const amount = amounts[i]!
    let at = count++
    for (; at > 0 && scratch[at - 1]! > amount; at--) scratch[at] = scratch[at - 1]!
    scratch[at] = amount
  }
  return scratch.subarray(0, count)
}
