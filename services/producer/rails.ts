import type { AuthenticationMethod, Channel, PaymentRail } from '#schemas/types.ts'
import { limits } from '../market/limits.ts'
import { pointsEarned } from '../market/loyalty.ts'
import type { PaymentMode } from '../market/segments.ts'
import type { Random } from '../random.ts'
import { type Account, accounts, devices, type Instrument, instruments, type Payment } from './payment.ts'
import type { Scene } from './scene.ts'

/** Small UPI payments that go by UPI Lite, without a PIN, of those who have it: fitted to its mean of 98 rupees (NPCI, December 2024). */
const LITE_MAX_MINOR = 40_000
const LITE_SHARE = 0.18
const SECOND_DEVICE_SHARE = 0.05
/** Terminals and cards on which the chip fails: fallback to the stripe is rare, and honest. */
const FALLBACK_SHARE = 0.004
const STRIPE_SHARE = 0.003
const CONTACTLESS_SHARE = 0.65

/** The account that a way of paying takes from. */
export function modeAccount(mode: PaymentMode, online: boolean): Account {
  if (mode === 'CREDIT_CARD') return accounts.CARD
  if (mode === 'BNPL') return online ? accounts.PAY_LATER : accounts.SAVINGS
  return mode === 'CASH' && !online ? accounts.CASH : accounts.SAVINGS
}

/** Fills in rail, channel, instrument and authentication of a purchase. What cannot be paid so is paid by UPI. */
export function payBy(out: Payment, scene: Scene, mode: PaymentMode, online: boolean): void {
  out.account = modeAccount(mode, online)
  const { random } = scene
  if (mode === 'CREDIT_CARD' || mode === 'DEBIT_CARD') byCard(out, mode, online, random)
  else if (mode === 'WALLET_PPI' && out.amountMinor <= scene.ledger.walletMinor[scene.row]!) {
    const authentication = random.unit() < 0.5 ? 'BIOMETRIC' : 'NONE'
    means(out, 'PREPAID_WALLET', instruments.WALLET, online ? 'MOBILE_APP' : 'QR', authentication)
    out.account = accounts.WALLET
  } else if (mode === 'NET_BANKING' && online) means(out, 'NET_BANKING', instruments.ACCOUNT, 'NET_BANKING', 'OTP')
  else if (mode === 'BNPL' && online) means(out, 'BNPL', instruments.PAY_LATER, 'ECOM', 'OTP')
  else if (mode === 'CASH' && !online) means(out, 'CASH', instruments.CASH, 'POS', 'NONE')
  else byUpi(out, scene, online)
}

function means(
  out: Payment,
  rail: PaymentRail,
  instrument: Instrument,
  channel: Channel,
  authentication: AuthenticationMethod,
): void {
  out.rail = rail
  out.instrument = instrument
  out.channel = channel
  out.authentication = authentication
}

function byUpi(out: Payment, { ledger, random, row }: Scene, online: boolean): void {
  const small = out.amountMinor <= LITE_MAX_MINOR && out.amountMinor <= ledger.liteMinor[row]!
  const lite = small && random.unit() < LITE_SHARE
  if (lite) out.account = accounts.LITE
  const authentication = lite ? 'NONE' : random.unit() < 0.03 ? 'BIOMETRIC' : 'UPI_PIN'
  means(out, lite ? 'UPI_LITE' : 'UPI', instruments.VPA, online ? 'MOBILE_APP' : 'QR', authentication)
}

function byCard(out: Payment, rail: 'CREDIT_CARD' | 'DEBIT_CARD', online: boolean, random: Random): void {
  out.rail = rail
  out.instrument = rail === 'CREDIT_CARD' ? instruments.CREDIT_CARD : instruments.DEBIT_CARD
  out.points = pointsEarned(rail, out.amountMinor)
  const draw = random.unit()
  if (online) {
    out.channel = 'ECOM'
    out.entryMode = '81'
    out.authentication = 'OTP'
    return
  }
  out.channel = 'POS'
  const tap = out.amountMinor <= limits.contactlessMinor && draw < CONTACTLESS_SHARE
  const failed = draw > 1 - FALLBACK_SHARE ? '80' : draw > 1 - FALLBACK_SHARE - STRIPE_SHARE ? '90' : null
  out.entryMode = tap ? '07' : (failed ?? '05')
  out.authentication = tap ? 'NO_CVM' : 'CHIP_PIN'
}

/** Which device a payment comes from; terminals, mandates and cash know none. Takes a draw where there is one. */
export function chooseDevice(out: Payment, random: Random): void {
  switch (out.channel) {
    case 'QR':
    case 'MOBILE_APP':
      out.device = random.unit() < SECOND_DEVICE_SHARE ? devices.SECOND_PHONE : devices.PHONE
      return
    case 'ECOM':
    case 'NET_BANKING':
      out.device = random.unit() < 4 * SECOND_DEVICE_SHARE ? devices.COMPUTER : devices.PHONE
      return
    default:
      out.device = devices.NONE
  }
}
