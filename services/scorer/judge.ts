import { alertTopics } from '#schemas/topics.ts'
import type { Alert, Reason, Rule } from '#schemas/types.ts'
import type { Emit } from '#services/fold.ts'
import type { AlertGroup } from './alert-groups.ts'
import type { CompiledRule } from './compile-rule.ts'
import { contextOf } from './context-of.ts'
import type { CustomerShared } from './customer-shared.ts'
import { type CustomerState, isTooLate, learn } from './customer-state.ts'
import { encodeFeatures, featureListVersion } from './features.ts'
import { computeOperands, operands, scoreIndex } from './operands.ts'
import { flag, type Payment } from './payment.ts'
import type { Pending } from './pending.ts'
import { type Explanation, type Scoring, unexplained } from './score.ts'

const totalOf = { VELOCITY: 'velocity', ANOMALY: 'anomaly', FRAUD: 'fraud' } as const

/** More of them than these are in the record only: a line on a screen is short. */
const REASONS_IN_TEXT = 3

/** Filled anew for each payment. */
const values = new Float64Array(operands.length)

/** What is the same for all payments. */
export interface Judgement {
  readonly scoring: Scoring
  /** What happens before this, where the live clock starts, is history. */
  readonly liveMs: number
}

/**
 * Computes the features and the score of a payment whose answers are there, applies the rules, and takes the payment
 * up into what is known of its customer. Money coming in is no attempt to pay: it scores 0, and no rule looks at it.
 * A score is explained where a rule raises an alert: to explain is dear.
 */
export function judge(
  pending: Pending,
  customer: CustomerState,
  shared: CustomerShared,
  { scoring, liveMs }: Judgement,
  emit: Emit,
): void {
  const { payment } = pending
  const isAttempt = (payment.flags & flag.outgoing) !== 0
  const late = isTooLate(customer, payment)
  if (late) shared.totals.tooLate++
  const { crowdedOut } = customer.recent
  computeOperands(contextOf(payment, customer, late, pending), values)
  shared.totals.crowdedOut += customer.recent.crowdedOut - crowdedOut
  values[scoreIndex] = isAttempt ? scoring.score(values) : 0
  const raised = isAttempt ? raisedBy(shared.rules.active, payment, customer) : []
  const why = raised.length > 0 ? scoring.explain(values) : unexplained
  emitAll(payment, scoring.version, why.reasons, emit)
  shared.totals.scored++
  for (const one of raised) {
    const { kind } = one.compiled.rule
    if (kind === 'UNKNOWN') continue
    shared.totals[totalOf[kind]]++
    emit(alertTopics[kind], payment.customerId, alertOf(one, payment, why, payment.timeMs < liveMs), payment.timeMs)
  }
  if (!late) learn(customer, payment)
}

/** What both records begin with is written out: to copy it from one object and go on cost a hundredth of the whole fold. */
function emitAll(payment: Payment, version: string, reasons: readonly Reason[], emit: Emit): void {
  const { transactionId, customerId, timeMs, intendedAt } = payment
  const features = {
    transaction_id: transactionId,
    customer_id: customerId,
    event_time: timeMs,
    intended_at: intendedAt,
    list_version: featureListVersion,
    values: encodeFeatures(values),
  }
  emit('features', customerId, features, timeMs)
  const score = {
    transaction_id: transactionId,
    customer_id: customerId,
    event_time: timeMs,
    intended_at: intendedAt,
    score: values[scoreIndex]!,
    model_version: version,
    reasons,
  }
  emit('scores', customerId, score, timeMs)
}

interface Raised {
  readonly compiled: CompiledRule
  readonly group: AlertGroup
}

/** The rules that fire and are not silent for this customer. */
function raisedBy(rules: readonly CompiledRule[], payment: Payment, { alerts }: CustomerState): readonly Raised[] {
  const { customerId, transactionId, timeMs } = payment
  const raised: Raised[] = []
  for (const compiled of rules) {
    if (!compiled.fires(values) || !compiled.samples(customerId)) continue
    const group = alerts.fire(compiled.hash, compiled.cooldownMs, { transactionId, timeMs })
    if (group !== undefined) raised.push({ compiled, group })
  }
  return raised
}

/** What the rule compared, then what else the score rests on. */
function reasonsFor({ reasons }: CompiledRule, { shares, reasons: ofScore }: Explanation): readonly Reason[] {
  const own = reasons(values, shares)
  return [...own, ...ofScore.filter(({ feature }) => own.every((reason) => reason.feature !== feature))]
}

const alertId = ({ rule_id }: Rule, transactionId: string): string => `${rule_id}:${transactionId}`

function alertOf({ compiled, group }: Raised, payment: Payment, explanation: Explanation, isHistory: boolean): Alert {
  const { rule } = compiled
  const why = reasonsFor(compiled, explanation)
  return {
    alert_id: alertId(rule, payment.transactionId),
    transaction_id: payment.transactionId,
    customer_id: payment.customerId,
    event_time: payment.timeMs,
    kind: rule.kind,
    rule_id: rule.rule_id,
    severity: rule.severity,
    score: values[scoreIndex]!,
    text: `${rule.description}. ${why
      .slice(0, REASONS_IN_TEXT)
      .map(({ text }) => text)
      .join('; ')}`,
    reasons: why,
    amount_minor: payment.amountMinor,
    payment_rail: payment.rail,
    city: payment.city,
    history: isHistory,
    intended_at: payment.intendedAt,
    group_id: alertId(rule, group.firstId),
    transactions: group.transactions.map((one) => ({ transaction_id: one.transactionId, event_time: one.timeMs })),
  }
}
