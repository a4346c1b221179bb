import type { StatusResponse, Transaction } from '#schemas/types.ts'
import { pointsEarned } from '../market/loyalty.ts'
import { approved, declined, insufficientFundsCode } from '../market/responses.ts'
import { signedAmountMinor } from '../market/statement.ts'
import type { Account } from './account.ts'
import { breaksLimit, roomMinor, use } from './limits.ts'
import type { PaymentStep } from './method.ts'
import { balanceFields, book } from './statement.ts'

/** Less than this is not worth taking, paise. */
const WORTH_TAKING_MINOR = 10_000

/** The answer once the bank has blocked a card, and NPCI's once it has frozen an account that pays, or is to be paid. */
export const blockedCode = (tx: Transaction): string =>
  tx.payment_rail === 'UPI' ? (signedAmountMinor(tx) > 0 ? 'YF' : 'YE') : tx.channel === 'ATM' ? '43' : '59'

/**
 * Settles an inserted payment against the statement and the limits of its account, and books it; `refusal` is a code
 * with which it fails in any case. Undefined when there is nothing left worth taking: the campaign is over.
 */
export function settle(
  account: Account,
  tx: Transaction,
  step: PaymentStep,
  refusal: string | null,
): Transaction | undefined {
  const statement = account.statements[tx.account_id]
  if (statement === undefined || statement.balanceMinor <= step.endsAtMinor) return undefined
  const shrinks = step.shortage === 'shrink' && refusal === null
  const amount = shrinks ? affordable(account, tx, statement.balanceMinor) : tx.amount_minor
  if (amount < Math.min(WORTH_TAKING_MINOR, step.amountMinor)) return undefined
  const attempt = { ...tx, amount_minor: amount }
  const answer = answerOf(account, attempt, statement.balanceMinor, refusal)
  const settled = { ...attempt, status_response: answer }
  book(statement, signedAmountMinor(settled))
  use(account, settled, true)
  const earned = signedAmountMinor(settled) === 0 ? 0 : pointsEarned(tx.payment_rail, amount)
  // What is given back takes its points along; other money that comes in earns none.
  const points = signedAmountMinor(settled) < 0 ? earned : tx.event_type === 'REFUND' ? 0 - earned : 0
  return { ...settled, ...balanceFields(statement, null), loyalty_points_delta: points }
}

function answerOf(account: Account, tx: Transaction, balanceMinor: number, refusal: string | null): StatusResponse {
  if (refusal !== null) return declined(refusal)
  if (signedAmountMinor(tx) > 0) return approved
  if (tx.amount_minor > balanceMinor) return declined(insufficientFundsCode(tx.payment_rail, tx.channel))
  const limit = breaksLimit(account, tx)
  return limit === null ? approved : declined(limit)
}

/** What is wanted, or the round sum below what there is: nobody knows a stranger's balance to the rupee. */
function affordable(account: Account, tx: Transaction, balanceMinor: number): number {
  const most = Math.min(balanceMinor, roomMinor(account, tx))
  if (tx.amount_minor <= most) return tx.amount_minor
  const unit = most >= 1_000_000 ? 50_000 : 10_000
  return Math.floor(most / unit) * unit
}
