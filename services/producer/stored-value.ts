import { mix } from '../market/identifiers.ts'
import { limits } from '../market/limits.ts'
import { subcategories } from '../market/statement.ts'
import { hasLite } from './dues.ts'
import { walletShare } from './modes.ts'
import { type Account, accounts, instruments, type Payment } from './payment.ts'
import type { Population } from './population.ts'
import type { Scene } from './scene.ts'

const liteTargets = [500, 1_000, 1_500, 2_000] as const
/** Mean ticket of wallets (RBI, second half of 2024), and the days it is filled up for; one large payment must fit, too. */
const WALLET_TICKET = 388
const LOAD_DAYS = 90
const WALLET_MIN_RUPEES = 4_000
/** Below this, in paise, a load is not worth the trouble. */
const LOAD_MIN_MINOR = 10_000
const PAISE = 100

/** Paise up to which a customer fills UPI Lite; 0 without it. */
export const liteTargetMinor = (tag: number): number =>
  hasLite(tag) ? Math.min(limits.liteBalanceMinor, liteTargets[mix(tag, 703) % liteTargets.length]! * PAISE) : 0

/** Paise up to which a customer fills the wallet: what is paid from it in some months. */
export function walletTargetMinor(people: Population, row: number): number {
  const rupees = people.ratePerDay[row]! * LOAD_DAYS * walletShare(people, row) * WALLET_TICKET
  if (rupees === 0) return 0
  return Math.min(limits.walletBalanceMinor, Math.max(WALLET_MIN_RUPEES, Math.ceil(rupees / 100) * 100) * PAISE)
}

/** Fills up UPI Lite from the savings account when less than half is left. */
export const loadLite = (out: Payment, scene: Scene): boolean =>
  load(out, scene, accounts.LITE, liteTargetMinor(scene.people.tag[scene.row]!), scene.ledger.liteMinor[scene.row]!)

/** Fills up the prepaid wallet. */
export function loadWallet(out: Payment, scene: Scene): boolean {
  const { people, ledger, row } = scene
  if (!load(out, scene, accounts.WALLET, walletTargetMinor(people, row), ledger.walletMinor[row]!)) return false
  out.mcc = '6540'
  out.name = 'Prepaid wallet'
  return true
}

function load(out: Payment, { ledger, row }: Scene, into: Account, targetMinor: number, leftMinor: number): boolean {
  const amount = Math.floor((targetMinor - leftMinor) / LOAD_MIN_MINOR) * LOAD_MIN_MINOR
  if (amount < LOAD_MIN_MINOR || leftMinor > targetMinor / 2 || ledger.savings[row]! < amount) return false
  out.amountMinor = amount
  out.eventType = 'TRANSFER'
  out.account = accounts.SAVINGS
  out.rail = 'UPI'
  out.instrument = instruments.VPA
  out.channel = 'MOBILE_APP'
  out.authentication = 'UPI_PIN'
  out.arrivesAt = into
  name(out, into)
  return true
}

/** What was loaded arrives. */
export function creditLoad(out: Payment, account: Account, rupees: number): boolean {
  if (rupees === 0) return false
  const lite = account === accounts.LITE
  out.amountMinor = rupees * PAISE
  out.eventType = 'CREDIT'
  out.account = account
  out.rail = lite ? 'UPI_LITE' : 'PREPAID_WALLET'
  out.instrument = lite ? instruments.VPA : instruments.WALLET
  out.channel = 'MOBILE_APP'
  out.authentication = 'NONE'
  name(out, account)
  return true
}

function name(out: Payment, account: Account): void {
  out.category = 'TRANSFER'
  out.subcategory = account === accounts.LITE ? subcategories.LITE_LOAD : subcategories.WALLET_LOAD
  out.merchantType = 'UNKNOWN'
}
