import type { Transaction } from '#schemas/types.ts'
import { roundOffline } from '../../market/amounts.ts'
import { cityByName } from '../../market/cities.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time.ts'
import { type Campaign, homeCity } from '../account.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Mark, Scene, Script, Step } from '../method.ts'
import { cityAway, kmBetween, movedTo, seatIn } from '../places.ts'
import { atShopOf, cardEntry } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, payment } from '../steps.ts'

const { twin: row } = fraudTypes.CARD_CLONING
const RUPEE = 100
const FUNDS_MIN = 2_000 * RUPEE
const shapes = ['CREDIT_CARD/POS/AUTHORISATION', 'DEBIT_CARD/POS/AUTHORISATION']
/** Air travellers buy things where they land; so does a relative with an add-on card. */
const categories = ['FOOD_DINING', 'FASHION', 'GROCERIES', 'FUEL'] as const
/** Below this nobody flies, and 90 minutes are too long for the speeds of the script. */
const FLIGHT_KM_MIN = 800
const FAMILY_KM_MIN = 150
/** Slowest way home, door to door. */
const RETURN_KM_PER_HOUR = 450
/** After that the campaign is over; nobody pays so often that there was no time to fly home. */
const TRIP_MAX_MS = 3 * DAY_MS

const kinds = { FLIGHT: 'air_traveller', FAMILY: 'family_card' } as const

/**
 * An air traveller: purchases far away as soon as a flight allows. Genuine payments during the trip are moved there,
 * so that nobody is in two places. Or a family's add-on card, used in two cities at once by two people.
 */
export const flightOrFamily: Script = {
  eligible: (tx, { account }) =>
    tx.lat !== null &&
    tx.city === homeCity(account) &&
    cityByName.get(tx.city)?.airport === true &&
    affording(account, shapes, FUNDS_MIN).length > 0,
  begin: (tx, { random, nowMs }) => {
    const flies = random.chance(row.flightShare)
    const city = cityAway(
      tx.city,
      (km, { airport }) => airport && km >= (flies ? FLIGHT_KM_MIN : FAMILY_KM_MIN),
      random,
    )
    const km = city === undefined ? 0 : kmBetween(tx.city, city.name)
    const flightMs = Math.max(row.gapMinutesMin * MINUTE_MS, (km / draw(row.speedKmh, random)) * HOUR_MS)
    return {
      startMs: nowMs + Math.ceil(flies ? flightMs : random.uniform(5, 90) * MINUTE_MS),
      modus: 'NONE',
      compromiseMs: null,
      facts: { kind: flies ? kinds.FLIGHT : kinds.FAMILY, city: city?.name ?? '', leftMs: String(nowMs) },
    }
  },
  steps: purchases,
  meet: (tx, campaign, scene) => (campaign.facts.kind === kinds.FLIGHT ? onTrip(tx, campaign, scene) : undefined),
}

function purchases(campaign: Campaign, { account, random }: Scene): Step[] {
  const flies = campaign.facts.kind === kinds.FLIGHT
  const city = cityByName.get(campaign.facts.city!)
  const found = affording(account, shapes, FUNDS_MIN)
  // Who was seen at home meanwhile has missed the flight.
  const missed = flies && account.last?.timeMs !== Number(campaign.facts.leftMs)
  if (city === undefined || found.length === 0 || missed) return []
  const shape = random.pick(found)
  const template = account.templates[shape]!
  const seat = seatIn(city, random)
  const steps: Step[] = []
  let atMs = campaign.startMs
  for (let sequence = 1, count = draw(row.count, random); sequence <= count; sequence++) {
    const shop = atShopOf(categories, template, seat, homeCity(account), random)
    if (shop === undefined) break
    const amountMinor = roundOffline(draw(row.amountRupees, random), random)
    const change = { ...shop, ...cardEntry(amountMinor) }
    const phase = campaign.facts.kind!
    steps.push(payment({ atMs, phase, sequence, shape, amountMinor, change, shortage: 'decline', inPerson: flies }))
    atMs += Math.round(draw(row.gapMinutes, random) * MINUTE_MS)
  }
  campaign.facts.backMs = String(atMs)
  return flies ? [...steps, { kind: 'wait', atMs: atMs + TRIP_MAX_MS }] : steps
}

/** A genuine payment of the traveller happens where the traveller is, until there was time to come home. */
function onTrip(tx: Transaction, { facts, steps }: Campaign, { account, random }: Scene): Mark | undefined {
  const { last } = account
  const there = cityByName.get(facts.city!)
  if (steps === null || there === undefined || last?.city !== there.name || tx.city === there.name) return undefined
  const sinceMs = tx.event_time - last.timeMs
  const homewardMs = (kmBetween(there.name, tx.city) / RETURN_KM_PER_HOUR) * HOUR_MS
  if (tx.event_time >= Number(facts.backMs) && sinceMs >= Math.max(homewardMs, row.gapMinutesMin * MINUTE_MS))
    return undefined
  const rewrite = movedTo(tx, seatIn(there, random), homeCity(account), random)
  return { phase: facts.kind!, sequence: 0, role: 'CUSTOMER', isFraud: false, evidence: {}, rewrite }
}
