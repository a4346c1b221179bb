import type { Transaction } from '#schemas/types.ts'
import { limitMinor, limits } from '#services/market/limits.ts'
import { isInward, signedAmountMinor } from '#services/market/statement.ts'
import { civilDay } from '#services/time.ts'
import { askedOf } from './authentication.ts'
import { PaidLately } from './paid-lately.ts'
import { Whereabouts } from './whereabouts.ts'

/** What holds of every account, and of every customer's payments, in a stream of transactions. */
export const invariants = {
  STATEMENT: 'each balance is the one before, and what was approved',
  FLOOR: 'no balance is below zero',
  UTILISATION: 'utilisation is what is owed over the limit',
  REFUND: 'a refund names an approved payment to the same party, and all its refunds come to no more',
  LIMIT: 'no payment, and no civil day, exceeds what its rail allows',
  AUTHENTICATION: 'who pays has proved it as rail and channel ask',
  TRAVEL: 'nobody is in two places between which no aircraft is fast enough',
} as const
export type Invariant = keyof typeof invariants

export interface Violation {
  readonly invariant: Invariant
  readonly transactionId: string
  readonly detail: string
}

interface Account {
  balanceMinor: number
  /** Of a credit account, as its first utilisation between nothing and nearly all tells it; 0 until then. */
  limitMinor: number
}

/** What a customer has used on a civil day. */
interface Day {
  day: number
  transferredMinor: number
  transfers: number
  withdrawnMinor: number
}

const EXAMPLES = 10
/** Limits are whole hundreds of rupees, and utilisation may have been through single precision. */
const LIMIT_STEP = 10_000
const PRECISION = 1e-6
const CONTACTLESS = '07'

const zeros = (): Record<Invariant, number> => ({
  STATEMENT: 0,
  FLOOR: 0,
  UTILISATION: 0,
  REFUND: 0,
  LIMIT: 0,
  AUTHENTICATION: 0,
  TRAVEL: 0,
})

/**
 * Holds a stream of transactions to the rules of a ledger, seeing nothing but the records, in the order of each
 * customer. What it remembers is bounded for each customer: a refund of a payment that is further back than
 * `PaidLately` reaches counts as a violation.
 */
export class LedgerCheck {
  records = 0
  readonly counts = zeros()
  /** How often each had something to hold. */
  readonly checked = zeros()
  /** The first violations. */
  readonly examples: Violation[] = []

  readonly #accounts = new Map<string, Account>()
  readonly #days = new Map<string, Day>()
  readonly #paid = new PaidLately()
  readonly #whereabouts = new Whereabouts()

  get violations(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0)
  }

  get customers(): number {
    return this.#days.size
  }

  get accounts(): number {
    return this.#accounts.size
  }

  check(tx: Transaction): void {
    this.records++
    if (tx.balance_after_minor !== null) this.#checkAccount(tx, tx.balance_after_minor)
    this.#checkTravel(tx)
    const day = this.#dayOf(tx)
    if (tx.status_response.status !== 'APPROVED') return
    if (tx.event_type === 'REFUND' || tx.event_type === 'REVERSAL') this.#checkRefund(tx)
    if (isInward(tx.event_type)) return
    this.#checkLimits(tx, day)
    this.#checkAuthentication(tx)
    this.#paid.add(tx)
  }

  #checkAccount(tx: Transaction, balanceMinor: number): void {
    const account = this.#accounts.get(tx.account_id)
    if (account === undefined) {
      this.#accounts.set(tx.account_id, { balanceMinor, limitMinor: 0 })
    } else {
      const expected = account.balanceMinor + signedAmountMinor(tx)
      account.balanceMinor = balanceMinor
      this.#hold('STATEMENT', balanceMinor === expected, tx, () => `${balanceMinor} paise, expected ${expected}`)
    }
    this.#hold('FLOOR', balanceMinor >= 0, tx, () => `${balanceMinor} paise`)
    if (tx.payment_rail === 'UPI_LITE') {
      this.#hold('LIMIT', balanceMinor <= limits.liteBalanceMinor, tx, () => `${balanceMinor} paise in UPI Lite`)
    }
    if (tx.credit_utilisation !== null) this.#checkUtilisation(tx, tx.credit_utilisation, balanceMinor)
  }

  #checkUtilisation(tx: Transaction, used: number, balanceMinor: number): void {
    const account = this.#accounts.get(tx.account_id)!
    if (account.limitMinor === 0) {
      if (used > 0 && used < 0.99) account.limitMinor = Math.round(balanceMinor / (1 - used) / LIMIT_STEP) * LIMIT_STEP
      else return
    }
    // More than the limit is free when a refund comes after the bill: nothing is owed.
    const expected = Math.max(0, 1 - balanceMinor / account.limitMinor)
    const holds = Math.abs(used - expected) <= PRECISION
    this.#hold('UTILISATION', holds, tx, () => `${used}, expected ${expected} of ${account.limitMinor} paise`)
  }

  #checkRefund(tx: Transaction): void {
    const problem = this.#paid.refund(tx)
    this.#hold('REFUND', problem === null, tx, () => problem ?? '')
  }

  #checkTravel(tx: Transaction): void {
    if (tx.lat === null) return
    const speed = this.#whereabouts.move(tx)
    this.#hold('TRAVEL', speed === null, tx, () => `${speed!.toFixed(0)} km/h`)
  }

  #checkAuthentication(tx: Transaction): void {
    const asked = askedOf(tx)
    if (asked === undefined) return
    const came = tx.authentication_method
    const where = `${tx.payment_rail} ${tx.channel}`
    this.#hold('AUTHENTICATION', asked.includes(came), tx, () => `${came} by ${where}, expected ${asked.join(' or ')}`)
  }

  #checkLimits(tx: Transaction, day: Day): void {
    const { amount_minor: amount, payment_rail: rail } = tx
    const most =
      tx.pos_entry_mode === CONTACTLESS ? limits.contactlessMinor : limitMinor(rail, tx.category, tx.event_time)
    this.#hold('LIMIT', amount <= most, tx, () => `${amount} paise by ${rail}, at most ${most}`)
    const least = rail === 'RTGS' ? limits.rtgsMinimumMinor : 1
    this.#hold('LIMIT', amount >= least, tx, () => `${amount} paise by ${rail}, at least ${least}`)
    if (rail === 'UPI' && tx.event_type === 'TRANSFER') {
      day.transferredMinor += amount
      day.transfers++
      const within = day.transferredMinor <= limits.upiTransferDayMinor && day.transfers <= limits.upiTransfersDay
      this.#hold('LIMIT', within, tx, () => `${day.transfers} transfers of ${day.transferredMinor} paise in a day`)
    }
    if (tx.channel === 'ATM') {
      day.withdrawnMinor += amount
      const within = amount <= limits.atmMinor && day.withdrawnMinor <= limits.atmDayMinor
      this.#hold('LIMIT', within, tx, () => `${amount} paise of cash, ${day.withdrawnMinor} in a day`)
    }
  }

  #dayOf(tx: Transaction): Day {
    const today = civilDay(tx.event_time)
    let day = this.#days.get(tx.customer_id)
    if (day === undefined) {
      day = { day: today, transferredMinor: 0, transfers: 0, withdrawnMinor: 0 }
      this.#days.set(tx.customer_id, day)
    } else if (day.day !== today) {
      day.day = today
      day.transferredMinor = 0
      day.transfers = 0
      day.withdrawnMinor = 0
    }
    return day
  }

  #hold(invariant: Invariant, holds: boolean, tx: Transaction, detail: () => string): void {
    this.checked[invariant]++
    if (holds) return
    this.counts[invariant]++
    if (this.examples.length < EXAMPLES) {
      this.examples.push({ invariant, transactionId: tx.transaction_id, detail: detail() })
    }
  }
}
