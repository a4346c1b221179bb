import { alertTopics } from '#schemas/topics.ts'
import type { Alert, Reason } from '#schemas/types.ts'
import type { Emit } from '#services/fold.ts'
import type { CompiledRule } from './compile-rule.ts'
import { contextOf } from './context-of.ts'
import type { CustomerShared } from './customer-shared.ts'
import { type CustomerState, isTooLate, learn } from './customer-state.ts'
import { encodeFeatures, featureListVersion } from './features.ts'
import { computeOperands, operands, scoreIndex } from './operands.ts'
import { flag, type Payment } from './payment.ts'
import type { Pending } from './pending.ts'
import { modelVersion, scoreOf } from './score.ts'

const totalOf = { VELOCITY: 'velocity', ANOMALY: 'anomaly', FRAUD: 'fraud' } as const

/** More of them than these are in the record only: a line on a screen is short. */
const REASONS_IN_TEXT = 3

/** Filled anew for each payment. */
const values = new Float64Array(operands.length)

/**
 * Computes the features and the score of a payment whose answers are there, applies the rules, and takes the payment
 * up into what is known of its customer. Money coming in is no attempt to pay: it scores 0, and no rule looks at it.
 * What happens before `liveMs`, where the live clock starts, is history.
 */
export function judge(
  pending: Pending,
  customer: CustomerState,
  shared: CustomerShared,
  liveMs: number,
  emit: Emit,
): void {
  const { payment } = pending
  const isAttempt = (payment.flags & flag.outgoing) !== 0
  const late = isTooLate(customer, payment)
  if (late) shared.totals.tooLate++
  computeOperands(contextOf(payment, customer, late, pending), values)
  const { score, reasons } = isAttempt ? scoreOf(values) : { score: 0, reasons: [] }
  values[scoreIndex] = score
  emitAll(payment, { score, reasons }, emit)
  shared.totals.scored++
  if (isAttempt) {
    const judged: Judged = { payment, customer, scoreReasons: reasons, isHistory: payment.timeMs < liveMs }
    for (const rule of shared.rules.active) applyRule(rule, judged, shared, emit)
  }
  if (!late) learn(customer, payment)
}

function emitAll(payment: Payment, scored: ReturnType<typeof scoreOf>, emit: Emit): void {
  const {
    transactionId: transaction_id,
    customerId: customer_id,
    timeMs: event_time,
    intendedAt: intended_at,
  } = payment
  const list_version = featureListVersion
  const row = { transaction_id, customer_id, event_time, list_version, values: encodeFeatures(values), intended_at }
  emit('features', customer_id, row, event_time)
  const { score, reasons } = scored
  const model_version = modelVersion
  emit(
    'scores',
    customer_id,
    { transaction_id, customer_id, event_time, score, model_version, reasons, intended_at },
    event_time,
  )
}

interface Judged {
  readonly payment: Payment
  readonly customer: CustomerState
  readonly scoreReasons: readonly Reason[]
  readonly isHistory: boolean
}

function applyRule(compiled: CompiledRule, judged: Judged, shared: CustomerShared, emit: Emit): void {
  const { payment, customer } = judged
  const { rule, hash, cooldownMs } = compiled
  if (rule.kind === 'UNKNOWN' || !compiled.fires(values) || customer.cooldowns.isSilent(hash, payment.timeMs)) return
  if (cooldownMs > 0) customer.cooldowns.silence(hash, payment.timeMs, payment.timeMs + cooldownMs)
  shared.totals[totalOf[rule.kind]]++
  emit(alertTopics[rule.kind], payment.customerId, alertOf(compiled, judged), payment.timeMs)
}

/** A rule that looks at the score is explained by what the score is made of. */
function reasonsFor({ reasons }: CompiledRule, scoreReasons: readonly Reason[]): readonly Reason[] {
  const own = reasons(values)
  return own.some(({ feature }) => feature === 'score') ? [...own, ...scoreReasons] : own
}

function alertOf(compiled: CompiledRule, { payment, scoreReasons, isHistory }: Judged): Alert {
  const { rule } = compiled
  const why = reasonsFor(compiled, scoreReasons)
  return {
    alert_id: `${rule.rule_id}:${payment.transactionId}`,
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
  }
}
