import { AliasTable, zipfWeights } from '../market/alias.ts'
import { roundBill, roundCash, roundOffline, roundOnline } from '../market/amounts.ts'
import { cities } from '../market/cities.ts'
import { mix, shippingAddressHash } from '../market/identifiers.ts'
import { limitMinor, limits } from '../market/limits.ts'
import { chooseMerchant, onlineWeight, sells } from '../market/merchant-choice.ts'
import { merchantSites } from '../market/merchants.ts'
import type { PaymentMode } from '../market/segments.ts'
import { BRANCHES, branchNumber, terminalOf } from '../market/terminals.ts'
import { HOUR_MS } from '../time.ts'
import { onlineTilts } from './buying-hours.ts'
import { byMachine } from './cash-machine.ts'
import { accounts, type Payment } from './payment.ts'
import { modeAccount, payBy } from './rails.ts'
import { ownHash, purseMinor, restrain, type Scene, spendingOf } from './scene.ts'

/** Favourite shops in a category, the first visited most; and shops nearby that one goes to now and then. */
const FAVOURITES = 3
const favouriteTable = new AliasTable(zipfWeights(FAVOURITES, 2))
const NEARBY_SHOPS = 3
const nearbyTable = new AliasTable(zipfWeights(NEARBY_SHOPS, 1))
/** Of purchases elsewhere than at favourites: fitted to how often customers come back, .55 to .85 of purchases. */
const NEARBY_SHARE = 0.96
/** Terminals at which a customer pays in a chain's branches: mostly the nearest. */
const branchTable = new AliasTable(zipfWeights(BRANCHES, 1.2))

/** Bills rather than purchases. */
const billCategories: ReadonlySet<string> = new Set([
  'UTILITIES',
  'TELECOM',
  'INSURANCE',
  'EDUCATION',
  'LOANS_CARDS',
  'GOVERNMENT',
])
/** Bought online, these come by post. */
const parcelCategories: ReadonlySet<string> = new Set([
  'ECOMMERCE',
  'FASHION',
  'ELECTRONICS',
  'HOME',
  'GROCERIES',
  'BEAUTY',
  'HEALTHCARE',
  'FOOD_DINING',
])

const PURCHASE_SHARE = 0.5
/** People reach for UPI when it is little and for the card when it is much: fitted to the mean ticket of each rail. */
const modeScale: Readonly<Record<PaymentMode, number>> = {
  UPI: 0.345,
  CREDIT_CARD: 1.45,
  DEBIT_CARD: 1.1,
  WALLET_PPI: 0.75,
  NET_BANKING: 2,
  BNPL: 0.8,
  CASH: 0.45,
}
/** Of a credit card's, what is bought online: fitted to the mean ticket there. */
const CARD_ONLINE_SCALE = 0.86
/** What is dearer by UPI than the rail's own scale says: fitted to the mean ticket of grocers and eating places. */
const upiCategoryScale: Readonly<Record<string, number>> = { GROCERIES: 1.75, FOOD_DINING: 1.5 }
const INSTALMENT_MIN_MINOR = 800_000
const instalmentMonths = [3, 6, 6, 9, 12] as const

/** A purchase from a merchant. */
export function purchase(out: Payment, scene: Scene, mode: PaymentMode): void {
  const { city } = scene.whereabouts
  const category = chooseCategory(scene, city)
  const online = buysOnline(scene, category, city, mode)
  const index = chooseShop(scene, category, city, online)
  pay(out, scene, mode, index, online, affordable(scene, mode, online, ticketOf(scene, mode, index, online)))
}

/** A purchase of `rupees` from a given merchant, index in `merchantSites`: online, if it has no shops. */
export function buy(out: Payment, scene: Scene, mode: PaymentMode, index: number, rupees: number): void {
  pay(out, scene, mode, index, isRemote(index), rupees)
}

/** The same, of less for those who keep to a share of what they have. */
export function buySparingly(out: Payment, scene: Scene, mode: PaymentMode, index: number, meant: number): void {
  buy(out, scene, mode, index, affordable(scene, mode, isRemote(index), meant))
}

/** What the customer would spend on an ordinary visit to a merchant, rupees. */
export function ticketOf(scene: Scene, mode: PaymentMode, index: number, online = isRemote(index)): number {
  const merchant = merchantSites[index]!
  const usual = spendingOf(scene) * scene.activity.value(scene.whereabouts.city)
  const scale = usual * ticketScale(mode, merchant.category, online)
  return scene.random.lognormal((merchant.ticketMedianMinor / 100) * scale, merchant.ticketSigma)
}

const isRemote = (index: number): boolean => merchantSites[index]!.presence === 'ONLINE'

const affordable = (scene: Scene, mode: PaymentMode, online: boolean, meant: number): number =>
  restrain(meant, purseMinor(scene, modeAccount(mode, online)), PURCHASE_SHARE, scene.random)

function pay(out: Payment, scene: Scene, mode: PaymentMode, index: number, online: boolean, rupees: number): void {
  const { random } = scene
  const { city } = scene.whereabouts
  const merchant = merchantSites[index]!
  out.merchant = index
  out.eventType = billCategories.has(merchant.category) ? 'BILL_PAYMENT' : 'AUTHORISATION'
  const round = out.eventType === 'BILL_PAYMENT' ? roundBill : online ? roundOnline : roundOffline
  out.amountMinor = round(rupees, random)
  payBy(out, scene, mode, online)
  // Above what the rail may carry, people take the next best.
  if (out.amountMinor > limitMinor(out.rail, merchant.category, out.timeMs)) {
    payBy(out, scene, online ? 'NET_BANKING' : 'DEBIT_CARD', online)
  }
  out.category = merchant.category
  out.subcategory = merchant.subcategory
  if (out.channel === 'POS' && out.rail !== 'CASH') out.terminal = terminalAt(scene, index, city)
  if (online && parcelCategories.has(merchant.category)) ship(out, scene, city)
  if (out.account === accounts.CARD && out.amountMinor >= INSTALMENT_MIN_MINOR && random.unit() < 0.15) {
    out.emiMonths = random.pick(instalmentMonths)
  }
}

/** From what the segment buys here now; what a life brings bends the mix, by drawing again what it leaves out. */
function chooseCategory({ activity, people, random, row, ms, lives }: Scene, city: number): number {
  const table = activity.categories(people.segment[row]!, city, ms)
  for (;;) {
    const category = table.pick(random)
    if (lives.bend === null || random.unit() < lives.bend[category]!) return category
  }
}

function ticketScale(mode: PaymentMode, category: string, online: boolean): number {
  if (mode === 'UPI') return modeScale.UPI * (upiCategoryScale[category] ?? 1)
  return modeScale[mode] * (mode === 'CREDIT_CARD' && online ? CARD_ONLINE_SCALE : 1)
}

function buysOnline(scene: Scene, category: number, city: number, mode: PaymentMode): boolean {
  const draw = scene.random.unit()
  if (!sells(category, city, false)) return true
  if (!sells(category, city, true) || mode === 'CASH') return false
  if (mode === 'BNPL' || mode === 'NET_BANKING') return true
  const likely = scene.people.onlineShare[scene.row]! * Math.sqrt(onlineWeight(category, city))
  return draw < likely * onlineTilts[category]![Math.floor(scene.ms / HOUR_MS)]!
}

/** Loyalty needs no memory: the k-th shop of a customer, in a category and city, is a draw that always comes out alike. */
function chooseShop(scene: Scene, category: number, city: number, online: boolean): number {
  const { people, random, row } = scene
  const loyal = random.unit() < people.loyalty[row]!
  const rank = loyal ? favouriteTable.pick(random) : FAVOURITES + nearbyTable.pick(random)
  if (!loyal && random.unit() >= NEARBY_SHARE) return chooseMerchant(category, city, online, random)
  const habit = ((city * 32 + category) * (FAVOURITES + NEARBY_SHOPS) + rank) * 2 + (online ? 1 : 0)
  return chooseMerchant(category, city, online, scene.habit.at(scene.habitKey, people.number[row]!, habit))
}

function terminalAt(scene: Scene, merchant: number, city: number): string {
  const rank = branchTable.pick(scene.random)
  const branch = (rank + ownHash(scene, merchant)) % BRANCHES
  return terminalOf(merchant, branchNumber(city, branch))
}

/** Most parcels go home, some to work, a few to somebody else. */
function ship(out: Payment, scene: Scene, city: number): void {
  const { lives, random } = scene
  const where = random.unit()
  const to = where < 0.86 ? lives.home : where < 0.96 ? city : random.below(cities.length)
  out.shippingCity = cities[to]!.name
  const address = where < 0.86 ? ownHash(scene, 500) : where < 0.93 ? ownHash(scene, 501) : random.uint32()
  out.shippingHash = shippingAddressHash(mix(address, to))
}

/** A withdrawal at an ATM near where the customer is; the median is fitted to the mean of 5,835 rupees (RBI, 2025). */
export function withdraw(out: Payment, scene: Scene): void {
  const { random } = scene
  const meant = random.lognormal(4_200 * Math.min(2, spendingOf(scene)), 0.8)
  const rupees = restrain(meant, purseMinor(scene, accounts.SAVINGS), PURCHASE_SHARE, random)
  out.amountMinor = Math.min(limits.atmMinor, roundCash(rupees, random))
  out.eventType = 'CASH_WITHDRAWAL'
  byMachine(out, scene, branchTable.pick(random))
}
