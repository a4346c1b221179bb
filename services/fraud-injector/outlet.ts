import type { CustomerEvent, GroundTruth, Transaction } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import type { Account } from './account.ts'
import type { Anomalies } from './anomalies/benign.ts'
import type { RateController } from './rate.ts'
import type { InjectorTotals } from './totals.ts'

type InjectorContext = Context<Account, InjectorTotals>

/** Sends on what has come about, each transaction with its truth, and counts it. */
export class Outlet {
  readonly #rate: RateController
  readonly #anomalies: Anomalies

  constructor(rate: RateController, anomalies: Anomalies) {
    this.#rate = rate
    this.#anomalies = anomalies
  }

  /** Sends what timers have made, now that the wall-clock moment meant for it can be told. */
  release(context: InjectorContext, intendedAt: (timeMs: number) => number | null): void {
    const { shared } = context
    if (shared.held.length === 0) return
    for (const held of shared.held) {
      const { event_time: timeMs, customer_id: key } = held.value
      const intended_at = intendedAt(timeMs)
      if (held.topic === 'transactions') this.send(context, { ...held.value, intended_at }, held.truth)
      else context.emit('customer-events', key, { ...(held.value as CustomerEvent), intended_at }, timeMs)
    }
    shared.held = []
  }

  send(context: InjectorContext, tx: Transaction, truth: GroundTruth): void {
    const { shared } = context
    context.emit('transactions', tx.customer_id, tx, tx.event_time)
    context.emit('ground-truth', tx.customer_id, truth, tx.event_time)
    shared.transactions++
    shared.sentMs = tx.event_time
    if (truth.is_fraud) {
      shared.fraud++
      shared.byType[truth.fraud_type] = (shared.byType[truth.fraud_type] ?? 0) + 1
    }
    this.#rate.accrue(context, tx.event_time)
    this.#anomalies.accrue(shared, truth)
  }
}
