import type { Transaction } from '#schemas/types.ts'
import { pointsEarned } from '../../market/loyalty.ts'
import { merchantIndex } from '../../market/merchants.ts'
import { isInward } from '../../market/statement.ts'
import type { Account } from '../account.ts'
import { atMerchant } from '../places.ts'
import type { Rewrite } from './anomaly.ts'

/** Altered payments kept: what is given back comes within a month, and few are. */
const ALTERED_MAX = 8

/** A genuine payment as its customer makes it instead; points follow the amount. */
export function alter(account: Account, tx: Transaction, rewrite: Rewrite): Transaction {
  const altered = { ...tx, ...rewrite }
  account.altered.push({
    transactionId: tx.transaction_id,
    merchantId: altered.merchant_id,
    meantMinor: tx.amount_minor,
    paidMinor: altered.amount_minor,
  })
  if (account.altered.length > ALTERED_MAX) account.altered.shift()
  return { ...altered, loyalty_points_delta: pointsEarned(tx.payment_rail, altered.amount_minor) }
}

/** What gives back an altered payment does so from where it was made, and in proportion; any other record as it is. */
export function giveBackAltered(account: Account, tx: Transaction): Transaction {
  if (!isInward(tx.event_type) || tx.original_transaction_id === null) return tx
  const found = account.altered.find(({ transactionId }) => transactionId === tx.original_transaction_id)
  if (found === undefined) return tx
  const { merchantId, meantMinor, paidMinor } = found
  const amount_minor = Math.max(1, Math.floor((tx.amount_minor * paidMinor) / meantMinor))
  const from = merchantId === null ? {} : atMerchant(merchantIndex(merchantId))
  const loyalty_points_delta = 0 - pointsEarned(tx.payment_rail, amount_minor)
  return { ...tx, ...from, amount_minor, loyalty_points_delta }
}
