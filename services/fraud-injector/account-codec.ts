import type { StateCodec } from '../fold.ts'
import type { Account, Template } from './account.ts'

/** The fields of a record in the order of the schema; those that later records can be made from are saved. */
const fields: Readonly<Record<keyof Template, boolean>> = {
  transaction_id: false,
  event_type: true,
  original_transaction_id: false,
  retrieval_reference_number: false,
  system_trace_audit_number: false,
  customer_id: false,
  account_id: true,
  payment_rail: true,
  instrument_token: true,
  card_network: true,
  issuer_code: true,
  amount_minor: false,
  currency: true,
  balance_after_minor: false,
  credit_utilisation: false,
  emi_tenure_months: false,
  loyalty_points_delta: false,
  event_time: true,
  local_time: false,
  ingest_time: false,
  settlement_date: true,
  merchant_id: true,
  terminal_id: true,
  mcc: true,
  merchant_name: true,
  category: true,
  subcategory: true,
  merchant_type: true,
  payee_id: true,
  city: true,
  state_code: true,
  country_code: true,
  lat: true,
  lon: true,
  location_type: true,
  shipping_city: true,
  shipping_address_hash: true,
  channel: true,
  pos_entry_mode: true,
  authentication_method: true,
  device_id: true,
  device_os: true,
  app_version: true,
  ip_prefix: true,
  status_response: false,
  intended_at: false,
}
const names = Object.keys(fields) as (keyof Template)[]
const saved = names.filter((name) => fields[name])

type Packed = Omit<Account, 'templates'> & { readonly templates: Record<string, unknown[]> }

/** JSON, with templates as rows without names: they are most of an account, and are saved often. */
export const accountCodec: StateCodec<Account> = {
  version: 5,
  encode: (account) =>
    new TextEncoder().encode(JSON.stringify({ ...account, templates: map(account.templates, pack) })),
  decode: (bytes) => {
    const packed = JSON.parse(new TextDecoder().decode(bytes)) as Packed
    return { ...packed, templates: map(packed.templates, unpack) }
  },
}

const pack = (template: Template): unknown[] => saved.map((name) => template[name])

/** In the order of the schema, so that what is made from it shows its fields in the same order as any other record. */
function unpack(values: readonly unknown[]): Template {
  let next = 0
  return Object.fromEntries(names.map((name) => [name, fields[name] ? values[next++] : null])) as unknown as Template
}

function map<From, To>(entries: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, change(value)]))
}
