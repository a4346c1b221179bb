import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline } from '../../market/amounts.ts'
import { cityByName, distanceKm } from '../../market/cities.ts'
import { transactionId } from '../../market/identifiers.ts'
import { limits } from '../../market/limits.ts'
import { merchantSites } from '../../market/merchants.ts'
import { hash32, type Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, hourIst } from '../../time.ts'
import { type Account, type Campaign, homeCity, type Template } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, PaymentStep, Scene, Script } from '../method.ts'
import { atMerchant, atTerminal, madeAt, merchantsOf, type Seat, seatIn } from '../places.ts'
import { cardEntry } from '../shops.ts'
import { draw, drawWeighted } from '../spread.ts'
import { affording, intoHours, moments, payment, spendable } from '../steps.ts'

const row = fraudTypes.MERCHANT_COLLUSION
const RUPEE = 100
const FUNDS_MIN = row.fundsRupeesMin * RUPEE
const QR_SHAPE = 'UPI/QR/AUTHORISATION'
const shapes = ['CREDIT_CARD/POS/AUTHORISATION', 'DEBIT_CARD/POS/AUTHORISATION', QR_SHAPE]
const categories: readonly Category[] = ['ELECTRONICS', 'JEWELLERY', 'HOME', 'FASHION']

/** A shop of a city that deals in sales that never were, for an epoch, with payers who are in it. */
export interface Colluder {
  readonly ringId: string
  readonly site: number
  readonly seat: Seat
  readonly payers: number
  readonly ageDays: number
  /** Small tickets until then, so that it looks like a shop. */
  readonly warmUntilMs: number
  /** From here to the end of the epoch as much as it will take; after that nobody is there. */
  readonly exitFromMs: number
  readonly endMs: number
}

const EPOCH_MS = row.epochDays * DAY_MS

/** Shops of other cities open and vanish on other days. */
const shiftMs = (city: string): number => hash32(`collusion/${city}`) % EPOCH_MS

/** The epoch of a moment in a city, for `colluderIn`. */
export const collusionEpoch = (city: string, timeMs: number): number => Math.floor((timeMs + shiftMs(city)) / EPOCH_MS)

/** The colluding shop of a city in an epoch: a function of seed, city and epoch alone. Undefined if none sells there. */
export function colluderIn(city: string, epoch: number, chance: Chance): Colluder | undefined {
  const random = chance.shared(hash32(`colluder/${city}`), epoch)
  const here = cityByName.get(city)
  const found = here === undefined ? [] : merchantsOf(categories, city, false, row.candidates, random)
  // A chain does not collude; a shop of its own city does.
  const site = found.find((index) => merchantSites[index]!.city === city)
  if (here === undefined || site === undefined) return undefined
  const fromMs = epoch * EPOCH_MS - shiftMs(city)
  const endMs = fromMs + EPOCH_MS
  return {
    site,
    seat: seatIn(here, random),
    payers: draw(row.payers, random),
    ageDays: draw(row.ageDays, random),
    warmUntilMs: fromMs + Math.round(draw(row.warmUp.days, random) * DAY_MS),
    exitFromMs: endMs - Math.round(draw(row.exit.days, random) * DAY_MS),
    endMs,
    ringId: transactionId(fromMs, random),
  }
}

/** Whether a customer is one of the payers, as far as they are a share of a city. */
const isPayer = (customer: number, city: string, epoch: number, chance: Chance): boolean =>
  chance.shared(hash32(`payer/${city}/${customer}`), epoch).chance(row.payerShare)

function colluderOf({ account, chance, nowMs }: Scene): Colluder | undefined {
  const city = homeCity(account)
  const epoch = collusionEpoch(city, nowMs)
  if (!isPayer(account.customer, city, epoch, chance)) return undefined
  const colluder = colluderIn(city, epoch, chance)
  return colluder !== undefined && nowMs < colluder.exitFromMs - DAY_MS ? colluder : undefined
}

/** Those who are in it are neighbours of the shop: who pays there has paid near it before. */
const isNear = ({ lat, lon }: Transaction, { seat }: Colluder): boolean =>
  lat !== null && lon !== null && distanceKm(lat, lon, seat.lat, seat.lon) <= row.nearKm

const fraud: Script = {
  eligible: (tx, scene) => {
    if (affording(scene.account, shapes, FUNDS_MIN).length === 0) return false
    const colluder = colluderOf(scene)
    return colluder !== undefined && isNear(tx, colluder)
  },
  begin: (_tx, scene) => {
    const { account, random, nowMs } = scene
    return {
      startMs: nowMs + Math.round(random.uniform(1, 20) * HOUR_MS),
      modus: random.pick(merchantCollusion.row.modusOperandi),
      compromiseMs: null,
      ringId: colluderOf(scene)!.ringId,
      combination: 'COORDINATED',
      facts: { shape: random.pick(affording(account, shapes, FUNDS_MIN)), city: homeCity(account) },
    }
  },
  steps: payIn,
}

/** What one payer has rung up there: now and then for weeks, and more at the end, as far as the money goes. */
function payIn(campaign: Campaign, { account, chance, random }: Scene): PaymentStep[] {
  const { startMs, facts } = campaign
  const shape = facts.shape!
  const template = account.templates[shape]
  const colluder = colluderIn(facts.city!, collusionEpoch(facts.city!, startMs), chance)
  if (template === undefined || colluder === undefined || spendable(account, shape) < FUNDS_MIN) return []
  const where = { site: colluder.site, seat: placeOf(template, colluder, homeCity(account)) }
  const times = visits(startMs, colluder, random)
  let left = spendable(account, shape) * row.balanceShareMax
  let off = 0
  let round = 0
  const steps: PaymentStep[] = []
  for (const atMs of times) {
    const phase = atMs < colluder.warmUntilMs ? 'warm_up' : atMs < colluder.exitFromMs ? 'cycle' : 'exit'
    const ticket = ticketOf(phase, left, shape, random)
    if (ticket.amountMinor > left) continue
    left -= ticket.amountMinor
    if (isOffHours(atMs)) off++
    if (ticket.kind === 'round') round++
    const sequence = steps.filter((step) => step.phase === phase).length + 1
    const change = atShop(template, where, ticket.amountMinor, account, random)
    steps.push(payment({ atMs, phase, sequence, shape, amountMinor: ticket.amountMinor, change, shortage: 'decline' }))
  }
  Object.assign(facts, {
    merchant_age_days: String(colluder.ageDays),
    payer_concentration_hhi: (1 / colluder.payers).toFixed(3),
    off_hours_share: (off / Math.max(1, steps.length)).toFixed(3),
    round_share: (round / Math.max(1, steps.length)).toFixed(3),
  })
  return steps
}

/** For a sale that never was nobody has to go: a shop's code is paid from home. A card has to be where the terminal is. */
function placeOf({ city, lat, lon, terminal_id }: Template, { seat }: Colluder, home: string): Seat {
  const byCode = terminal_id === null && city === home && lat !== null && lon !== null
  return byCode ? { city: seat.city, lat, lon } : seat
}

/** So many on each day, three times as many at the end; half of them while the shop is shut. */
function visits(startMs: number, { exitFromMs, endMs }: Colluder, random: Random): number[] {
  const times: number[] = []
  for (let dayMs = startMs; dayMs < endMs; dayMs += DAY_MS) {
    const mean = row.perPayerDay * (dayMs >= exitFromMs ? row.exit.times : 1)
    for (let count = random.poisson(mean); count > 0; count--) {
      const { from, to } = random.chance(row.offHoursShare) ? row.shut : row.open
      times.push(intoHours(dayMs + Math.round(random.unit() * DAY_MS), from, to, random))
    }
  }
  return times.filter((atMs) => atMs < endMs).sort((a, b) => a - b)
}

const isOffHours = (atMs: number): boolean => hourIst(atMs) < row.open.from || hourIst(atMs) >= row.open.to

/** Small while the shop warms up; then just below a threshold, a round sum, or an ordinary ticket. */
function ticketOf(
  phase: string,
  leftMinor: number,
  shape: string,
  random: Random,
): { kind: string; amountMinor: number } {
  const most = Math.min(leftMinor, shape === QR_SHAPE ? limits.upiTransferDayMinor : Number.POSITIVE_INFINITY)
  const thresholds = Object.fromEntries(
    Object.entries(row.thresholds).filter(([rupees]) => Number(rupees) * RUPEE <= most),
  )
  const kind = phase === 'warm_up' ? 'small' : drawWeighted(row.tickets, random)
  if (kind === 'below' && Object.keys(thresholds).length > 0) {
    const threshold = Number(drawWeighted(thresholds, random))
    const rupees = threshold * (1 - draw(row.marginBelow, random))
    return { kind, amountMinor: Math.min(roundOffline(rupees, random), (threshold - 1) * RUPEE) }
  }
  if (kind === 'round') return { kind, amountMinor: draw(row.roundTimes, random) * row.roundRupees * RUPEE }
  return { kind: 'small', amountMinor: roundOffline(draw(row.smallRupees, random), random) }
}

function atShop(
  template: Template,
  { site, seat }: Pick<Colluder, 'site' | 'seat'>,
  amountMinor: number,
  account: Account,
  random: Random,
): Change {
  const place = { ...madeAt(template, seat, homeCity(account), random), ...atMerchant(site) }
  if (template.terminal_id === null) return place
  return { ...place, ...atTerminal(site, seat.city.name, random), ...cardEntry(amountMinor) }
}

const kinds = { FEE: 'fee_below_threshold', LAUNCH: 'launch_sale' } as const
const feeCategories: readonly Category[] = ['JEWELLERY', 'EDUCATION', 'HEALTHCARE']

/** A fee or a bracelet that costs 49,500, for the sake of a rule; or visits to a new shop in its first days. */
const twin: Script = {
  eligible: (tx, { account }) => tx.lat !== null && affording(account, shapes, FUNDS_MIN).length > 0,
  begin: (_tx, { random, nowMs }) => ({
    startMs: intoHours(nowMs + Math.round(random.uniform(0.2, 3) * HOUR_MS), row.open.from, row.open.to, random),
    modus: 'NONE',
    compromiseMs: null,
    facts: { kind: random.chance(row.twin.feeShare) ? kinds.FEE : kinds.LAUNCH },
  }),
  steps: ({ startMs, facts }, { account, random }) => {
    const found = affording(account, shapes, FUNDS_MIN)
    const city = cityByName.get(account.last?.city ?? '')
    if (found.length === 0 || city === undefined) return []
    const shape = random.pick(found)
    const template = account.templates[shape]!
    const fee = facts.kind === kinds.FEE
    const [site] = merchantsOf(fee ? feeCategories : categories, city.name, false, 1, random)
    if (site === undefined) return []
    const seat = seatIn(city, random)
    const fees = row.twin.feeRupees.filter((rupees) => 2 * rupees * RUPEE <= spendable(account, shape))
    const count = fee ? 1 : draw(row.twin.launchVisits, random)
    return moments(startMs, count, row.twin.gapHours, HOUR_MS, random).map((atMs, i) => {
      const amountMinor =
        fee && fees.length > 0 ? random.pick(fees) * RUPEE : roundOffline(draw(row.smallRupees, random), random)
      const change = atShop(template, { site, seat }, amountMinor, account, random)
      const phase = facts.kind!
      return payment({ atMs, phase, sequence: i + 1, shape, amountMinor, change, shortage: 'decline', inPerson: true })
    })
  },
}

/** The threshold that an amount stays below, rupees; 0 if it is not near one. */
function thresholdNear(rupees: number): number {
  const near = Object.keys(row.thresholds)
    .map(Number)
    .find((threshold) => rupees < threshold && rupees >= threshold * (1 - row.marginBelow.max - 0.001))
  return near ?? 0
}

function evidence(tx: Transaction, { facts }: Campaign): Record<string, string> {
  const rupees = tx.amount_minor / RUPEE
  const threshold = thresholdNear(rupees)
  return {
    threshold: String(threshold),
    margin_below_threshold: threshold === 0 ? '' : (1 - rupees / threshold).toFixed(4),
    merchant_age_days: facts.merchant_age_days!,
    payer_concentration_hhi: facts.payer_concentration_hhi!,
    off_hours_share: facts.off_hours_share!,
    round_share: facts.round_share!,
  }
}

export const merchantCollusion = fraudMethod('MERCHANT_COLLUSION', {
  fraud,
  twin,
  evidence,
  reason: ({ facts }) => `Sale that never was at a shop ${facts.merchant_age_days} days old, one of few payers`,
})
