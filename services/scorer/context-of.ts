import { detect } from './anomaly/detect.ts'
import { AnomalyTrail, anomalyTrail } from './anomaly-trail.ts'
import { isNewCounterparty, isNewDevice } from './behavioral.ts'
import type { CustomerState } from './customer-state.ts'
import type { EntityAnswers, FeatureContext } from './feature-context.ts'
import { citiesSince } from './geographic.ts'
import { ownMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import { NOWHERE } from './recent-payments.ts'
import { windowsOf } from './windows.ts'

/** The context under construction: what the detectors find needs all the rest of it, and the trail is made of that. */
type Building = { -readonly [Name in keyof FeatureContext]: FeatureContext[Name] }

const noTrail = new AnomalyTrail()

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
    windows: windowsOf(recent, payment, month, end),
    homeKm: customer.places.fromHomeKm(payment),
    kmh: customer.places.speedKmh(payment),
    cities: citiesSince(month.weekStart, recent, end),
    amountZ: isAttempt ? customer.amounts.zScore(payment.amountMinor) : 0,
    isNewParty: isNewCounterparty(customer, payment),
    isNewDevice: isNewDevice(customer, payment),
    counterparty: answers.counterparty,
    device: answers.device,
    anomalies: 0,
    trail: noTrail,
  }
  if (at >= 0) note(context, at)
  context.trail = anomalyTrail(recent, payment.timeMs, month, end)
  return context
}

function note(context: Building, at: number): void {
  const { recent, homeKm, isNewParty } = context
  const anomalies = detect(context)
  context.anomalies = anomalies
  recent.note(at, {
    anomalies,
    homeKm: homeKm >= 0 ? Math.round(homeKm) : NOWHERE,
    flags: recent.flags(at) | (isNewParty === 1 ? flag.newCounterparty : 0),
  })
}
