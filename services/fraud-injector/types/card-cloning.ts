import type { Transaction } from '#schemas/types.ts'
import { roundOffline } from '../../market/amounts.ts'
import { cityIndex } from '../../market/cities.ts'
import { transactionId } from '../../market/identifiers.ts'
import { merchantSites, sellsIn } from '../../market/merchants.ts'
import { isInward } from '../../market/statement.ts'

import { hash32, type Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, toLocalMs } from '../../time.ts'
import { type Account, type Campaign, homeCity } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import { shapeOf } from '../history.ts'
import type { Change, Scene, Script, Step } from '../method.ts'
import { atAtm, atMerchant, atTerminal, cityAway, kmBetween, madeAt, type Seat, seatIn } from '../places.ts'
import { draw } from '../spread.ts'
import { affording, payment } from '../steps.ts'
import { flightOrFamily } from './card-cloning-twin.ts'

const row = fraudTypes.CARD_CLONING
const RUPEE = 100
const FUNDS_MIN = 5_000 * RUPEE
const ATM_SHAPE = 'DEBIT_CARD/ATM/CASH_WITHDRAWAL'
const posShape = (rail: string): string => `${rail}/POS/AUTHORISATION`

const isCard = (tx: Transaction): boolean => tx.payment_rail === 'CREDIT_CARD' || tx.payment_rail === 'DEBIT_CARD'
const epochOf = (timeMs: number): number => Math.floor(timeMs / (row.compromise.epochDays * DAY_MS))

/** Whether a skimmer sits on a terminal in an epoch: known alike to every partition, with nothing shared. */
export const isCompromised = (terminal: string, timeMs: number, chance: Chance): boolean =>
  chance.terminal(hash32(terminal), epochOf(timeMs)).chance(row.compromise.terminalShare)

/** All who were skimmed at one terminal in one epoch share a ring. */
function ringOf(terminal: string, timeMs: number, chance: Chance): string {
  const epoch = epochOf(timeMs)
  const random = chance.terminal(hash32(terminal), epoch)
  random.unit()
  return transactionId(epoch * row.compromise.epochDays * DAY_MS, random)
}

/** The card has money, as its last records show, or as this one does. */
const hasFunds = (tx: Transaction, account: Account): boolean =>
  shapesOf(account, tx.payment_rail).length > 0 ||
  (imitable.has(shapeOf(tx)) && (tx.balance_after_minor ?? 0) >= FUNDS_MIN)
const imitable: ReadonlySet<string> = new Set([ATM_SHAPE, posShape('DEBIT_CARD'), posShape('CREDIT_CARD')])

const shapesOf = (account: Account, rail: string): string[] =>
  affording(account, rail === 'DEBIT_CARD' ? [ATM_SHAPE, posShape(rail)] : [posShape(rail)], FUNDS_MIN)

const fraud: Script = {
  eligible: (tx, { account, chance, nowMs }) =>
    isCard(tx) &&
    !isInward(tx.event_type) &&
    tx.terminal_id !== null &&
    hasFunds(tx, account) &&
    isCompromised(tx.terminal_id, nowMs, chance),
  begin: (tx, { random, chance, nowMs }, residualDays) => {
    const terminal = tx.terminal_id!
    const evidence = { cpp_terminal_id: terminal }
    const earlier = residualDays !== null
    // A card is used at an hour at which its owner, too, is about.
    const daysMs = earlier ? 0 : Math.round(draw(row.incubationDays, random)) * DAY_MS
    const startMs = nowMs + Math.max(daysMs, 0) + Math.round(random.uniform(0.1, 3) * HOUR_MS)
    return {
      startMs:
        tx.payment_rail === 'DEBIT_CARD' && random.chance(row.cashout.midnightShare)
          ? beforeMidnight(startMs, random)
          : startMs,
      modus: tx.channel === 'ATM' ? 'ATM_SKIMMING' : 'POS_SKIMMING',
      compromiseMs: earlier ? Math.round(nowMs - residualDays * DAY_MS) : nowMs,
      ringId: ringOf(terminal, nowMs, chance),
      facts: { cpp_terminal_id: terminal, rail: tx.payment_rail },
      ...(earlier
        ? {}
        : { mark: { phase: 'compromise', sequence: 1, role: 'COMPROMISE_POINT', isFraud: false, evidence } }),
    }
  },
  steps: cashOut,
}

/** Runs at ATMs straddle midnight, when the daily limit starts anew. */
const beforeMidnight = (timeMs: number, random: Random): number =>
  timeMs + DAY_MS - (toLocalMs(timeMs) % DAY_MS) - Math.round(random.uniform(5, 20) * MINUTE_MS)

/** Kilometres that nobody travels between two payments; the better disguised, the nearer the counterfeit is used. */
const isFarEnough = (km: number, disguise: number): boolean => {
  const { distanceKmMin, disguised } = row.cashout
  if (disguise <= 0) return km >= distanceKmMin
  return km >= distanceKmMin - disguise * (distanceKmMin - disguised.min) && km <= disguised.max / disguise
}

function cashOut(campaign: Campaign, { account, random, disguise }: Scene): Step[] {
  const { rail } = campaign.facts
  const shapes = shapesOf(account, rail!)
  const from = (account.present ?? account.last)?.city
  const far = from === undefined ? undefined : cityAway(from, (km) => isFarEnough(km, disguise), random)
  if (shapes.length === 0 || far === undefined) return []
  const shape = random.pick(shapes)
  const seat = seatIn(far, random)
  const entry = { pos_entry_mode: random.chance(0.5) ? '90' : '80', authentication_method: 'CHIP_PIN' } as const
  const steps: Step[] = []
  let atMs = campaign.startMs
  const use = (phase: string, sequence: number, as: string, amountMinor: number, where: Change): void => {
    const template = account.templates[as]!
    const change = { ...madeAt(template, seat, homeCity(account), random), ...entry, ...where }
    steps.push(
      payment({ atMs, phase, sequence, shape: as, amountMinor, change, shortage: 'decline', quiet: phase === 'probe' }),
    )
    atMs += Math.round(draw(row.cashout.gapMinutes, random) * MINUTE_MS)
  }
  const shop = (): Change => atShop(seat, random)
  const probed = account.templates[posShape(rail!)] === undefined ? 0 : draw(row.probe.count, random)
  if (probed === 1) use('probe', 1, posShape(rail!), roundOffline(draw(row.probe.amountRupees, random), random), shop())
  for (let i = 1, count = draw(row.cashout.count, random); i <= count; i++) {
    if (shape === ATM_SHAPE) use('cashout', i, shape, row.cashout.atmRupees * RUPEE, atAtm(far.name, random))
    else use('cashout', i, shape, roundOffline(draw(row.cashout.posRupees, random), random), shop())
  }
  return steps
}

/** Shops in a city whose goods sell on: electronics, jewellery, fuel, department stores. */
function atShop({ city }: Seat, random: Random): Change {
  const here = cityIndex(city.name)
  let sites = shopsByCity.get(here)
  if (sites === undefined) {
    sites = merchantSites.flatMap((site, index) => {
      const sells = site.presence !== 'ONLINE' && row.cashout.mccs.includes(site.mcc) && sellsIn(site, here)
      return sells ? [index] : []
    })
    shopsByCity.set(here, sites)
  }
  const site = random.pick(sites)
  return { ...atMerchant(site), ...atTerminal(site, city.name, random) }
}
const shopsByCity = new Map<number, number[]>()

function evidence(tx: Transaction, campaign: Campaign, account: Account): Record<string, string> {
  const before = account.present ?? account.last
  const km = before === null ? 0 : kmBetween(before.city, tx.city)
  const hours = before === null ? 0 : (tx.event_time - before.timeMs) / HOUR_MS
  return {
    distance_km: km.toFixed(0),
    time_diff_hours: hours.toFixed(2),
    implied_speed_kmh: (hours === 0 ? 0 : km / hours).toFixed(0),
    prev_city: before?.city ?? '',
    cpp_terminal_id: campaign.facts.cpp_terminal_id!,
    entry_mode_fallback: tx.pos_entry_mode ?? '',
  }
}

export const cardCloning = fraudMethod('CARD_CLONING', {
  fraud,
  twin: flightOrFamily,
  evidence,
  reason: ({ facts }) => `Counterfeit of a card copied at terminal ${facts.cpp_terminal_id}, used in another city`,
})
