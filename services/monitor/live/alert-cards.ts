import type { Alert, AlertKind, Severity } from '#schemas/types.ts'

/** An alert in words: who, what, why. */
export interface AlertCard {
  readonly id: string
  readonly transactionId: string
  readonly kind: AlertKind
  readonly severity: Severity
  readonly ruleId: string
  readonly eventTimeMs: number
  readonly customerId: string
  readonly amountMinor: number
  readonly rail: string
  readonly city: string
  /** The rule in words, without the reasons that follow it in the alert's own text. */
  readonly text: string
  /** 0 to 1. */
  readonly score: number
  readonly reasons: readonly {
    readonly text: string
    /** Share of all that speaks for fraud, 0 to 1. */
    readonly contribution: number
  }[]
}

const REASONS_MAX = 3

export const cardOf = (alert: Alert): AlertCard => ({
  id: alert.alert_id,
  transactionId: alert.transaction_id,
  kind: alert.kind,
  severity: alert.severity,
  ruleId: alert.rule_id,
  eventTimeMs: alert.event_time,
  customerId: alert.customer_id,
  amountMinor: alert.amount_minor,
  rail: alert.payment_rail,
  city: alert.city,
  text: withoutReasons(alert),
  score: alert.score,
  reasons: alert.reasons.slice(0, REASONS_MAX).map(({ text, contribution }) => ({ text, contribution })),
})

/** The scorer writes: the rule's description, a full stop, the reasons. */
function withoutReasons({ text, reasons: [first] }: Alert): string {
  const end = first === undefined ? -1 : text.indexOf(`. ${first.text}`)
  return end < 0 ? text : text.slice(0, end)
}
