import type { Transaction } from '#schemas/types.ts'

/** What a person needs to see of a payment. */
export interface PaymentView {
  readonly id: string
  readonly eventTimeMs: number
  readonly customerId: string
  readonly amountMinor: number
  readonly rail: Transaction['payment_rail']
  /** The merchant's name, or the payee of a transfer. */
  readonly party: string
  readonly city: string
  readonly status: Transaction['status_response']['status']
}

const viewOf = (tx: Transaction): PaymentView => ({
  id: tx.transaction_id,
  eventTimeMs: tx.event_time,
  customerId: tx.customer_id,
  amountMinor: tx.amount_minor,
  rail: tx.payment_rail,
  party: tx.merchant_name ?? tx.payee_id ?? '',
  city: tx.city,
  status: tx.status_response.status,
})

/** A few payments a second, as many as can be read while they go past; newest first. */
export class PaymentSample {
  readonly #everyMs: number
  readonly #countMax: number
  readonly #views: PaymentView[] = []
  #takenMs = Number.NEGATIVE_INFINITY

  constructor(everyMs: number, countMax: number) {
    this.#everyMs = everyMs
    this.#countMax = countMax
  }

  offer(tx: Transaction, nowMs: number): void {
    if (nowMs - this.#takenMs < this.#everyMs) return
    this.#takenMs = nowMs
    this.#views.unshift(viewOf(tx))
    if (this.#views.length > this.#countMax) this.#views.pop()
  }

  list(): readonly PaymentView[] {
    return [...this.#views]
  }
}
