import { limits } from '../market/limits.ts'
import { civilDay } from '../time.ts'
import type { Payment } from './payment.ts'
import type { Scene } from './scene.ts'

const isUpiTransfer = (out: Payment): boolean => out.rail === 'UPI' && out.eventType === 'TRANSFER'

/** The code with which a payment is refused that goes beyond what a civil day allows, or null. Takes no draw. */
export function beyondDailyLimit(out: Payment, { ledger, row }: Scene): string | null {
  const today = ledger.useDay[row] === civilDay(out.timeMs)
  if (isUpiTransfer(out)) {
    if (out.amountMinor > limits.upiTransferDayMinor - (today ? ledger.transferredMinor[row]! : 0)) return 'Z8'
    return today && ledger.transfers[row]! >= limits.upiTransfersDay ? 'Z7' : null
  }
  if (out.channel !== 'ATM') return null
  return out.amountMinor > limits.atmDayMinor - (today ? ledger.withdrawnMinor[row]! : 0) ? '61' : null
}

/** Notes what an approved payment uses of its day. */
export function useDailyLimit(out: Payment, { ledger, row }: Scene): void {
  if (!isUpiTransfer(out) && out.channel !== 'ATM') return
  const day = civilDay(out.timeMs)
  if (ledger.useDay[row] !== day) {
    ledger.useDay[row] = day
    ledger.transferredMinor[row] = 0
    ledger.transfers[row] = 0
    ledger.withdrawnMinor[row] = 0
  }
  if (out.channel === 'ATM') ledger.withdrawnMinor[row] = ledger.withdrawnMinor[row]! + out.amountMinor
  else {
    ledger.transferredMinor[row] = ledger.transferredMinor[row]! + out.amountMinor
    ledger.transfers[row] = ledger.transfers[row]! + 1
  }
}
