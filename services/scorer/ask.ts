import { partitionOf } from '#schemas/partition.ts'
import type { EntityKind, Question, Transaction } from '#schemas/types.ts'
import type { Outgoing } from './outgoing.ts'
import { counterpartyOf, isDeclined, isOutgoing } from './payment.ts'

/** Who asks: the stream time and the partition of the asker order all questions of all askers. */
export interface Asker {
  readonly streamTimeMs: number
  readonly partition: number
  readonly partitions: number
  readonly shared: { readonly questions: Outgoing<Question> }
}

/**
 * Asks about the counterparty and the device of a payment, each at the partition of its id, and returns the number of
 * answers to come. Money coming in is nobody's attempt, so nothing is asked about it.
 */
export function ask(transaction: Transaction, asker: Asker): number {
  if (!isOutgoing(transaction)) return 0
  const counterparty = counterpartyOf(transaction)
  if (counterparty !== null) question('COUNTERPARTY', counterparty, transaction, asker)
  if (transaction.device_id !== null) question('DEVICE', transaction.device_id, transaction, asker)
  return Number(counterparty !== null) + Number(transaction.device_id !== null)
}

function question(kind: EntityKind, entityId: string, transaction: Transaction, asker: Asker): void {
  const { transaction_id, customer_id, event_time, amount_minor } = transaction
  asker.shared.questions.add(partitionOf(entityId, asker.partitions), {
    source_partition: asker.partition,
    order_time: asker.streamTimeMs,
    kind,
    entity_id: entityId,
    transaction_id,
    customer_id,
    event_time,
    amount_minor,
    declined: isDeclined(transaction),
  })
}

/** Tells every entity partition how far time has come here, for it holds the questions of others until it knows. */
export function tellTime({ shared, streamTimeMs, partition: source_partition, partitions }: Asker): void {
  const watermark = {
    source_partition,
    order_time: streamTimeMs,
    kind: 'WATERMARK',
    entity_id: '',
    transaction_id: '',
    customer_id: '',
    event_time: streamTimeMs,
    amount_minor: 0,
    declined: false,
  } as const
  for (let partition = 0; partition < partitions; partition++) shared.questions.add(partition, watermark)
}
