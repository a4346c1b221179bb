import type { EventType, Transaction } from '#schemas/types.ts'

/** Event types that bring money in. */
const inward: ReadonlySet<EventType> = new Set<EventType>(['CREDIT', 'REFUND', 'REVERSAL', 'CHARGEBACK'])

/** What money is called that a customer moves to a stored-value account, on both accounts' records. */
export const subcategories = { LITE_LOAD: 'UPI Lite load', WALLET_LOAD: 'Wallet load' } as const

const loads: ReadonlySet<string> = new Set(Object.values(subcategories))

/** Whether a record moves money between two accounts of the customer. */
export const isLoad = (tx: Pick<Transaction, 'subcategory'>): boolean => loads.has(tx.subcategory)

/** Whether a record brings money to the customer; all others are attempts to pay. */
export const isInward = (eventType: EventType): boolean => inward.has(eventType)

/**
 * What a record does to its account, in paise: `balance_after_minor` is that of the account's record before, plus
 * this. Money in is positive; what was not approved, and cash, moves nothing. Holds for credit accounts too, whose
 * balance is the limit still free.
 */
export function signedAmountMinor(
  tx: Pick<Transaction, 'event_type' | 'amount_minor' | 'payment_rail' | 'status_response'>,
): number {
  if (tx.status_response.status !== 'APPROVED' || tx.payment_rail === 'CASH') return 0
  return isInward(tx.event_type) ? tx.amount_minor : -tx.amount_minor
}
