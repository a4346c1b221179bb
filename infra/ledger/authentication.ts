import type { AuthenticationMethod, Transaction } from '#schemas/types.ts'

type Payment = Pick<Transaction, 'payment_rail' | 'channel' | 'pos_entry_mode' | 'authentication_method'>

const CONTACTLESS = '07'
const byOtp: ReadonlySet<string> = new Set(['BNPL', 'NET_BANKING', 'IMPS', 'NEFT', 'RTGS'])
const cards: ReadonlySet<string> = new Set(['CREDIT_CARD', 'DEBIT_CARD'])

/**
 * How a payment of this kind proves who pays (RBI: an additional factor for all but small taps, wallets and mandates);
 * undefined where nobody asks.
 */
export function askedOf({
  payment_rail,
  channel,
  pos_entry_mode,
}: Payment): readonly AuthenticationMethod[] | undefined {
  if (payment_rail === 'UPI') return channel === 'AUTOPAY' ? ['MANDATE'] : ['UPI_PIN', 'BIOMETRIC']
  if (byOtp.has(payment_rail) || channel === 'ECOM') return ['OTP']
  if (!cards.has(payment_rail)) return undefined
  return pos_entry_mode === CONTACTLESS ? ['NO_CVM'] : ['CHIP_PIN']
}
