import { mix } from '../market/identifiers.ts'
import { fareRupees, vehicles } from '../market/journeys.ts'
import { merchantsOfKind } from '../market/merchant-choice.ts'
import { type PaymentMode, paymentModes } from '../market/segments.ts'
import type { Random } from '../random.ts'
import { HOUR_MS, MINUTE_MS } from '../time.ts'
import type { Leg } from './journeys.ts'
import { lifeEvents } from './life-events.ts'
import { modeTable } from './modes.ts'
import type { Payment } from './payment.ts'
import { buy, buySparingly, ticketOf } from './purchase.ts'
import { type Scene, spendingOf } from './scene.ts'

/** What a day of the customer's own brings. Each has its own ordinal in the day, between ordinary payments and dues. */
export const errands = {
  /** What a life event costs on its day. */
  LIFE: 96,
  /** Tickets for a trip's two ways (for both, if by air), and for a move; bought days before. */
  TICKET_THERE: 97,
  TICKET_BACK: 98,
  TICKET_MOVE: 99,
  /** Something to eat before leaving, and the way on after arriving. */
  LEAVING: 100,
  ARRIVING: 101,
} as const

/** Ordinary payments lie below it. */
export const FIRST_ERRAND = 96

/** Share of travellers who pay for something at the station or airport, before and after. A modelling choice. */
const AT_STATION_SHARE = 0.55
/** What food costs at an airport, of what it costs outside. A modelling choice. */
const AIRPORT_PRICE = 1.8
const WORD = 2 ** 32
/** Where a customer books, and buys at a station, is a habit: its number, below those of shops in a category. */
const BOOKING_HABIT = -1000

const chooseForEvent = lifeEvents.map(({ lump }) =>
  lump === undefined ? null : merchantsOfKind(lump.category, [lump.subcategory]),
)
const chooseRailway = merchantsOfKind('TRAVEL', ['Rail booking'])
const chooseAirline = merchantsOfKind('TRAVEL', ['Airline', 'Travel agency'])
const chooseFood = merchantsOfKind('FOOD_DINING', ['Tea', 'Cafe', 'QSR', 'Bakery', 'Restaurant'])
const chooseRide = merchantsOfKind('TRANSPORT', ['Auto', 'Ride hailing', 'Metro rail'])

/** Milliseconds after 03:00: some time between nine and nine. The second ticket is bought minutes after the first. */
export function errandMs(ordinal: number, tag: number, day: number): number {
  if (ordinal === errands.TICKET_BACK) return errandMs(errands.TICKET_THERE, tag, day) + minutes(2, 8, tag, day)
  return Math.floor(6 * HOUR_MS + (mix(tag ^ ordinal, day) / WORD) * 12 * HOUR_MS)
}

/** Moment at the station of a way that begins or ends at `ms`; -1 for those who buy nothing there. */
export function stationMs(ordinal: number, ms: number, tag: number, day: number): number {
  if (mix(tag ^ ordinal, day) / WORD >= AT_STATION_SHARE) return -1
  return ordinal === errands.LEAVING ? ms - minutes(15, 75, tag, day) : ms + minutes(8, 40, tag, day)
}

const minutes = (from: number, to: number, tag: number, day: number): number =>
  Math.floor((from + (mix(tag ^ 0x3147, day) / WORD) * (to - from)) * MINUTE_MS)

/** Fills in an errand; false if it has come to nothing, so that the moment is free for an ordinary payment. */
export function runErrand(out: Payment, scene: Scene, ordinal: number): boolean {
  const { day, journeys, row } = scene
  switch (ordinal) {
    case errands.LIFE:
      return payForEvent(out, scene)
    case errands.TICKET_THERE:
      return journeys.booksTrip(row, day) && buyTicket(out, scene, journeys.legTo(row, journeys.firstDay), 2)
    case errands.TICKET_BACK:
      return journeys.booksTrip(row, day) && buyTicket(out, scene, journeys.legTo(row, journeys.lastDay + 1), 1)
    case errands.TICKET_MOVE:
      return buyTicket(out, scene, journeys.legTo(row, journeys.bookedMove(row, day)), 1)
    default:
      return payAtStation(out, scene, ordinal)
  }
}

function payForEvent(out: Payment, scene: Scene): boolean {
  const { lives, random, whereabouts } = scene
  const lump = lifeEvents[lives.today]?.lump
  if (lump === undefined) return false
  const merchant = chooseForEvent[lives.today]!(whereabouts.city, random)
  if (merchant === -1) return false
  const meant = random.lognormal(lump.medianRupees * spendingOf(scene), lump.sigma)
  buySparingly(out, scene, modeForMuch(scene), merchant, meant)
  return true
}

/** `byAir` ways are paid for at once, if by air. A fare is what it is: who cannot pay it is refused. */
function buyTicket(out: Payment, scene: Scene, leg: Leg | null, byAir: number): boolean {
  const { lives, people, random, row, day, whereabouts } = scene
  lives.look(row, day)
  if (leg === null) return false
  const flight = leg.vehicle === vehicles.FLIGHT
  const choose = flight ? chooseAirline : chooseRailway
  const fare = fareRupees(leg.from, leg.to, leg.vehicle, people.bracket[row]!, random)
  buy(
    out,
    scene,
    modeForMuch(scene),
    choose(whereabouts.city, habitual(scene, leg.vehicle)),
    flight ? byAir * fare : fare,
  )
  return true
}

function payAtStation(out: Payment, scene: Scene, ordinal: number): boolean {
  const { people, random, row, whereabouts } = scene
  const leaving = ordinal === errands.LEAVING
  const habit = habitual(scene, (leaving ? 2 : 3) + 2 * whereabouts.city)
  const merchant = (leaving ? chooseFood : chooseRide)(whereabouts.city, habit)
  const mode = paymentModes[modeTable(people, row).pick(random)]!
  const price = leaving && fliesToday(scene) ? AIRPORT_PRICE : 1
  buySparingly(out, scene, mode, merchant, price * ticketOf(scene, mode, merchant))
  return true
}

/** A flight begins on the day on which it ends. */
function fliesToday({ journeys, lives, row, day }: Scene): boolean {
  const flies = journeys.legTo(row, day)?.vehicle === vehicles.FLIGHT
  lives.look(row, day)
  return flies
}

const habitual = ({ habit, habitKey, people, row }: Scene, number: number): Random =>
  habit.at(habitKey, people.number[row]!, BOOKING_HABIT - number)

/** Nobody carries so much in cash or in a wallet. */
function modeForMuch({ people, random, row }: Scene): PaymentMode {
  const mode = paymentModes[modeTable(people, row).pick(random)]!
  return mode === 'CASH' || mode === 'WALLET_PPI' ? 'UPI' : mode
}
