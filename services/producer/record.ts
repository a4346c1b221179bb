import type { Transaction } from '#schemas/types.ts'
import { cities } from '../market/cities.ts'
import { customerId } from '../market/identifiers.ts'
import { issuers } from '../market/issuers.ts'
import { merchantSites } from '../market/merchants.ts'
import { DAY_MS, IST_OFFSET_MS } from '../time.ts'
import { appVersion, deviceOs } from './devices.ts'
import { accountOf, deviceOf, instrumentOf, networkOf } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { accounts, devices, type Payment } from './payment.ts'
import type { Population } from './population.ts'

/** Cards settle the day after, the rest on the day. */
const settlementDays = (p: Payment): number => (p.rail === 'CREDIT_CARD' || p.rail === 'DEBIT_CARD' ? 1 : 0)

/** The record of a decided payment. One literal with every field in the schema's order: one hidden class for ever. */
export function transactionOf(
  p: Payment,
  people: Population,
  ledger: Ledger,
  identity: number,
  intendedAtMs: number | null,
): Transaction {
  const { row } = p
  const customer = people.number[row]!
  const tag = people.tag[row]!
  const merchant = p.merchant < 0 ? undefined : merchantSites[p.merchant]!
  const city = cities[p.city]!
  const onDevice = p.device !== devices.NONE
  const issuer = p.account === accounts.CARD || p.account === accounts.PAY_LATER ? people.cardIssuer : people.issuer
  return {
    transaction_id: p.id,
    event_type: p.eventType,
    original_transaction_id: p.original,
    retrieval_reference_number: p.reference,
    system_trace_audit_number: p.trace,
    customer_id: customerId(customer),
    account_id: accountOf(customer, p.account, identity),
    payment_rail: p.rail,
    instrument_token: instrumentOf(customer, p.instrument, identity),
    card_network: networkOf(p.instrument, tag),
    issuer_code: issuers[issuer[row]!]!.code,
    amount_minor: p.amountMinor,
    currency: 'INR',
    balance_after_minor: p.balanceMinor,
    credit_utilisation: p.utilisation,
    emi_tenure_months: p.emiMonths,
    loyalty_points_delta: p.points,
    event_time: p.timeMs,
    local_time: p.timeMs + IST_OFFSET_MS,
    ingest_time: p.ingestMs,
    settlement_date: Math.floor((p.timeMs + IST_OFFSET_MS) / DAY_MS) + settlementDays(p),
    merchant_id: merchant === undefined ? null : merchant.id,
    terminal_id: p.terminal,
    mcc: merchant === undefined ? p.mcc : merchant.mcc,
    merchant_name: merchant === undefined ? p.name : merchant.name,
    category: p.category,
    subcategory: p.subcategory,
    merchant_type: merchant === undefined ? p.merchantType : merchant.merchantType,
    payee_id: p.payee,
    city: city.name,
    state_code: city.stateCode,
    country_code: 'IN',
    lat: p.lat,
    lon: p.lon,
    location_type: p.locationType,
    shipping_city: p.shippingCity,
    shipping_address_hash: p.shippingHash,
    channel: p.channel,
    pos_entry_mode: p.entryMode,
    authentication_method: p.authentication,
    device_id: onDevice ? deviceOf(customer, p.device, ledger.phone[row]!, identity) : null,
    device_os: onDevice ? deviceOs(tag, p.device) : null,
    app_version: p.channel === 'QR' || p.channel === 'MOBILE_APP' ? (onDevice ? appVersion(tag, p.day) : null) : null,
    ip_prefix: p.ip,
    status_response: p.response,
    intended_at: intendedAtMs,
  }
}
