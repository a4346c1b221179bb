import type { CardNetwork } from '#schemas/types.ts'
import { deviceId, mix, ownAccount, ownInstrument } from '../market/identifiers.ts'
import { type Account, type Device, devices, type Instrument, instruments } from './payment.ts'

const instrumentKinds = ['VPA', 'CARD', 'CARD', 'WALLET', 'ACCOUNT', 'MANDATE', 'ACCOUNT', 'CASH'] as const
const creditNetworks: readonly CardNetwork[] = [
  'VISA',
  'VISA',
  'VISA',
  'VISA',
  'MASTERCARD',
  'MASTERCARD',
  'MASTERCARD',
  'RUPAY',
  'RUPAY',
  'AMEX',
]
const debitNetworks: readonly CardNetwork[] = [
  'RUPAY',
  'RUPAY',
  'RUPAY',
  'RUPAY',
  'RUPAY',
  'VISA',
  'VISA',
  'VISA',
  'MASTERCARD',
  'MASTERCARD',
]

/*
 * `mix` maps the numbers one to one for a given second word: identifiers of one kind never collide, however many
 * customers there are. They are made anew for every record: remembering them made no run faster, and large ones a
 * third slower by the memory it took. The second word is the run's own, so that another seed gives other identifiers.
 */

export const accountOf = (customer: number, account: Account, identity: number): string =>
  ownAccount(customer, account, identity)

export const instrumentOf = (customer: number, instrument: Instrument, identity: number): string =>
  ownInstrument(instrumentKinds[instrument]!, customer, instrument, identity)

/** `phone` counts the customer's phones; the other devices stay. */
export function deviceOf(customer: number, device: Device, phone: number, identity: number): string {
  const slot = device === devices.PHONE ? 2 + phone : device - devices.SECOND_PHONE
  return deviceId(mix(customer * 256 + slot, identity ^ 0xde71ce))
}

export function networkOf(instrument: Instrument, tag: number): CardNetwork | null {
  if (instrument === instruments.CREDIT_CARD) return creditNetworks[mix(tag, 910) % creditNetworks.length]!
  return instrument === instruments.DEBIT_CARD ? debitNetworks[mix(tag, 911) % debitNetworks.length]! : null
}
