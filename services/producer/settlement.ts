import { approved, declined, drawDecline, insufficientFundsCode } from '../market/responses.ts'
import { isInward } from '../market/statement.ts'
import { beyondDailyLimit, useDailyLimit } from './daily-limits.ts'
import { dues } from './dues.ts'
import { pending } from './ledger.ts'
import { type Account, accounts, type Payment } from './payment.ts'
import { purseMinor, type Scene } from './scene.ts'

const WRONG_PIN = 'ZM'
/** Of PINs mistyped, those that were forgotten (a modelling choice). */
const PIN_FORGOTTEN = 0.12

/** Decides whether the payment is answered with yes, and moves the money. Needs one draw, two for a refusal. */
export function settle(out: Payment, scene: Scene): void {
  const inward = isInward(out.eventType)
  const refusal = inward ? null : refusalOf(out, scene)
  const overLimit = inward ? null : beyondDailyLimit(out, scene)
  if (!inward && out.amountMinor > purseMinor(scene, out.account)) {
    out.response = declined(insufficientFundsCode(out.rail, out.channel))
  } else if (refusal !== null) out.response = declined(refusal)
  else if (overLimit !== null) out.response = declined(overLimit)
  else {
    out.response = approved
    if (!inward) useDailyLimit(out, scene)
    move(scene, out, inward ? out.amountMinor : -out.amountMinor)
    if (out.arrivesAt !== null) underWay(out, out.arrivesAt, scene)
  }
  if (out.response !== approved) notePending(out, scene)
  if (out.response !== approved) out.points = 0
  tellBalance(out, scene)
}

/** Why the bank of the account says no though the money is there; null if it does not. */
function refusalOf(out: Payment, { people, row, outages, random }: Scene): string | null {
  const onCredit = out.account === accounts.CARD || out.account === accounts.PAY_LATER
  const issuer = (onCredit ? people.cardIssuer : people.issuer)[row]!
  return drawDecline(out.rail, out.channel, issuer, outages.shareAt(issuer, out.rail, out.timeMs), random)
}

function move({ ledger, row }: Scene, out: Payment, changeMinor: number): void {
  switch (out.account) {
    case accounts.SAVINGS:
      ledger.savings[row] = ledger.savings[row]! + changeMinor
      return
    case accounts.CARD:
      ledger.cardOwed[row] = ledger.cardOwed[row]! - changeMinor
      if (out.eventType === 'CREDIT') ledger.cardInTransit[row] = 0
      return
    case accounts.PAY_LATER:
      ledger.payLaterOwed[row] = ledger.payLaterOwed[row]! - changeMinor
      if (out.eventType === 'CREDIT') ledger.payLaterInTransit[row] = 0
      return
    case accounts.LITE:
      ledger.liteMinor[row] = ledger.liteMinor[row]! + changeMinor
      if (out.eventType === 'CREDIT') ledger.liteInTransit[row] = 0
      return
    case accounts.WALLET:
      ledger.walletMinor[row] = ledger.walletMinor[row]! + changeMinor
      if (out.eventType === 'CREDIT') ledger.walletInTransit[row] = 0
  }
}

/** What left the savings account arrives on the customer's other account with the due that follows. */
function underWay(out: Payment, account: Account, { ledger, row }: Scene): void {
  switch (account) {
    case accounts.CARD:
      ledger.cardInTransit[row] = ledger.cardInTransit[row]! + out.amountMinor
      return
    case accounts.PAY_LATER:
      ledger.payLaterInTransit[row] = ledger.payLaterInTransit[row]! + out.amountMinor
      return
    case accounts.LITE:
      ledger.liteInTransit[row] = ledger.liteInTransit[row]! + out.amountMinor / 100
      return
    case accounts.WALLET:
      ledger.walletInTransit[row] = ledger.walletInTransit[row]! + out.amountMinor / 100
  }
}

/** A mandate that the bank returned is presented once more, some days later; who has forgotten the PIN sets another. */
function notePending(out: Payment, { ledger, random, row, ordinal }: Scene): void {
  let found = 0
  const mistyped = out.response.response_code === WRONG_PIN && out.authentication === 'UPI_PIN'
  if (mistyped && random.unit() < PIN_FORGOTTEN) found = pending.PIN
  else if (out.channel === 'AUTOPAY' && ordinal === dues.LOAN) found = pending.LOAN
  else if (out.channel === 'AUTOPAY' && ordinal === dues.SAVING) found = pending.SAVING
  if (found !== 0) ledger.pending[row] = ledger.pending[row]! | found
}

function tellBalance(out: Payment, scene: Scene): void {
  const { people, row } = scene
  out.utilisation = null
  if (out.account === accounts.CASH) {
    out.balanceMinor = null
    return
  }
  const left = purseMinor(scene, out.account)
  out.balanceMinor = left
  if (out.account !== accounts.CARD && out.account !== accounts.PAY_LATER) return
  const limits = out.account === accounts.CARD ? people.cardLimitRupees : people.payLaterLimitRupees
  // A refund of what the bill has already paid leaves more than the limit to spend, and nothing owed.
  out.utilisation = Math.max(0, 1 - left / (limits[row]! * 100))
}
