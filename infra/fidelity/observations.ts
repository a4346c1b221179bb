import type { Customer, Transaction } from '#schemas/types.ts'
import { isInward, isLoad } from '#services/market/statement.ts'
import { civilDay, DAY_MS, HOUR_MS, MINUTE_MS, toLocalMs } from '#services/time.ts'

/** What the report keeps of a payment. */
export interface Observed {
  /** Index among `people`. */
  readonly person: number
  readonly timeMs: number
  /** Civil day in India, days since 1970. */
  readonly day: number
  /** Hour of the Indian day. */
  readonly hour: number
  readonly minute: number
  readonly rupees: number
  readonly tx: Pick<
    Transaction,
    | 'event_type'
    | 'payment_rail'
    | 'channel'
    | 'merchant_id'
    | 'mcc'
    | 'location_type'
    | 'issuer_code'
    | 'status_response'
  >
}

/** Genuine payments, as anybody who reads the topics would see them: nothing else is known to the report. */
export class Observations {
  readonly people: Customer[] = []
  /** Payments that went out, in order of time; money that came in, or was put into UPI Lite or a wallet, is not among them. */
  readonly payments: Observed[] = []
  readonly #rows = new Map<string, number>()

  person(customer: Customer): void {
    this.#rows.set(customer.customer_id, this.people.length)
    this.people.push(customer)
  }

  payment(tx: Transaction): void {
    if (isInward(tx.event_type) || isLoad(tx)) return
    const ofDay = toLocalMs(tx.event_time) % DAY_MS
    const { event_type, payment_rail, channel, merchant_id, mcc, location_type, issuer_code, status_response } = tx
    this.payments.push({
      person: this.#rows.get(tx.customer_id)!,
      timeMs: tx.event_time,
      day: civilDay(tx.event_time),
      hour: Math.floor(ofDay / HOUR_MS),
      minute: Math.floor(ofDay / MINUTE_MS),
      rupees: tx.amount_minor / 100,
      tx: {
        event_type,
        payment_rail,
        channel,
        merchant_id,
        mcc,
        location_type,
        issuer_code,
        status_response,
      },
    })
  }

  /** Payments that were carried out. */
  get approved(): Observed[] {
    return this.payments.filter(({ tx }) => tx.status_response.status === 'APPROVED')
  }

  /** Purchases in person or online by customer, in order of time. */
  purchasesByPerson(): Observed[][] {
    return this.#byPerson(this.approved.filter(isPurchase))
  }

  paymentsByPerson(): Observed[][] {
    return this.#byPerson(this.payments)
  }

  #byPerson(payments: readonly Observed[]): Observed[][] {
    const found: Observed[][] = this.people.map(() => [])
    for (const payment of payments) found[payment.person]!.push(payment)
    return found
  }
}

export const isUpi = ({ tx }: Observed): boolean => tx.payment_rail === 'UPI' || tx.payment_rail === 'UPI_LITE'
export const isUpiToMerchant = (payment: Observed): boolean => isUpi(payment) && payment.tx.merchant_id !== null
export const isUpiToPerson = (payment: Observed): boolean => isUpi(payment) && payment.tx.merchant_id === null
export const isPurchase = ({ tx }: Observed): boolean => tx.event_type === 'AUTHORISATION' && tx.merchant_id !== null

/** The rails as the national statistics part them. */
export const railGroups = [
  'UPI_P2M',
  'UPI_P2P',
  'CREDIT_CARD',
  'DEBIT_CARD',
  'PREPAID_WALLET',
  'NET_BANKING_NEFT_IMPS',
  'NACH_AUTOPAY',
  'ATM',
  'BNPL',
  'CASH_UNRECORDED',
] as const
type RailGroup = (typeof railGroups)[number]

export function railGroup(payment: Observed): RailGroup {
  if (payment.tx.channel === 'ATM') return 'ATM'
  if (payment.tx.channel === 'AUTOPAY') return 'NACH_AUTOPAY'
  switch (payment.tx.payment_rail) {
    case 'UPI':
    case 'UPI_LITE':
      return payment.tx.merchant_id === null ? 'UPI_P2P' : 'UPI_P2M'
    case 'CREDIT_CARD':
    case 'DEBIT_CARD':
    case 'PREPAID_WALLET':
    case 'BNPL':
      return payment.tx.payment_rail
    case 'NACH':
      return 'NACH_AUTOPAY'
    case 'CASH':
      return 'CASH_UNRECORDED'
    default:
      return 'NET_BANKING_NEFT_IMPS'
  }
}
