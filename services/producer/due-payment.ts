import { roundBill } from '../market/amounts.ts'
import { issuers } from '../market/issuers.ts'
import { limitMinor } from '../market/limits.ts'
import { chooseMerchant, purchaseCategories } from '../market/merchant-choice.ts'
import { merchantSites } from '../market/merchants.ts'
import { dues } from './dues.ts'
import { pending } from './ledger.ts'
import { bankedShare, depositCash, receiveInterest } from './money-in.ts'
import { incomeKinds, incomeName, occupations, WEEKS_PER_MONTH } from './occupations.ts'
import { type Account, accounts, instruments, type Payment } from './payment.ts'
import { ownHash, type Scene } from './scene.ts'
import { creditLoad, loadLite, loadWallet } from './stored-value.ts'

const WORD = 2 ** 32
/** Below this a bill is not worth paying. */
const BILL_MIN_MINOR = 10_000
/** Share of people who pay a card bill in full. */
const FULL_SHARE = 0.75
const categoryNumber = (name: (typeof purchaseCategories)[number]): number => purchaseCategories.indexOf(name)
const LOANS = categoryNumber('LOANS_CARDS')
const INSURANCE = categoryNumber('INSURANCE')
const INVESTMENTS = categoryNumber('INVESTMENTS')
const DIGITAL = categoryNumber('DIGITAL')
const subscriptionPrices = [99, 119, 149, 179, 199, 249, 299, 299, 399, 499, 649, 999] as const

/** Fills in what is due on a fixed day; false if there is nothing to pay, so that the moment is free for an ordinary payment. */
export function payDue(out: Payment, scene: Scene, ordinal: number): boolean {
  switch (ordinal) {
    case dues.INCOME:
      return receiveIncome(out, scene)
    case dues.LOAN:
      return repayLoan(out, scene)
    case dues.SAVING:
      return save(out, scene)
    case dues.SUBSCRIPTION:
      return subscribe(out, scene)
    case dues.CARD_BILL:
      return payBill(out, scene, accounts.CARD, scene.ledger.cardOwed[scene.row]!)
    case dues.PAY_LATER_BILL:
      return payBill(out, scene, accounts.PAY_LATER, scene.ledger.payLaterOwed[scene.row]!)
    case dues.CARD_CREDIT:
      return creditBill(out, accounts.CARD, scene.ledger.cardInTransit[scene.row]!)
    case dues.PAY_LATER_CREDIT:
      return creditBill(out, accounts.PAY_LATER, scene.ledger.payLaterInTransit[scene.row]!)
    case dues.LITE_LOAD:
      return loadLite(out, scene)
    case dues.LITE_CREDIT:
      return creditLoad(out, accounts.LITE, scene.ledger.liteInTransit[scene.row]!)
    case dues.WALLET_LOAD:
      return loadWallet(out, scene)
    case dues.WALLET_CREDIT:
      return creditLoad(out, accounts.WALLET, scene.ledger.walletInTransit[scene.row]!)
    case dues.LOAN_AGAIN:
      return presentAgain(scene, pending.LOAN) && repayLoan(out, scene)
    case dues.SAVING_AGAIN:
      return presentAgain(scene, pending.SAVING) && save(out, scene)
    case dues.INTEREST:
      return receiveInterest(out, scene)
    case dues.CASH_DEPOSIT:
      return depositCash(out, scene)
    default:
      throw new RangeError(`no payment is due by ordinal ${ordinal}`)
  }
}

/** Salaries are the same every month but for a little overtime; trade is not. */
function receiveIncome(out: Payment, scene: Scene): boolean {
  const { people, lives, random, row } = scene
  const kind = people.incomeKind[row]!
  if (lives.income === 0) return false
  const month = people.incomeRupees[row]! * lives.income
  const share = kind === incomeKinds.MONTHLY ? 1 : kind === incomeKinds.FAMILY ? 0.5 : 1 / WEEKS_PER_MONTH
  const varied = kind === incomeKinds.MONTHLY ? 1 : random.lognormal(1, 0.2)
  const rupees = month * share * varied * bankedShare(scene)
  out.amountMinor =
    Math.max(100, kind === incomeKinds.MONTHLY ? Math.round(rupees) : Math.round(rupees / 100) * 100) * 100
  out.eventType = 'CREDIT'
  out.account = accounts.SAVINGS
  const byHandle = kind === incomeKinds.FAMILY && out.amountMinor <= limitMinor('UPI', 'INCOME', out.timeMs)
  const atOnce = kind !== incomeKinds.MONTHLY && out.amountMinor <= limitMinor('IMPS', 'INCOME', out.timeMs)
  out.rail = byHandle ? 'UPI' : atOnce ? 'IMPS' : 'NEFT'
  out.instrument = byHandle ? instruments.VPA : instruments.ACCOUNT
  out.channel = out.rail === 'NEFT' ? 'NET_BANKING' : 'MOBILE_APP'
  out.authentication = 'NONE'
  out.category = 'INCOME'
  out.subcategory = incomeName(occupations[lives.occupation]!, kind)
  out.merchantType = kind === incomeKinds.FAMILY ? 'INDIVIDUAL' : 'UNKNOWN'
  return true
}

const loanRupees = (scene: Scene): number =>
  scene.people.incomeRupees[scene.row]! * (0.08 + 0.17 * (ownHash(scene, 700) / WORD))

const savingRupees = (scene: Scene): number =>
  Math.max(
    1,
    Math.round((scene.people.incomeRupees[scene.row]! * (0.02 + 0.06 * (ownHash(scene, 701) / WORD))) / 500),
  ) * 500

const repayLoan = (out: Payment, scene: Scene): boolean => mandate(out, scene, LOANS, loanRupees(scene))

function save(out: Payment, scene: Scene): boolean {
  const insurance = ownHash(scene, dues.SAVING + 2000) % 3 === 0
  return mandate(out, scene, insurance ? INSURANCE : INVESTMENTS, savingRupees(scene))
}

/** Whether a mandate was returned the last time; it is presented again only once. */
function presentAgain({ ledger, row }: Scene, mandate: number): boolean {
  const returned = ledger.pending[row]!
  ledger.pending[row] = returned & ~mandate
  return (returned & mandate) !== 0
}

/** A standing order, collected by NACH. */
function mandate(out: Payment, scene: Scene, category: number, rupees: number): boolean {
  collect(out, scene, category)
  out.amountMinor = Math.max(100, Math.round(rupees)) * 100
  out.rail = 'NACH'
  return true
}

function subscribe(out: Payment, scene: Scene): boolean {
  collect(out, scene, DIGITAL)
  out.amountMinor = subscriptionPrices[ownHash(scene, 702) % subscriptionPrices.length]! * 100
  out.rail = 'UPI'
  return true
}

/** The merchant of a mandate stays the same. */
function collect(out: Payment, scene: Scene, category: number): void {
  const { people, row, habit, habitKey } = scene
  const home = people.city[row]!
  const index = chooseMerchant(category, home, true, habit.at(habitKey, people.number[row]!, -1 - category))
  out.merchant = index
  out.eventType = 'BILL_PAYMENT'
  out.account = accounts.SAVINGS
  out.instrument = instruments.MANDATE
  out.channel = 'AUTOPAY'
  out.authentication = 'MANDATE'
  out.category = merchantSites[index]!.category
  out.subcategory = merchantSites[index]!.subcategory
}

/** Most pay all they owe, the others a part; nobody plans to pay more than there is. */
function payBill(out: Payment, scene: Scene, billOf: Account, owedMinor: number): boolean {
  if (owedMinor < BILL_MIN_MINOR) return false
  const { people, ledger, random, row } = scene
  const full = random.unit() < FULL_SHARE
  const share = random.uniform(0.2, 0.6)
  const meant = full ? owedMinor : roundBill((owedMinor * share) / 100, random)
  const affordable = Math.floor((ledger.savings[row]! * 0.9) / 10_000) * 10_000
  out.amountMinor = Math.min(owedMinor, meant <= affordable || affordable < BILL_MIN_MINOR ? meant : affordable)
  out.eventType = 'BILL_PAYMENT'
  out.account = accounts.SAVINGS
  const byHandle = random.unit() < 0.8 && out.amountMinor <= limitMinor('UPI', 'LOANS_CARDS', out.timeMs)
  out.rail = byHandle ? 'UPI' : 'NET_BANKING'
  out.instrument = byHandle ? instruments.VPA : instruments.ACCOUNT
  out.channel = byHandle ? 'MOBILE_APP' : 'NET_BANKING'
  out.authentication = byHandle ? 'UPI_PIN' : 'OTP'
  out.mcc = '6012'
  out.name = issuers[people.cardIssuer[row]!]!.name
  out.category = 'LOANS_CARDS'
  out.subcategory = billOf === accounts.CARD ? 'Credit card bill' : 'Pay-later bill'
  out.arrivesAt = billOf
  out.merchantType = 'UTILITY'
  return true
}

function creditBill(out: Payment, account: Account, amountMinor: number): boolean {
  if (amountMinor === 0) return false
  out.amountMinor = amountMinor
  out.eventType = 'CREDIT'
  out.account = account
  out.rail = account === accounts.CARD ? 'CREDIT_CARD' : 'BNPL'
  out.instrument = account === accounts.CARD ? instruments.CREDIT_CARD : instruments.PAY_LATER
  out.channel = 'NET_BANKING'
  out.authentication = 'NONE'
  out.category = 'LOANS_CARDS'
  out.subcategory = 'Bill payment received'
  out.merchantType = 'UNKNOWN'
  return true
}
