import type { Transaction } from '#schemas/types.ts'
import { accountId, customerId, deviceId, instrumentToken, payeeId } from '#services/market/identifiers.ts'
import { approved, declined } from '#services/market/responses.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { World } from '#services/producer/world.ts'
import type { Settings } from '#services/settings.ts'
import { civilDay, toLocalMs } from '#services/time.ts'

/** Monday, 6 October 2025, 12:00 in India. */
export const NOON_MS = Date.UTC(2025, 9, 6, 6, 30)

/** The first `count` genuine transactions of a partition's world. */
export function worldTransactions(settings: Settings, count: number, partition = 0): Transaction[] {
  const world = new World(settings, partition)
  const found: Transaction[] = []
  while (found.length < count) {
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') found.push(value as Transaction)
    }, null)
  }
  return found
}

/** Writes plausible genuine records of one customer, with a true statement; anything can be said otherwise. */
export class GenuineCustomer {
  readonly id: string
  savingsMinor: number
  readonly #number: number
  #count = 0

  constructor(number: number, savingsRupees: number) {
    this.#number = number
    this.id = customerId(number)
    this.savingsMinor = savingsRupees * 100
  }

  /** A UPI payment at a counter in Pune. */
  pay(atMs: number, rupees: number, fields: Partial<Transaction> = {}): Transaction {
    const draft = { ...this.#blank(atMs), amount_minor: Math.round(rupees * 100), ...fields }
    const short = -signedAmountMinor(draft) > this.savingsMinor
    const tx = short ? { ...draft, status_response: declined('Z9') } : draft
    this.savingsMinor += signedAmountMinor(tx)
    return { ...tx, balance_after_minor: this.savingsMinor }
  }

  /** A UPI transfer to a person. */
  transfer(atMs: number, rupees: number, fields: Partial<Transaction> = {}): Transaction {
    return this.pay(atMs, rupees, {
      event_type: 'TRANSFER',
      merchant_id: null,
      mcc: null,
      merchant_name: null,
      category: 'TRANSFER',
      subcategory: 'Person to person',
      merchant_type: 'INDIVIDUAL',
      payee_id: payeeId(this.#number),
      channel: 'MOBILE_APP',
      ...fields,
    })
  }

  /** Money from outside. */
  receive(atMs: number, rupees: number, fields: Partial<Transaction> = {}): Transaction {
    return this.transfer(atMs, rupees, { event_type: 'CREDIT', payee_id: null, ...fields })
  }

  #blank(atMs: number): Transaction {
    this.#count++
    const serial = String(this.#number * 1_000_000 + this.#count)
    return {
      transaction_id: `01K6${serial.padStart(22, '0')}`,
      event_type: 'AUTHORISATION',
      original_transaction_id: null,
      retrieval_reference_number: serial.padStart(12, '0'),
      system_trace_audit_number: serial.slice(-6).padStart(6, '0'),
      customer_id: this.id,
      account_id: accountId(this.#number),
      payment_rail: 'UPI',
      instrument_token: instrumentToken('VPA', this.#number),
      card_network: null,
      issuer_code: 'HDFC',
      amount_minor: 0,
      currency: 'INR',
      balance_after_minor: null,
      credit_utilisation: null,
      emi_tenure_months: null,
      loyalty_points_delta: 0,
      event_time: atMs,
      local_time: toLocalMs(atMs),
      ingest_time: atMs + 55,
      settlement_date: civilDay(atMs),
      merchant_id: 'MER0001',
      terminal_id: null,
      mcc: '5411',
      merchant_name: 'DMart',
      category: 'GROCERIES',
      subcategory: 'Hypermarket',
      merchant_type: 'CHAIN',
      payee_id: null,
      city: 'Pune',
      state_code: 'MH',
      country_code: 'IN',
      lat: 18.52043,
      lon: 73.85674,
      location_type: 'HOME',
      shipping_city: null,
      shipping_address_hash: null,
      channel: 'QR',
      pos_entry_mode: null,
      authentication_method: 'UPI_PIN',
      device_id: deviceId(this.#number),
      device_os: 'ANDROID',
      app_version: '4.2.0',
      ip_prefix: '49.36.112',
      status_response: approved,
      intended_at: null,
    }
  }
}
