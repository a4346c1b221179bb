import type { Transaction } from '#schemas/types.ts'
import { cityByName } from '../market/cities.ts'
import { customerId, retrievalReference, traceNumber, transactionId } from '../market/identifiers.ts'
import { ingestDelayMs } from '../market/ingestion.ts'
import { approved } from '../market/responses.ts'
import type { Random } from '../random.ts'
import { civilDay, toLocalMs } from '../time.ts'
import { type Account, homeCity, type Template } from './account.ts'
import type { Change, PaymentStep } from './method.ts'
import { madeAt, whereNow } from './places.ts'

/**
 * A payment made from the customer's last genuine record of the same shape: same fields filled in, same accounts and
 * instruments, identifiers and times made by the same functions. Balance and answer are still to be settled.
 * `original` is what a refund undoes, by its identifier. Undefined if the customer has made no such payment of late.
 */
export function compose(
  account: Account,
  step: PaymentStep,
  original: string | null,
  random: Random,
): Transaction | undefined {
  const template = account.templates[step.shape]
  if (template === undefined) return undefined
  const timeMs = step.atMs
  const tx = {
    ...template,
    transaction_id: transactionId(timeMs, random),
    original_transaction_id: null,
    retrieval_reference_number: retrievalReference(timeMs, random),
    system_trace_audit_number: traceNumber(random),
    customer_id: customerId(account.customer),
    amount_minor: step.amountMinor,
    balance_after_minor: 0,
    credit_utilisation: null,
    emi_tenure_months: null,
    loyalty_points_delta: 0,
    event_time: timeMs,
    local_time: toLocalMs(timeMs),
    ingest_time: timeMs + ingestDelayMs(random),
    settlement_date: civilDay(timeMs) + template.settlement_date - civilDay(template.event_time),
    app_version: template.app_version === null ? null : account.appVersion,
    status_response: approved,
    intended_at: null,
    ...(original === null ? {} : refundOf(original, account)),
    ...step.change,
  }
  return { ...tx, ...whereOwnerIs(account, tx, template, random) }
}

/** What is done by the own phone is done where its owner is by now, not where they were when it was planned. */
function whereOwnerIs(account: Account, tx: Transaction, template: Template, random: Random): Change {
  const ownPhone = tx.channel === 'MOBILE_APP' && tx.lat !== null && tx.device_id === template.device_id
  if (!ownPhone || account.last === null || account.last.city === tx.city) return {}
  return madeAt(tx, whereNow(account, template), homeCity(account), random)
}

/** What makes a refund of the copy of a purchase: the receiver shows nothing, types nothing and stands nowhere. */
function refundOf(original: string, account: Account): Partial<Transaction> {
  const city = cityByName.get(account.last?.city ?? homeCity(account))!
  return {
    event_type: 'REFUND',
    original_transaction_id: original,
    terminal_id: null,
    city: city.name,
    state_code: city.stateCode,
    lat: null,
    lon: null,
    location_type: 'REMOTE',
    shipping_city: null,
    shipping_address_hash: null,
    pos_entry_mode: null,
    authentication_method: 'NONE',
    device_id: null,
    device_os: null,
    app_version: null,
    ip_prefix: null,
  }
}
