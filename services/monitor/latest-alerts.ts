import type { Alert, AlertKind, Severity } from '#schemas/types.ts'

/** What a person needs to see of an alert. */
export interface AlertView {
  readonly kind: AlertKind
  readonly severity: Severity
  readonly eventTimeMs: number
  readonly customerId: string
  readonly text: string
  readonly reasons: readonly { readonly feature: string; readonly value: number; readonly baseline: number }[]
  readonly amountMinor: number
  readonly city: string
}

const REASONS_MAX = 3

const viewOf = (alert: Alert): AlertView => ({
  kind: alert.kind,
  severity: alert.severity,
  eventTimeMs: alert.event_time,
  customerId: alert.customer_id,
  text: alert.text,
  reasons: alert.reasons.slice(0, REASONS_MAX).map(({ feature, value, baseline }) => ({ feature, value, baseline })),
  amountMinor: alert.amount_minor,
  city: alert.city,
})

/** The newest alerts as they arrived. For people only: it is not part of the fold's state. */
export class LatestAlerts {
  readonly #views: AlertView[] = []
  readonly #countMax: number

  constructor(countMax = 10) {
    this.#countMax = countMax
  }

  push(alert: Alert): void {
    this.#views.push(viewOf(alert))
    if (this.#views.length > this.#countMax) this.#views.shift()
  }

  /** Newest last. */
  list(): readonly AlertView[] {
    return [...this.#views]
  }
}
