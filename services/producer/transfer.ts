import type { PaymentRail } from '#schemas/types.ts'
import { AliasTable, zipfWeights } from '../market/alias.ts'
import { roundGift, roundTransfer } from '../market/amounts.ts'
import data from '../market/data/amounts.json' with { type: 'json' }
import banks from '../market/data/transfers.json' with { type: 'json' }
import { mix, payeeId } from '../market/identifiers.ts'
import { limits } from '../market/limits.ts'
import { segments } from '../market/segments.ts'
import type { Random } from '../random.ts'
import { accounts, instruments, type Payment } from './payment.ts'
import { purseMinor, restrain, type Scene, spendingOf } from './scene.ts'

/** Contacts that a customer sends money to again and again; the rest are paid once. */
export const CONTACTS = 12
const contactTable = new AliasTable(zipfWeights(CONTACTS, 1))
const STRANGER_SHARE = 0.05
const TRANSFER_SHARE = 0.3
/** For every three transfers out there is one in. */
const RECEIVED_SHARE = 0.25
const GIFT_SHARE = 0.35
/** Who marries receives more than they send, in auspicious sums for most; and wherever there are guests, some send one. Modelling choices. */
const RECEIVED_AT_WEDDING = 0.8
const GIFT_AT_WEDDING = 0.8
const GUEST_SHARE = 0.008
const PAYEES = 0x9a7ee
const NEFT_FROM_MINOR = 2_000_000
const { large: grand } = banks
const grandShares: Readonly<Record<string, number>> = grand.share
const grandShare = segments.map(({ id }) => grandShares[id] ?? 0)

const [small, large] = data.upi.mix_P2P_2025.components
/** These payers are better off than the nation, whose mean transfer is 2,505 rupees (NPCI, July 2025): fitted to it. */
const NATION = 0.95
const transferRupees = (scene: Scene): number => {
  const { random } = scene
  const part = random.unit() < small!.w ? small! : large!
  return random.lognormal(part.median * NATION * spendingOf(scene), part.sigma)
}

/** Of a customer's UPI payments, the share to draw as transfers so that `sent` of those that go out are: some are received. */
export const transferDraws = (sent: number): number => sent / (1 - RECEIVED_SHARE * (1 - sent))

/** Money sent to, or received from, a person by UPI. */
export function transfer(out: Payment, scene: Scene): void {
  const { random, lives } = scene
  const received = random.unit() < (lives.gifts ? RECEIVED_AT_WEDDING : RECEIVED_SHARE)
  const meant = transferRupees(scene)
  const rupees = received ? meant : restrain(meant, purseMinor(scene, accounts.SAVINGS), TRANSFER_SHARE, random)
  const amountMinor = random.unit() < giftShare(scene, received) ? roundGift(rupees) : roundTransfer(rupees, random)
  out.amountMinor = Math.min(limits.upiTransferDayMinor, amountMinor)
  out.account = accounts.SAVINGS
  out.rail = 'UPI'
  out.instrument = instruments.VPA
  out.category = 'TRANSFER'
  out.merchantType = 'INDIVIDUAL'
  out.channel = 'MOBILE_APP'
  if (received) {
    out.eventType = 'CREDIT'
    out.subcategory = 'Person to person, received'
    out.authentication = 'NONE'
    return
  }
  out.eventType = 'TRANSFER'
  out.subcategory = 'Person to person'
  out.authentication = 'UPI_PIN'
  choosePayee(out, scene)
}

/** Chance that a transfer is a gift. */
function giftShare({ activity, lives, whereabouts }: Scene, received: boolean): number {
  if (received && lives.gifts) return GIFT_AT_WEDDING
  return activity.gifts(whereabouts.city) ? GIFT_SHARE : GUEST_SHARE
}

/** Most are of a few thousand; now and then people send what a car or a deposit costs, if they have it. */
function bankRupees(scene: Scene): number {
  const { random, people, row } = scene
  const purse = purseMinor(scene, accounts.SAVINGS)
  const most = (purse / 100) * grand.shareOfSavings
  if (random.unit() < grandShare[people.segment[row]!]! && most >= grand.fromRupees) {
    return Math.min(most, random.lognormal(grand.medianRupees * spendingOf(scene), grand.sigma))
  }
  const meant = random.lognormal(banks.medianRupees * spendingOf(scene), banks.sigma)
  return restrain(meant, purse, TRANSFER_SHARE, random)
}

/** IMPS at once, NEFT for more; from two lakh mostly RTGS. */
function bankRail(amountMinor: number, random: Random): PaymentRail {
  const chance = random.unit()
  if (amountMinor >= limits.rtgsMinimumMinor) {
    if (chance < grand.rtgsShare) return 'RTGS'
    return amountMinor > limits.impsMinor || chance < (1 + grand.rtgsShare) / 2 ? 'NEFT' : 'IMPS'
  }
  return chance < (amountMinor > NEFT_FROM_MINOR ? 0.7 : 0.3) ? 'NEFT' : 'IMPS'
}

/** A larger transfer between banks. */
export function bankTransfer(out: Payment, scene: Scene): void {
  const { random } = scene
  const rupees = bankRupees(scene)
  out.amountMinor = roundTransfer(rupees, random)
  out.rail = bankRail(out.amountMinor, random)
  out.account = accounts.SAVINGS
  out.instrument = instruments.ACCOUNT
  out.eventType = 'TRANSFER'
  out.category = 'TRANSFER'
  out.subcategory = 'Bank transfer'
  out.merchantType = 'INDIVIDUAL'
  out.channel = out.rail === 'IMPS' ? 'MOBILE_APP' : 'NET_BANKING'
  out.authentication = 'OTP'
  choosePayee(out, scene)
}

/** Who a contact of the customer is: another customer of any partition, so that people share payees. */
export function payeeOfContact({ people, row, identity, customers }: Scene, contact: number): string {
  const person = mix(people.number[row]! * 16 + contact, identity) % customers
  return payeeId(mix(person + 1, identity ^ PAYEES))
}

/** Knowing one is a bit in the ledger. */
function choosePayee(out: Payment, scene: Scene): void {
  const { ledger, random, row } = scene
  const contact = contactTable.pick(random)
  if (random.unit() < STRANGER_SHARE) {
    out.payee = payeeId(random.uint32())
    out.newPayee = true
    return
  }
  out.contact = contact
  out.payee = payeeOfContact(scene, contact)
  const known = ledger.knownContacts[row]!
  out.newPayee = (known & (1 << contact)) === 0
  ledger.knownContacts[row] = known | (1 << contact)
}
