import { ATMS, atm, atmTerminalId } from '../market/terminals.ts'
import { accounts, instruments, type Payment } from './payment.ts'
import { ownHash, type Scene } from './scene.ts'

/** Names a cash machine, by its number in a city, and the bank behind it. */
export function atMachine(out: Payment, city: number, machine: number): void {
  out.mcc = atm.mcc
  out.name = atm.merchantName
  out.category = atm.category
  out.subcategory = atm.subcategory
  out.merchantType = atm.merchantType
  out.terminal = atmTerminalId(city, machine)
}

/** With the debit card, its chip and the PIN, at the `rank`-th nearest machine; which that is differs from customer to customer. */
export function byMachine(out: Payment, scene: Scene, rank: number): void {
  const { city } = scene.whereabouts
  out.account = accounts.SAVINGS
  out.instrument = instruments.DEBIT_CARD
  out.rail = 'DEBIT_CARD'
  out.channel = 'ATM'
  out.entryMode = '05'
  out.authentication = 'CHIP_PIN'
  out.atm = (ownHash(scene, city + 600) + rank) % ATMS
  atMachine(out, city, out.atm)
}
