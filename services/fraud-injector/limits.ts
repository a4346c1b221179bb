import type { Transaction } from '#schemas/types.ts'
import { limitMinor, limits } from '../market/limits.ts'
import { signedAmountMinor } from '../market/statement.ts'
import { civilDay, DAY_MS } from '../time.ts'
import type { Account } from './account.ts'

type Payment = Pick<
  Transaction,
  | 'payment_rail'
  | 'channel'
  | 'event_type'
  | 'category'
  | 'amount_minor'
  | 'event_time'
  | 'device_id'
  | 'pos_entry_mode'
>

const CONTACTLESS = '07'

const isUpi = (tx: Payment): boolean => tx.payment_rail === 'UPI'
const isUpiTransfer = (tx: Payment): boolean => isUpi(tx) && tx.event_type === 'TRANSFER'

/** Codes of a payment over a limit: NPCI's for UPI, ISO 8583 DE39 otherwise. */
const overAmount = (tx: Payment): string => (isUpi(tx) ? 'Z8' : '61')
const overCount = (tx: Payment): string => (isUpi(tx) ? 'Z7' : '65')

/** The code with which a payment of this size is refused, or null if every limit allows it. */
export function breaksLimit(account: Account, tx: Payment): string | null {
  if (tx.amount_minor > roomMinor(account, tx)) return overAmount(tx)
  const { use } = account
  const today = use.day === civilDay(tx.event_time)
  return isUpiTransfer(tx) && today && use.transfers >= limits.upiTransfersDay ? overCount(tx) : null
}

/** Paise that limits leave for a payment like this; its own amount does not count. */
export function roomMinor(account: Account, tx: Payment): number {
  const { use, binding } = account
  const today = use.day === civilDay(tx.event_time)
  let room = limitMinor(tx.payment_rail, tx.category, tx.event_time)
  if (isUpiTransfer(tx)) room = Math.min(room, limits.upiTransferDayMinor - (today ? use.transferMinor : 0))
  if (isUpi(tx) && binding?.deviceId === tx.device_id && tx.event_time < binding.boundMs + DAY_MS) {
    room = Math.min(room, limits.upiNewDeviceDayMinor - binding.usedMinor)
  }
  if (tx.channel === 'ATM') {
    room = Math.min(room, limits.atmMinor, limits.atmDayMinor - (today ? use.cashMinor : 0))
  }
  if (tx.pos_entry_mode === CONTACTLESS) room = Math.min(room, limits.contactlessMinor)
  return Math.max(0, room)
}

/** Notes what a payment uses of the daily limits. */
export function use(account: Account, tx: Transaction, inserted: boolean): void {
  const day = civilDay(tx.event_time)
  if (account.use.day !== day) account.use = { day, transferMinor: 0, transfers: 0, cashMinor: 0, inserted: false }
  if (inserted) account.use.inserted = true
  if (signedAmountMinor(tx) >= 0) return
  if (isUpiTransfer(tx)) {
    account.use.transferMinor += tx.amount_minor
    account.use.transfers++
  }
  if (tx.channel === 'ATM') account.use.cashMinor += tx.amount_minor
  const { binding } = account
  if (binding === null) return
  if (tx.event_time >= binding.boundMs + DAY_MS) account.binding = null
  else if (isUpi(tx) && tx.device_id === binding.deviceId) binding.usedMinor += tx.amount_minor
}
