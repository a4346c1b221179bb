import type { Transaction } from '#schemas/types.ts'
import { civilDay } from '#services/time.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** A ULID's first characters are its time. */
const TIME_CHARACTERS = 10
const LAST_CUSTOMERS = 20

type Columns = Record<string, number>

/** Texts that are made by chance: from which character on, and how many. */
const codes = [
  ['transaction_id', TIME_CHARACTERS, 16],
  ['original_transaction_id', TIME_CHARACTERS, 16],
  ['retrieval_reference_number', 6, 6],
  ['system_trace_audit_number', 0, 6],
  ['payee_id', 3, 10],
  ['device_id', 1, 12],
  ['instrument_token', 4, 16],
  ['account_id', 2, 12],
  ['shipping_address_hash', 0, 8],
] as const satisfies readonly (readonly [keyof Transaction, number, number])[]

const nullable = [
  'original_transaction_id',
  'card_network',
  'balance_after_minor',
  'credit_utilisation',
  'emi_tenure_months',
  'merchant_id',
  'terminal_id',
  'mcc',
  'merchant_name',
  'payee_id',
  'lat',
  'lon',
  'shipping_city',
  'shipping_address_hash',
  'pos_entry_mode',
  'device_id',
  'device_os',
  'app_version',
  'ip_prefix',
  'intended_at',
] as const satisfies readonly (keyof Transaction)[]

const lengths = ['transaction_id', 'retrieval_reference_number', 'system_trace_audit_number', 'payee_id', 'device_id']

/** What precedes a record in its partition. */
interface Before {
  readonly offset: number
  /** Mean milliseconds between the latest records of other customers, and since the last of them. */
  readonly meanGapMs: number
  readonly gapMs: number
  /** The newest version of the application seen of this customer. */
  readonly newestVersion: number
}

/** Everything about a record that is form and not behaviour, as numbers; the same columns for every record. */
export function metadataOf(tx: Transaction, before: Before, intendedResidualMs: number): Columns {
  const columns: Columns = {}
  for (const [field, from, count] of codes) addCode(columns, field, tx[field], from, count)
  for (const field of nullable) columns[`${field} is null`] = tx[field] === null ? 1 : 0
  for (const field of lengths) columns[`length of ${field}`] = String(tx[field as keyof Transaction] ?? '').length
  addTimes(columns, tx, before)
  addAmount(columns, tx.amount_minor)
  tx.ip_prefix?.split('.').forEach((octet, i) => {
    columns[`ip ${i}`] = Number(octet)
  })
  for (let i = 0; i < 3; i++) columns[`ip ${i}`] ??= -1
  const version = versionOf(tx)
  columns['version of the application'] = version
  columns['versions behind the newest'] = version < 0 ? -1 : before.newestVersion - version
  columns['intended_at against event_time'] = intendedResidualMs
  columns['offset is odd'] = before.offset % 2
  return columns
}

/** Each character as a number, and the whole modulo small numbers. */
function addCode(columns: Columns, field: string, text: string | null, from: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const character = text?.[from + i]
    columns[`${field}[${from + i}]`] = character === undefined ? -1 : Number.parseInt(character, 36)
  }
  const tail = text === null ? -1 : Number.parseInt(text.slice(-6), 36)
  for (let modulus = 2; modulus <= 16; modulus++) columns[`${field} mod ${modulus}`] = tail < 0 ? -1 : tail % modulus
}

function addTimes(columns: Columns, tx: Transaction, { gapMs, meanGapMs }: Before): void {
  let ulidMs = 0
  for (const character of tx.transaction_id.slice(0, TIME_CHARACTERS))
    ulidMs = ulidMs * 32 + CROCKFORD.indexOf(character)
  const hour = String(new Date(tx.event_time).getUTCHours()).padStart(2, '0')
  columns['ULID against event_time'] = ulidMs - tx.event_time
  columns['hour of the RRN is right'] = tx.retrieval_reference_number.slice(4, 6) === hour ? 1 : 0
  columns['milliseconds of event_time'] = tx.event_time % 1_000
  columns['milliseconds of ingest_time'] = tx.ingest_time % 1_000
  columns['event_time is odd'] = tx.event_time % 2
  columns['seconds of event_time'] = Math.floor(tx.event_time / 1_000) % 60
  columns['ingest delay'] = tx.ingest_time - tx.event_time
  columns['local_time against event_time'] = tx.local_time - tx.event_time
  columns['days to settle'] = tx.settlement_date - civilDay(tx.event_time)
  columns['gap to other customers'] = meanGapMs === 0 ? 1 : gapMs / meanGapMs
}

function addAmount(columns: Columns, paise: number): void {
  columns.paise = paise % 100
  columns['last rupee digit'] = Math.floor(paise / 100) % 10
  for (const unit of [10, 50, 100]) columns[`multiple of ${unit} rupees`] = paise % (unit * 100) === 0 ? 1 : 0
}

const versionOf = ({ app_version }: Transaction): number => {
  if (app_version === null) return -1
  const [major, minor] = app_version.split('.')
  return Number(major) * 100 + Number(minor)
}

/** Goes along a partition and tells what precedes each record. */
export class Preceding {
  #offset = -1
  #recent: Transaction[] = []
  readonly #versions = new Map<string, number>()

  next(tx: Transaction): Before {
    const others = this.#recent.filter(({ customer_id }) => customer_id !== tx.customer_id)
    const [first, last] = [others[0], others.at(-1)]
    const newestVersion = Math.max(this.#versions.get(tx.customer_id) ?? -1, versionOf(tx))
    const before = {
      offset: ++this.#offset,
      meanGapMs: others.length < 2 ? 0 : (last!.event_time - first!.event_time) / (others.length - 1),
      gapMs: tx.event_time - (last?.event_time ?? tx.event_time),
      newestVersion,
    }
    this.#versions.set(tx.customer_id, newestVersion)
    this.#recent = [...this.#recent.slice(1 - LAST_CUSTOMERS), tx]
    return before
  }
}
