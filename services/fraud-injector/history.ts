import type { Transaction } from '#schemas/types.ts'
import { isInward, isLoad, signedAmountMinor } from '../market/statement.ts'
import type { Account } from './account.ts'
import { learn } from './anomalies/habits.ts'

const PAYEES_MAX = 12
const CITIES_MAX = 8
const MEAN_OVER = 50

/** Shapes that a fraudster, or an unusual customer, can imitate. */
const shapes: ReadonlySet<string> = new Set([
  'UPI/MOBILE_APP/TRANSFER',
  'UPI/MOBILE_APP/AUTHORISATION',
  'UPI/MOBILE_APP/CREDIT',
  'UPI/QR/AUTHORISATION',
  'IMPS/MOBILE_APP/TRANSFER',
  'NEFT/NET_BANKING/TRANSFER',
  'NET_BANKING/NET_BANKING/AUTHORISATION',
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'CREDIT_CARD/POS/AUTHORISATION',
  'DEBIT_CARD/POS/AUTHORISATION',
  'DEBIT_CARD/ECOM/AUTHORISATION',
  'DEBIT_CARD/ATM/CASH_WITHDRAWAL',
  'BNPL/ECOM/AUTHORISATION',
  'PREPAID_WALLET/MOBILE_APP/AUTHORISATION',
])

type Shape = Pick<Transaction, 'payment_rail' | 'channel' | 'event_type'>

/** Made once each: to put a name together, and to find what goes by it, is a large part of what a record takes. */
const names: Record<string, Record<string, Record<string, string>>> = {}

/** Records of one shape have the same fields filled in: rail, channel and what happened. */
export function shapeOf({ payment_rail: rail, channel, event_type: what }: Shape): string {
  names[rail] ??= {}
  names[rail][channel] ??= {}
  names[rail][channel][what] ??= `${rail}/${channel}/${what}`
  return names[rail][channel][what]
}

/** Whether somebody stood at a terminal or a code on a counter. */
export const inPerson = (tx: Pick<Transaction, 'channel'>): boolean =>
  tx.channel === 'POS' || tx.channel === 'ATM' || tx.channel === 'QR'

/** Learns from a genuine record as it was sent on. */
export function remember(account: Account, tx: Transaction): void {
  if (account.seen === 0) account.firstMs = tx.event_time
  account.seen++
  countCity(account.cities, tx.city)
  seeAt(account, tx)
  learn(account.habits, tx)
  if (tx.app_version !== null) account.appVersion = tx.app_version
  if (tx.payee_id !== null) keep(account.payees, tx.payee_id, PAYEES_MAX)
  const shape = shapeOf(tx)
  // A load goes to nobody: no template for a transfer to somebody.
  if (!shapes.has(shape) || isLoad(tx)) return
  countPayment(account, tx)
  if (tx.balance_after_minor !== null) account.templates[shape] = tx
}

/** Counts what was paid, and takes it into the mean. */
export function countPayment(account: Account, tx: Transaction): void {
  if (signedAmountMinor(tx) >= 0) return
  account.payments++
  account.meanMinor += (tx.amount_minor - account.meanMinor) / Math.min(account.payments, MEAN_OVER)
}

/** The customer was there. */
export function seeAt(account: Account, tx: Transaction): void {
  account.last = { timeMs: tx.event_time, city: tx.city }
  if (inPerson(tx) && !isInward(tx.event_type)) account.present = account.last
}

/** Puts an item last, and drops the first beyond the bound. */
function keep(items: string[], item: string, max: number): void {
  const at = items.lastIndexOf(item)
  if (at === items.length - 1 && at >= 0) return
  if (at >= 0) items.splice(at, 1)
  items.push(item)
  if (items.length > max) items.shift()
}

function countCity(counts: Record<string, number>, city: string): void {
  const known = counts[city]
  counts[city] = (known ?? 0) + 1
  if (known === undefined && Object.keys(counts).length > CITIES_MAX) forgetRarest(counts, city)
}

function forgetRarest(counts: Record<string, number>, but: string): void {
  let rarest = ''
  for (const [name, count] of Object.entries(counts)) {
    if (name !== but && count < (counts[rarest] ?? Number.POSITIVE_INFINITY)) rarest = name
  }
  delete counts[rarest]
}
