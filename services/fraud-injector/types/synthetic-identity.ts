import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline, roundOnline } from '../../market/amounts.ts'
import { cities } from '../../market/cities.ts'
import { type FabricatedRing, phoneOf, sharersOf } from '../../market/fabricated.ts'
import type { Random } from '../../random.ts'
import { civilDay, DAY_MS, HOUR_MS, IST_OFFSET_MS, MINUTE_MS, SECOND_MS } from '../../time.ts'
import type { Campaign } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Beginning, Change, PaymentStep, Scene, Script, Step } from '../method.ts'
import { atMerchant, madeAt, merchantsOf } from '../places.ts'
import { boughtOnline } from '../shops.ts'
import { draw } from '../spread.ts'
import { event, inOrder, intoHours, payment, spendable } from '../steps.ts'
import { bustAmounts, CARD_ONLINE, purchases } from './bust-out.ts'
import { BILL, BILL_ARRIVES, COUNTER, canLend, openAccount, ringIdOf } from './synthetic-identity-account.ts'
import { flatMates } from './synthetic-identity-twin.ts'

const row = fraudTypes.SYNTHETIC_IDENTITY
const RUPEE = 100
/** What is bought again and again, of few shops: goods that come by post, or what needs no parcel. */
const parcels: readonly Category[] = ['ECOMMERCE', 'FASHION', 'BEAUTY']
const vouchers: readonly Category[] = ['DIGITAL', 'ENTERTAINMENT', 'TRANSPORT']
const counters: readonly Category[] = ['GROCERIES', 'FOOD_DINING']
const SHOPS = 2
/** People pay bills by day; these before the day's purchase. */
const BILL_HOURS = { from: 9, to: 10.9 } as const
const BUST_HOUR = 12

/** How a fabricated customer is to be nurtured; a month is `monthDays` long. */
interface Nurture {
  readonly months: number
  /** Of these, those that passed before the stream began. */
  readonly passed: number
  /** Of amounts, a month. */
  readonly growth: number
  readonly rupees: number
}

/** What a payment comes to after so many days, rupees. */
const trend = ({ rupees, growth }: Nurture, day: number): number => rupees * (1 + growth) ** (day / row.monthDays)

const daysOf = ({ months }: Nurture): number => months * row.monthDays

const fraud: Script = {
  eligible: (_tx, { account, newcomer }) => newcomer !== undefined && canLend(account),
  begin: (_tx, scene) => appear(scene, scene.newcomer!),
  steps: (campaign, scene) => {
    const nurture = JSON.parse(campaign.facts.nurture!) as Nurture
    return liveAndLeave(campaign, nurture, scene.fabricated.ringOf(scene.account.customer)!, scene)
  },
}

/** Who begins to pay right after the stream has begun may be months old: the records before are older than the stream. */
function appear({ account, random, chance, nowMs, firstMs, fabricated }: Scene, customer: number): Beginning {
  const { nurture: spreads, savings, limitTimes, hours } = row
  const months = draw(spreads.months, random)
  const known = nowMs - firstMs < spreads.beforeStreamHours * HOUR_MS
  const nurture: Nurture = {
    months,
    passed: known ? random.below(months) : 0,
    growth: draw(spreads.growth, random),
    rupees: draw(spreads.rupees, random),
  }
  const last = trend(nurture, daysOf(nurture))
  const spent = spreads.perDay.max * last * daysOf(nurture)
  const money = {
    savingsMinor: Math.round((spent * savings.times + draw(savings.rupees, random)) * RUPEE),
    limitMinor: roundTo(last * draw(limitTimes, random), 5_000) * RUPEE,
  }
  const soonMs = nowMs + Math.round(random.uniform(0.5, 12) * HOUR_MS)
  return {
    startMs: intoHours(soonMs, hours.from, hours.to, random),
    modus: random.pick(syntheticIdentity.row.modusOperandi),
    compromiseMs: null,
    ringId: ringIdOf(fabricated.ringOf(customer)!, chance),
    facts: { nurture: JSON.stringify(nurture) },
    newcomer: openAccount(account, customer, fabricated, money, nowMs),
  }
}

const roundTo = (rupees: number, step: number): number => Math.round(rupees / step) * step

/**
 * Onboarding, months of payments that are repaid, higher limits, and the bust-out; of which none is planned where a
 * campaign of first-party fraud is to follow: it is the bust-out.
 */
function liveAndLeave(campaign: Campaign, nurture: Nurture, ring: FabricatedRing, scene: Scene): Step[] {
  const { account, random } = scene
  const { startMs } = campaign
  const shops = shopsOf(ring, scene)
  if (shops === undefined) return []
  const buy = (atMs: number, phase: string, rupees: number) => purchase(atMs, phase, rupees, shops, random)
  // Midnight in India after which the day of nurture of that number comes.
  const midnightMs = (day: number): number =>
    (civilDay(startMs) + 1 + day - nurture.passed * row.monthDays) * DAY_MS - IST_OFFSET_MS
  const onDay = (day: number): number => midnightMs(day) + Math.round(draw(row.nurture.hour, random) * HOUR_MS)
  const steps: Step[] = []
  if (nurture.passed === 0) steps.push(...onboard(startMs, phoneOf(ring, account.customer), nurture, buy, random))
  let day = nurture.passed * row.monthDays
  for (; day < daysOf(nurture); day++) {
    const { amountJitter, perDay } = row.nurture
    for (let left = draw(perDay, random); left > 0; left--) {
      steps.push(buy(onDay(day), 'nurture', trend(nurture, day) * random.uniform(1 - amountJitter, 1 + amountJitter)))
    }
  }
  day = daysOf(nurture)
  for (let raised = draw(row.limitIncrease.count, random), i = 1; i <= raised; i++, day++) {
    const atMs = onDay(day)
    steps.push(event({ atMs: atMs - HOUR_MS, eventType: 'LIMIT_RAISED', deviceId: phoneOf(ring, account.customer) }))
    steps.push(buy(atMs, 'limit_increase', trend(nurture, daysOf(nurture)) * row.limitIncrease.times ** i))
  }
  const firstBill = (nurture.passed + 1) * row.monthDays
  for (let billed = firstBill; billed <= daysOf(nurture); billed += row.monthDays) {
    steps.push(...repay(midnightMs(billed), 'nurture', steps, random))
  }
  steps.push(...repay(midnightMs(day), 'limit_increase', steps, random))
  const chained = campaign.sequel !== null
  const bust = chained ? [] : bustOut(midnightMs(day) + BUST_HOUR * HOUR_MS, trend(nurture, daysOf(nurture)), scene)
  if (bust.length === 0 && !chained) return []
  Object.assign(campaign.facts, {
    opened_ms: String(nurture.passed === 0 ? startMs : midnightMs(0)),
    members: String(ring.members.length),
    shared_device_count: String(sharersOf(ring, account.customer)),
    amount_growth_rate: nurture.growth.toFixed(3),
    growth_variance: varianceOf(steps, nurture, midnightMs(0)).toFixed(5),
  })
  return [...inOrder(steps), ...bust]
}

/** The few shops of a fabricated customer, and how a payment there is made. */
interface Shops {
  readonly online: readonly Change[]
  readonly counters: readonly Change[]
}

function shopsOf(ring: FabricatedRing, { account, random }: Scene): Shops | undefined {
  const { templates } = account
  const card = templates[CARD_ONLINE]!
  const city = cities[ring.city]!
  const online = merchantsOf(card.shipping_city === null ? vouchers : parcels, city.name, true, SHOPS, random)
  const near = merchantsOf(counters, city.name, false, SHOPS, random)
  if (online.length === 0 || near.length === 0) return undefined
  const seat = { city, lat: ring.lat, lon: ring.lon }
  return {
    online: online.map((site) => boughtOnline(card, site)),
    counters: near.map((site) => ({ ...madeAt(templates[COUNTER]!, seat, city.name, random), ...atMerchant(site) })),
  }
}

/** By card online, or by UPI at a counter, where less is spent. */
function purchase(atMs: number, phase: string, rupees: number, shops: Shops, random: Random): PaymentStep {
  const byCard = random.chance(row.nurture.cardShare)
  return payment({
    atMs,
    phase,
    sequence: 0,
    shape: byCard ? CARD_ONLINE : COUNTER,
    amountMinor: byCard ? roundOnline(rupees, random) : roundOffline(rupees * row.nurture.counterShare, random),
    change: random.pick(byCard ? shops.online : shops.counters),
    inPerson: !byCard,
    quiet: true,
    repaid: true,
  })
}

/** The phone is bound, and the first small payments are made. */
function onboard(
  startMs: number,
  deviceId: string,
  { rupees }: Nurture,
  buy: (atMs: number, phase: string, rupees: number) => PaymentStep,
  random: Random,
): Step[] {
  const { payments, gapMinutes, amountShare } = row.onboard
  let atMs = startMs
  const made = Array.from({ length: payments }, () => {
    atMs += Math.round(draw(gapMinutes, random) * MINUTE_MS)
    return buy(atMs, 'onboard', rupees * draw(amountShare, random))
  })
  return [event({ atMs: startMs, eventType: 'DEVICE_BOUND', deviceId }), ...made]
}

/** In the morning all that the card owes by then is paid; it arrives within 20 minutes. */
function repay(midnightMs: number, phase: string, steps: readonly Step[], random: Random): PaymentStep[] {
  let owedMinor = 0
  for (const step of steps) {
    if (step.kind !== 'payment' || step.atMs > midnightMs) continue
    if (step.shape === CARD_ONLINE) owedMinor += step.amountMinor
    if (step.shape === BILL_ARRIVES) owedMinor -= step.amountMinor
  }
  if (owedMinor === 0) return []
  const atMs = midnightMs + Math.round(random.uniform(BILL_HOURS.from, BILL_HOURS.to) * HOUR_MS)
  const common = { phase, sequence: 0, amountMinor: owedMinor, change: {}, shortage: 'decline', repaid: true } as const
  return [
    payment({ ...common, atMs, shape: BILL, quiet: true }),
    payment({
      ...common,
      atMs: atMs + random.integer(10 * SECOND_MS, 20 * MINUTE_MS),
      shape: BILL_ARRIVES,
      quiet: true,
    }),
  ]
}

function bustOut(fromMs: number, meanRupees: number, scene: Scene): PaymentStep[] {
  const { account, random } = scene
  const bust = fraudTypes.FIRST_PARTY_FRAUD.bust
  const limitMinor = spendable(account, CARD_ONLINE)
  const amounts = bustAmounts(meanRupees * RUPEE, limitMinor, random)
  const endsAtMinor = Math.round(limitMinor * bust.limitShareLeft)
  return purchases('bust_out', fromMs, draw(bust.days, random), amounts, scene, { endsAtMinor })
}

/** Mean square of what card payments of the nurture are off the smooth growth, as a share of it. */
function varianceOf(steps: readonly Step[], nurture: Nurture, fromMs: number): number {
  const squares = steps.flatMap((step) => {
    if (step.kind !== 'payment' || step.phase !== 'nurture' || step.shape !== CARD_ONLINE) return []
    const expected = trend(nurture, Math.floor((step.atMs - fromMs) / DAY_MS))
    return [(step.amountMinor / RUPEE / expected - 1) ** 2]
  })
  return squares.length === 0 ? 0 : squares.reduce((sum, square) => sum + square, 0) / squares.length
}

const evidence = (tx: Transaction, { facts }: Campaign): Record<string, string> => ({
  shared_device_count: facts.shared_device_count!,
  amount_growth_rate: facts.amount_growth_rate!,
  growth_variance: facts.growth_variance!,
  no_salary_credit: 'true',
  account_age_days: ((tx.event_time - Number(facts.opened_ms)) / DAY_MS).toFixed(1),
})

export const syntheticIdentity = fraudMethod('SYNTHETIC_IDENTITY', {
  fraud,
  twin: flatMates,
  evidence,
  reason: ({ facts, modus }) => `One of ${facts.members} customers made up by a ring, who share phones (${modus})`,
})
