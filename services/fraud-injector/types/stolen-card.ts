import type { Category, Transaction } from '#schemas/types.ts'
import { roundCash, roundOffline, roundOnline } from '../../market/amounts.ts'
import { cityByName } from '../../market/cities.ts'
import { deviceId, ipPrefix } from '../../market/identifiers.ts'
import { declined } from '../../market/responses.ts'
import type { Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time.ts'
import { type Account, type Campaign, homeCity, type Template } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import { inPerson } from '../history.ts'
import type { PaymentStep, Scene, Script } from '../method.ts'
import { atAtm, cityAway, madeAt, merchantsOf, type Seat, seatIn } from '../places.ts'
import { atShopOf, boughtOnline, cardEntry, tapped } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, intoHours, moments, payment } from '../steps.ts'

const row = fraudTypes.STOLEN_CARD
const RUPEE = 100
const FUNDS_MIN = 5_000 * RUPEE
const ATM_SHAPE = 'DEBIT_CARD/ATM/CASH_WITHDRAWAL'
const posShapes = ['CREDIT_CARD/POS/AUTHORISATION', 'DEBIT_CARD/POS/AUTHORISATION']

/** What sells on, and what is at every corner. */
const fraudShops: readonly Category[] = ['FUEL', 'ELECTRONICS', 'GROCERIES', 'FASHION', 'FOOD_DINING']
const twinShops: readonly Category[] = ['FUEL', 'FASHION', 'GROCERIES', 'FOOD_DINING', 'BEAUTY']
const parcels: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE']
const vouchers: readonly Category[] = ['TRAVEL', 'DIGITAL']

/** ISO 8583 DE39. */
const WRONG_PIN = '55'
const PIN_TRIES_EXCEEDED = '75'
const LOST_CARD = '41'
const STOLEN_CARD = '43'
/** The one-time password that a thief does not have: domestic payments online need it (RBI). */
const NO_SECOND_FACTOR = '1A'
const PIN_TRIES = 3

const idleMs = (account: Account, shape: string, nowMs: number): number => nowMs - account.templates[shape]!.event_time

/** Cards that their owner carries about: what lies in a drawer is not lost in a bus. */
const carried = (account: Account, nowMs: number): string[] =>
  affording(account, posShapes, FUNDS_MIN).filter((shape) => idleMs(account, shape, nowMs) <= row.carriedDays * DAY_MS)

const fraud: Script = {
  eligible: (_tx, { account, nowMs }) => carried(account, nowMs).length > 0,
  begin: (_tx, { account, random, nowMs, told }) => {
    const shape = random.pick(carried(account, nowMs))
    // Nobody misses a card that lies idle: the longer it has done so already, the sooner it is taken. By command it is taken now.
    const idleDays = told === undefined ? draw(row.inactivityDays, random) : 0
    const idleFor = idleDays * DAY_MS - idleMs(account, shape, nowMs)
    const takenMs = nowMs + Math.round(Math.max(0, idleFor) + random.uniform(0.2, 3) * HOUR_MS)
    const startMs = intoHours(takenMs, row.hours.from, row.hours.to, random)
    return { startMs, modus: random.pick(stolenCard.row.modusOperandi), compromiseMs: startMs, facts: { shape } }
  },
  steps: useUp,
  meet: (tx, campaign, { account }) => {
    const template = account.templates[campaign.facts.shape!]
    const ownCard = inPerson(tx) && tx.instrument_token === template?.instrument_token
    if (!ownCard || campaign.steps === null || tx.status_response.status !== 'APPROVED') return undefined
    // The owner reaches for a card that is gone. It is blocked from now on.
    campaign.noticedMs = Math.min(campaign.noticedMs, tx.event_time)
    const rewrite = { status_response: declined(LOST_CARD) }
    return { phase: 'missed', sequence: 1, role: 'VICTIM', isFraud: false, evidence: {}, rewrite }
  },
}

/** Taps without a PIN, guesses at a cash machine, tries online, and what is tried once the card is blocked. */
function useUp(campaign: Campaign, scene: Scene): PaymentStep[] {
  const { account, random } = scene
  const shape = campaign.facts.shape!
  const template = account.templates[shape]
  if (template === undefined || !affording(account, posShapes, FUNDS_MIN).includes(shape)) return []
  const seat = whereTaken(account, template, random)
  const firstMs = campaign.startMs + Math.round(random.uniform(5, 45) * MINUTE_MS)
  const taps = tapRun(firstMs, draw(row.taps.count, random), shape, template, seat, scene)
  if (taps.length === 0) return []
  const after = (steps: readonly PaymentStep[]): number =>
    steps.at(-1)!.atMs + Math.round(draw(row.taps.gapMinutes, random) * MINUTE_MS)
  const guesses = pinGuesses(after(taps), template, seat, scene)
  const tries = onlineTries(after([...taps, ...guesses]), template, scene)
  const blockedMs = taps[0]!.atMs + campaign.reportDelayMs
  const used = [...taps, ...guesses, ...tries].filter(({ atMs }) => atMs < blockedMs)
  Object.assign(campaign.facts, {
    inactivity_days: (idleMs(account, shape, campaign.startMs) / DAY_MS).toFixed(2),
    taps: String(used.filter(({ phase }) => phase === 'tap_run').length),
    guesses: String(used.filter(({ phase }) => phase === 'pin_guess').length),
  })
  const lateMs = Math.max(blockedMs, after(used))
  const late = tapRun(lateMs, draw(row.afterBlock.count, random), shape, template, seat, scene)
  const refusal = campaign.modus === 'LOST_CARD' ? LOST_CARD : STOLEN_CARD
  return [...used, ...late.map((step) => ({ ...step, phase: 'post_block', refusal, afterBlock: true }))]
}

/** In the owner's city for most: a card travels as far as its thief. */
function whereTaken(account: Account, template: Template, random: Random): Seat {
  const from = (account.present ?? account.last)?.city ?? template.city
  const near = random.chance(row.sameCityShare)
  const city = near ? undefined : cityAway(from, (km) => km <= row.otherCityKmMax, random)
  return seatIn(city ?? cityByName.get(from)!, random)
}

function tapRun(
  fromMs: number,
  count: number,
  shape: string,
  template: Template,
  seat: Seat,
  { account, random }: Scene,
): PaymentStep[] {
  return moments(fromMs, count, row.taps.gapMinutes, MINUTE_MS, random).flatMap((atMs, i) => {
    const shop = atShopOf(fraudShops, template, seat, homeCity(account), random)
    if (shop === undefined) return []
    const amountMinor = roundOffline(draw(row.taps.amountRupees, random), random)
    const change = { ...shop, ...tapped }
    return [payment({ atMs, phase: 'tap_run', sequence: i + 1, shape, amountMinor, change, shortage: 'decline' })]
  })
}

function pinGuesses(fromMs: number, { payment_rail }: Template, seat: Seat, { account, random }: Scene): PaymentStep[] {
  const atm = account.templates[ATM_SHAPE]
  if (payment_rail !== 'DEBIT_CARD' || atm === undefined) return []
  const count = draw(row.pinGuesses.count, random)
  const machine = atAtm(seat.city.name, random)
  return moments(fromMs, count, row.pinGuesses.gapMinutes, MINUTE_MS, random).map((atMs, i) =>
    payment({
      atMs,
      phase: 'pin_guess',
      sequence: i + 1,
      shape: ATM_SHAPE,
      amountMinor: roundCash(draw(row.pinGuesses.amountRupees, random), random),
      change: { ...madeAt(atm, seat, homeCity(account), random), ...machine },
      refusal: i + 1 < PIN_TRIES ? WRONG_PIN : PIN_TRIES_EXCEEDED,
      shortage: 'decline',
    }),
  )
}

/** From the thief's own phone, with the number printed on the card. */
function onlineTries(fromMs: number, { payment_rail }: Template, { account, random }: Scene): PaymentStep[] {
  const shape = `${payment_rail}/ECOM/AUTHORISATION`
  const template = account.templates[shape]
  if (template === undefined) return []
  const categories = template.shipping_city === null ? vouchers : parcels
  const sites = merchantsOf(categories, template.city, true, row.onlineTries.count.max, random)
  if (sites.length === 0) return []
  const thief = { device_id: deviceId(random.uint32()), ip_prefix: ipPrefix(random.uint32()) }
  const count = draw(row.onlineTries.count, random)
  return moments(fromMs, count, row.onlineTries.gapMinutes, MINUTE_MS, random).map((atMs, i) =>
    payment({
      atMs,
      phase: 'online_try',
      sequence: i + 1,
      shape,
      amountMinor: roundOnline(draw(row.onlineTries.amountRupees, random), random),
      change: { ...thief, ...boughtOnline(template, random.pick(sites)) },
      refusal: NO_SECOND_FACTOR,
      shortage: 'decline',
    }),
  )
}

/** A day of shopping after quiet ones: fuel, then the mall. */
const twin: Script = {
  eligible: (tx, { account, nowMs }) => inPerson(tx) && quietCards(account, nowMs).length > 0,
  begin: (_tx, { account, random, nowMs }) => ({
    startMs: intoHours(
      nowMs + Math.round(random.uniform(0.3, 3) * HOUR_MS),
      row.twin.hours.from,
      row.twin.hours.to,
      random,
    ),
    modus: 'NONE',
    compromiseMs: null,
    facts: { shape: random.pick(quietCards(account, nowMs)) },
  }),
  steps: (campaign, { account, random }) => {
    const shape = campaign.facts.shape!
    const template = account.templates[shape]
    if (template === undefined || account.last === null) return []
    const seat = seatIn(cityByName.get(account.last.city)!, random)
    const at = moments(campaign.startMs, draw(row.twin.count, random), row.twin.gapMinutes, MINUTE_MS, random)
    return at.flatMap((atMs, i) => {
      const shop = atShopOf(twinShops, template, seat, homeCity(account), random)
      if (shop === undefined) return []
      const amountMinor = roundOffline(draw(row.twin.amountRupees, random), random)
      const change = { ...shop, ...cardEntry(amountMinor) }
      const phase = 'shopping_day'
      return [
        payment({ atMs, phase, sequence: i + 1, shape, amountMinor, change, shortage: 'decline', inPerson: true }),
      ]
    })
  },
}

const quietCards = (account: Account, nowMs: number): string[] =>
  affording(account, posShapes, FUNDS_MIN).filter(
    (shape) => idleMs(account, shape, nowMs) >= row.twin.quietDaysMin * DAY_MS,
  )

function evidence(tx: Transaction, { attempts, facts }: Campaign): Record<string, string> {
  const [taps, guesses] = [Number(facts.taps), Number(facts.guesses)]
  return {
    inactivity_days: facts.inactivity_days!,
    no_cvm_streak: String(Math.min(attempts, taps)),
    pin_failures: String(Math.min(guesses, Math.max(0, attempts - taps))),
    cash_equivalent_mcc: String(row.cashLikeMccs.includes(tx.mcc ?? '')),
  }
}

export const stolenCard = fraudMethod('STOLEN_CARD', {
  fraud,
  twin,
  evidence,
  reason: ({ facts }) => `Stolen card used after ${facts.inactivity_days} idle days, tapped without a PIN first`,
})
