import type { Channel, PaymentRail } from '#schemas/types.ts'
import { transactionId } from '../market/identifiers.ts'
import { ingestDelayMs } from '../market/ingestion.ts'
import { pointsEarned } from '../market/loyalty.ts'
import { merchantSites } from '../market/merchants.ts'
import { refundDelayMs, refundMinor, refundShare, reversalDelayMs, reversalShare } from '../market/refunds.ts'
import { approved } from '../market/responses.ts'
import { isInward } from '../market/statement.ts'
import { DAY_MS, dayStartMs, simulatedDay } from '../time.ts'
import { atMachine } from './cash-machine.ts'
import { ORDINALS } from './dues.ts'
import { type Account, accounts, type Instrument, instruments, type Payment } from './payment.ts'
import type { Scene } from './scene.ts'
import { payeeOfContact } from './transfer.ts'

/** Rails whose purchases can be refunded; their numbers are part of `Ledger.returnHow`. */
const rails: readonly PaymentRail[] = ['UPI', 'CREDIT_CARD', 'DEBIT_CARD', 'PREPAID_WALLET', 'NET_BANKING', 'BNPL']
const channels: readonly Channel[] = ['QR', 'POS', 'ECOM', 'MOBILE_APP', 'NET_BANKING', 'ATM']
const means: readonly { readonly account: Account; readonly instrument: Instrument }[] = [
  { account: accounts.SAVINGS, instrument: instruments.VPA },
  { account: accounts.CARD, instrument: instruments.CREDIT_CARD },
  { account: accounts.SAVINGS, instrument: instruments.DEBIT_CARD },
  { account: accounts.WALLET, instrument: instruments.WALLET },
  { account: accounts.SAVINGS, instrument: instruments.ACCOUNT },
  { account: accounts.PAY_LATER, instrument: instruments.PAY_LATER },
]

/** `Ledger.returnHow`: the ordinal in 7 bits, one for a reversal, one for a person, then rail and channel. */
const REVERSAL = ORDINALS
const TO_PERSON = 2 * ORDINALS
const RAIL_SHIFT = 9
const CHANNEL_SHIFT = 13

/** Makes up for purchases that are not returned because another return is under way: fitted to the shares asked for. */
const UNDER_WAY = 1.3
const WAIT_MAX_MS = 30 * DAY_MS
const AGAIN_SHARE = 0.3

/**
 * Decides whether the money of an approved payment will come back, and remembers what its refund or reversal has to
 * say. One is remembered at a time: a reversal, which is soon, in the place of a refund; otherwise the one before.
 */
export function planReturn(out: Payment, scene: Scene): void {
  if (out.response !== approved || isInward(out.eventType)) return
  const { ledger, random, row } = scene
  const withdrawal = out.channel === 'ATM'
  const undoable = withdrawal || (out.rail === 'UPI' && (out.merchant >= 0 || out.contact >= 0))
  if (undoable && out.channel !== 'AUTOPAY' && random.unit() < reversalShare(withdrawal)) {
    remember(out, scene, REVERSAL, reversalDelayMs(withdrawal, random))
  } else if (out.eventType === 'AUTHORISATION' && ledger.returnDueMs[row] === 0 && rails.includes(out.rail)) {
    const online = out.channel !== 'QR' && out.channel !== 'POS'
    if (random.unit() < UNDER_WAY * refundShare(out.category, online)) {
      remember(out, scene, 0, Math.min(WAIT_MAX_MS, refundDelayMs(out.category, random)))
    }
  }
}

function remember(out: Payment, { ledger, row, ordinal }: Scene, kind: number, delayMs: number): void {
  const toPerson = out.contact >= 0 ? TO_PERSON : 0
  ledger.returnOfMs[row] = out.timeMs
  ledger.returnDueMs[row] = out.timeMs + delayMs
  ledger.returnLeftMinor[row] = out.amountMinor
  ledger.returnParty[row] = toPerson ? out.contact : out.channel === 'ATM' ? out.atm : out.merchant
  ledger.returnHow[row] =
    ordinal |
    kind |
    toPerson |
    (rails.indexOf(out.rail) << RAIL_SHIFT) |
    (channels.indexOf(out.channel) << CHANNEL_SHIFT)
}

/** Gives money back if its time has come; false if there is none, so that the moment is free for an ordinary payment. */
export function giveBack(out: Payment, scene: Scene): boolean {
  const { ledger, random, row } = scene
  const dueMs = ledger.returnDueMs[row]!
  if (dueMs === 0 || dueMs > out.timeMs) return false
  const how = ledger.returnHow[row]!
  const reversal = (how & REVERSAL) !== 0
  const left = ledger.returnLeftMinor[row]!
  const rail = (how >> RAIL_SHIFT) & 15
  out.eventType = reversal ? 'REVERSAL' : 'REFUND'
  out.original = originalId(scene, how % ORDINALS)
  out.amountMinor = reversal ? left : refundMinor(left, random)
  out.rail = rails[rail]!
  out.channel = channels[how >> CHANNEL_SHIFT]!
  out.account = means[rail]!.account
  out.instrument = means[rail]!.instrument
  out.authentication = 'NONE'
  name(out, scene, ledger.returnParty[row]!, (how & TO_PERSON) !== 0)
  out.points = 0 - pointsEarned(out.rail, out.amountMinor)
  const rest = left - out.amountMinor
  const again = rest >= 100 && random.unit() < AGAIN_SHARE
  ledger.returnLeftMinor[row] = rest
  ledger.returnDueMs[row] = again ? out.timeMs + refundDelayMs(out.category, random) : 0
  return true
}

/** The identifier of the payment that is undone: a function of its moment and ordinal. */
function originalId({ habit, paymentKey, people, ledger, row }: Scene, ordinal: number): string {
  const timeMs = ledger.returnOfMs[row]!
  const random = habit.at(paymentKey, people.number[row]!, simulatedDay(timeMs) * ORDINALS + ordinal)
  ingestDelayMs(random)
  return transactionId(timeMs, random)
}

/** Who gives back: the merchant, the contact, or the bank of the cash machine. */
function name(out: Payment, scene: Scene, party: number, person: boolean): void {
  if (person) {
    out.category = 'TRANSFER'
    out.subcategory = 'Person to person'
    out.merchantType = 'INDIVIDUAL'
    out.payee = payeeOfContact(scene, party)
  } else if (out.channel === 'ATM') {
    const { whereabouts, ledger, row, day, ms } = scene
    const then = ledger.returnOfMs[row]!
    const dayThen = simulatedDay(then)
    whereabouts.locate(row, dayThen, then - dayStartMs(dayThen))
    atMachine(out, whereabouts.city, party)
    whereabouts.locate(row, day, ms)
  } else {
    out.merchant = party
    out.category = merchantSites[party]!.category
    out.subcategory = merchantSites[party]!.subcategory
  }
}
