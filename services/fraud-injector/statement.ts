import type { Transaction } from '#schemas/types.ts'
import { declined, insufficientFundsCode } from '../market/responses.ts'
import { isLoad, signedAmountMinor } from '../market/statement.ts'
import type { Account, Statement } from './account.ts'
import { breaksLimit, use } from './limits.ts'

/** Money cannot come back, or arrive, that was never paid (ISO 8583 DE39: invalid transaction). */
const NEVER_PAID = '12'
/** A drained account fails payment after payment until money comes in, and refunds take up to a month. */
const FAILED_MAX = 64

/**
 * Carries what fraud took into a genuine record, `record` being as a campaign has rewritten it, or itself: its balance
 * is lowered, and a payment for which the money is gone, or that no longer fits into a daily limit, fails. The
 * producer's ledger believes what `genuine` says; `shiftMinor` makes up for that.
 */
export function adjust(account: Account, genuine: Transaction, record: Transaction): Transaction {
  if (genuine.balance_after_minor === null) return record
  const statement = statementOf(account, genuine)
  const meant = signedAmountMinor(genuine)
  const wanted = signedAmountMinor(record)
  const refusal = refusalOf(
    account,
    record,
    wanted,
    genuine.balance_after_minor - statement.shiftMinor - meant + wanted,
  )
  const moved = refusal === null ? wanted : 0
  statement.shiftMinor += meant - moved
  statement.balanceMinor = genuine.balance_after_minor - statement.shiftMinor
  if (meant < 0 && moved === 0) fail(account, genuine)
  if (refusal === null) use(account, record, false)
  if (statement.shiftMinor === 0 && refusal === null) return record
  const answer = refusal === null ? {} : { status_response: declined(refusal), loyalty_points_delta: 0 }
  return { ...record, ...balanceFields(statement, genuine.credit_utilisation), ...answer }
}

/** Books an inserted payment. `moved` is its effect on the account, paise; the balance never falls below zero. */
export function book(statement: Statement, moved: number): void {
  statement.shiftMinor -= moved
  statement.balanceMinor += moved
}

/** Balance and utilisation as a record of this account shows them; `utilisation` stands where no limit is known. */
export function balanceFields(
  statement: Statement,
  utilisation: number | null,
): Pick<Transaction, 'balance_after_minor' | 'credit_utilisation'> {
  const { balanceMinor, limitMinor } = statement
  const used = Math.fround(Math.min(1, Math.max(0, 1 - balanceMinor / limitMinor)))
  return { balance_after_minor: balanceMinor, credit_utilisation: limitMinor === 0 ? utilisation : used }
}

/** Why a record that was approved cannot be, or null. */
function refusalOf(account: Account, record: Transaction, moved: number, balanceMinor: number): string | null {
  if (moved > 0) return undoesFailed(account, record) ? NEVER_PAID : null
  if (moved === 0) return null
  if (balanceMinor < 0) return insufficientFundsCode(record.payment_rail, record.channel)
  return account.use.inserted || account.binding !== null ? breaksLimit(account, record) : null
}

/** Notes what will not be paid, under the name that its refund, or the arrival of a bill, will have. */
function fail(account: Account, tx: Transaction): void {
  account.failed.push(arrivalOf(tx) ?? tx.transaction_id)
  if (account.failed.length > FAILED_MAX) account.failed.shift()
}

/** Name of what leaves one account of the customer and arrives on another: a card bill, a load; null for other records. */
function arrivalOf(tx: Transaction): string | null {
  if (tx.original_transaction_id !== null) return null
  const bill = tx.category === 'LOANS_CARDS' && (tx.event_type === 'BILL_PAYMENT' || tx.event_type === 'CREDIT')
  return bill ? `bill/${tx.amount_minor}` : isLoad(tx) ? `${tx.subcategory}/${tx.amount_minor}` : null
}

/** Whether money comes in from a payment that failed: one undone, or one made from another account. */
function undoesFailed(account: Account, tx: Transaction): boolean {
  const arrival = arrivalOf(tx)
  const at = account.failed.indexOf(arrival ?? tx.original_transaction_id ?? '')
  if (at < 0) return false
  // A bill arrives once; of a purchase, parts may be refunded one after the other.
  if (arrival !== null) account.failed.splice(at, 1)
  return true
}

function statementOf(account: Account, tx: Transaction): Statement {
  const statement = account.statements[tx.account_id] ?? { balanceMinor: 0, shiftMinor: 0, limitMinor: 0 }
  account.statements[tx.account_id] = statement
  if (tx.credit_utilisation !== null) statement.limitMinor = creditLimit(tx, statement.limitMinor)
  return statement
}

/**
 * The limit from what is still free and the share used. Utilisation has 24 bits, so the quotient is off by a few
 * paise in a lakh: limits are whole hundreds of rupees. What is known holds
 * while all of it is used, and while nothing is owed: a refund may leave more than the limit.
 */
function creditLimit(tx: Transaction, known: number): number {
  if (tx.credit_utilisation === 0 && known !== 0) return known
  const free = 1 - (tx.credit_utilisation ?? 0)
  return free < 0.01 ? known : Math.round((tx.balance_after_minor ?? 0) / free / 10_000) * 10_000
}
