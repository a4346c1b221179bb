import { hourTilt } from '../market/calendar.ts'
import { ipPrefix, mix, retrievalReference, traceNumber, transactionId } from '../market/identifiers.ts'
import { ingestDelayMs } from '../market/ingestion.ts'
import { paymentModes, segments } from '../market/segments.ts'
import { isInward } from '../market/statement.ts'
import { dayStartMs, HOUR_MS } from '../time.ts'
import { payDue } from './due-payment.ts'
import { FIRST_DUE, ORDINALS } from './dues.ts'
import { FIRST_ERRAND, runErrand } from './errands.ts'
import { modeTable } from './modes.ts'
import { devices, type Payment } from './payment.ts'
import { prepare } from './preparation.ts'
import { purchase, withdraw } from './purchase.ts'
import { chooseDevice } from './rails.ts'
import { giveBack, planReturn } from './refund.ts'
import { ownHash, type Scene } from './scene.ts'
import { settle } from './settlement.ts'
import { bankTransfer, transfer, transferDraws } from './transfer.ts'
import { stays } from './whereabouts.ts'

const UPI = paymentModes.indexOf('UPI')
const DEBIT_CARD = paymentModes.indexOf('DEBIT_CARD')
const NET_BANKING = paymentModes.indexOf('NET_BANKING')
const transferShare = segments.map(({ p2p_share_of_upi }) => transferDraws(p2p_share_of_upi))
const atmTilt = hourTilt('ATM')
const BANK_TRANSFER_SHARE = 0.6
/** Phones replaced a year, among days on which the customer pays at all. */
const NEW_PHONE_PER_DAY = 0.35 / 365 / 0.8
const NEW_PHONE = 0x9407e
const HOME_NETWORK_SHARE = 0.55
const MOBILE_NETWORKS = 48
const SPREAD_DEGREES = 0.008
const WORD = 2 ** 32
const locationTypes = ['HOME', 'NEARBY', 'TRAVEL'] as const

/** Decides payments: each follows from (seed, customer, day, ordinal) and from what the customer then has. */
export class Decision {
  readonly #scene: Scene

  constructor(scene: Scene) {
    this.#scene = scene
  }

  decide(out: Payment, day: number, ms: number, row: number, ordinal: number): void {
    const scene = this.#scene
    const random = scene.random.at(scene.paymentKey, scene.people.number[row]!, day * ORDINALS + ordinal)
    scene.day = day
    scene.ms = ms
    scene.row = row
    scene.ordinal = ordinal
    scene.whereabouts.locate(row, day, ms)
    out.clear()
    out.row = row
    out.day = day
    out.timeMs = dayStartMs(day) + ms
    out.ingestMs = out.timeMs + ingestDelayMs(random)
    out.id = transactionId(out.timeMs, random)
    out.reference = retrievalReference(out.timeMs, random)
    out.trace = traceNumber(random)
    const special =
      ordinal >= FIRST_DUE ? payDue(out, scene, ordinal) : ordinal >= FIRST_ERRAND && runErrand(out, scene, ordinal)
    if (!special && !giveBack(out, scene)) ordinary(out, scene)
    place(out, scene)
    this.#connect(out)
    prepare(out, scene)
    settle(out, scene)
    planReturn(out, scene)
  }

  /** Device and network. */
  #connect(out: Payment): void {
    const { ledger, random, row, day, people, whereabouts } = this.#scene
    if (ledger.phoneDay[row] !== day) {
      out.sinceDay = ledger.phoneDay[row]! + 1
      ledger.phoneDay[row] = day
      if (mix(people.tag[row]! ^ NEW_PHONE, day) / WORD < NEW_PHONE_PER_DAY) {
        ledger.phone[row] = ledger.phone[row]! + 1
        out.newPhone = true
      }
    }
    if (isInward(out.eventType)) return
    chooseDevice(out, random)
    if (out.device === devices.NONE) return
    const atHome = random.unit() < HOME_NETWORK_SHARE && whereabouts.stay !== stays.TRAVEL
    const network = random.below(MOBILE_NETWORKS)
    out.ip = ipPrefix(atHome ? ownHash(this.#scene, 800) : mix(whereabouts.city * MOBILE_NETWORKS + network, 801))
  }
}

function ordinary(out: Payment, scene: Scene): void {
  const { people, random, row } = scene
  const mode = modeTable(people, row).pick(random)
  const kind = random.unit()
  if (mode === UPI && kind < transferShare[people.segment[row]!]!) transfer(out, scene)
  else if (mode === NET_BANKING && kind < BANK_TRANSFER_SHARE) bankTransfer(out, scene)
  else if (mode === DEBIT_CARD && kind < people.distributions.withdrawals * atmTilt[Math.floor(scene.ms / HOUR_MS)]!)
    withdraw(out, scene)
  else purchase(out, scene, paymentModes[mode]!)
}

/** Where a payment happens: at the customer's, or, for what is done from afar, nowhere on the map. */
function place(out: Payment, { random, whereabouts }: Scene): void {
  out.city = whereabouts.city
  const { channel } = out
  const onTheSpot =
    !isInward(out.eventType) &&
    (channel === 'POS' ||
      channel === 'QR' ||
      channel === 'ATM' ||
      (out.eventType === 'TRANSFER' && channel === 'MOBILE_APP'))
  if (!onTheSpot) {
    out.locationType = 'REMOTE'
    return
  }
  out.locationType = locationTypes[whereabouts.stay]!
  out.lat = degrees(whereabouts.lat + (random.unit() - 0.5) * SPREAD_DEGREES)
  out.lon = degrees(whereabouts.lon + (random.unit() - 0.5) * SPREAD_DEGREES)
}

/** Five decimals: about a metre. */
const degrees = (angle: number): number => Math.round(angle * 1e5) / 1e5
