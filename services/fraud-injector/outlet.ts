import type { GroundTruth, Transaction } from '#schemas/types.ts'
import type { Context, Damage } from '../fold.ts'
import type { Account } from './account.ts'
import type { Anomalies } from './anomalies/benign.ts'
import type { Mishap } from './disorder.ts'
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
      const timeMs = held.topic === 'parcel' ? held.atMs : held.value.event_time
      const intended_at = intendedAt(timeMs)
      if (held.topic === 'transactions') this.send(context, { ...held.value, intended_at }, held.truth, held.mishap)
      else if (held.topic === 'parcel') deliver(context, { ...held.value, intended_at }, held.again)
      else context.emit('customer-events', held.value.customer_id, { ...held.value, intended_at }, timeMs)
    }
    shared.held = []
  }

  /** Truth goes out at once and unharmed; the transaction as its way has it, which is told on a topic of its own. */
  send(context: InjectorContext, tx: Transaction, truth: GroundTruth, mishap: Mishap | null): void {
    const { shared } = context
    const kind = mishap?.kind
    if (mishap?.damage !== undefined) put(context, tx, mishap.damage)
    else if (kind === undefined || kind === 'DUPLICATE') deliver(context, tx, false)
    context.emit('ground-truth', tx.customer_id, truth, tx.event_time)
    if (mishap !== null) tell(context, tx, mishap)
    shared.transactions++
    if (truth.is_fraud) {
      shared.fraud++
      shared.byType[truth.fraud_type] = (shared.byType[truth.fraud_type] ?? 0) + 1
    }
    this.#rate.accrue(context, tx.event_time)
    this.#anomalies.accrue(shared, truth)
  }
}

function deliver(context: InjectorContext, tx: Transaction, again: boolean): void {
  const { shared } = context
  put(context, tx)
  shared.sentMs = Math.max(shared.sentMs, tx.event_time)
  if (!again) shared.delivered++
}

function put({ emit, shared }: InjectorContext, tx: Transaction, damage?: Damage): void {
  emit('transactions', tx.customer_id, tx, tx.event_time, undefined, damage)
  shared.put++
}

function tell({ emit, shared }: InjectorContext, tx: Transaction, { kind, delayMs }: Mishap): void {
  const { transaction_id, customer_id, event_time } = tx
  const fault = { transaction_id, customer_id, kind, event_time, delay_ms: delayMs }
  emit('delivery-faults', customer_id, fault, event_time)
  shared.faults[kind] = (shared.faults[kind] ?? 0) + 1
}
