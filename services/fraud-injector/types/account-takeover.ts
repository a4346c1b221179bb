import type { Category, Transaction } from '#schemas/types.ts'
import { roundGift, roundOnline, roundTransfer } from '../../market/amounts.ts'
import { cityByName } from '../../market/cities.ts'
import { deviceId, ipPrefix, payeeId } from '../../market/identifiers.ts'
import { declined } from '../../market/responses.ts'
import { isInward } from '../../market/statement.ts'
import type { Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, toLocalMs } from '../../time.ts'
import { type Account, type Campaign, homeCity, type Template } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, EventStep, Scene, Script, Step } from '../method.ts'
import { atMerchant, cityAway, madeAt, merchantsOf, seatIn, whereNow } from '../places.ts'
import { draw } from '../spread.ts'
import { affording, event, moments, payment, spendable } from '../steps.ts'

const row = fraudTypes.ACCOUNT_TAKEOVER
const RUPEE = 100
const BALANCE_MIN = row.balanceRupeesMin * RUPEE
/** Payments before "three times the own mean" means something. */
const HISTORY_MIN = 5

/** To mules, or for goods as good as gifts. */
const transferShapes = ['UPI/MOBILE_APP/TRANSFER', 'IMPS/MOBILE_APP/TRANSFER']
const allShapes = [...transferShapes, 'CREDIT_CARD/ECOM/AUTHORISATION', 'NET_BANKING/NET_BANKING/AUTHORISATION']
const parcels: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE']
const vouchers: readonly Category[] = ['TRAVEL', 'JEWELLERY']
const GOODS_MERCHANTS = 3

/** UPI: the mobile number of the account has changed. */
const NUMBER_CHANGED = 'B1'

const fraud: Script = {
  eligible: (_tx, { account }) =>
    account.payments >= HISTORY_MIN && affording(account, allShapes, BALANCE_MIN).length > 0,
  begin: (_tx, { random, nowMs, told }) => {
    const modus = told ?? random.pick(accountTakeover.row.modusOperandi)
    const startMs = told ? nowMs + MINUTE_MS : momentOf(modus === 'SIM_SWAP', nowMs, random)
    return { startMs, modus, compromiseMs: startMs }
  },
  steps: takeOver,
  meet: (tx, campaign) => {
    // A swapped SIM takes the customer's own UPI along: attempts fail until all is over.
    const byPhone = tx.payment_rail === 'UPI' && tx.channel !== 'AUTOPAY'
    const cutOff = campaign.modus === 'SIM_SWAP' && campaign.steps !== null && byPhone
    if (!cutOff || tx.status_response.status !== 'APPROVED' || isInward(tx.event_type)) return undefined
    const rewrite = { status_response: declined(NUMBER_CHANGED) }
    return { phase: 'takeover', sequence: 1, role: 'VICTIM', isFraud: false, evidence: {}, rewrite }
  },
}

/** Calls and remote access mostly by day, stolen numbers mostly by night: within hours, or in the next such window. */
function momentOf(simSwap: boolean, nowMs: number, random: Random): number {
  const { share, fromHour, toHour } = row.daytime
  const byDay = random.chance(simSwap ? 1 - share : share)
  const hours = byDay ? toHour - fromHour : 24 - (toHour - fromHour)
  const sinceMs = (toLocalMs(nowMs) + DAY_MS - (byDay ? fromHour : toHour) * HOUR_MS) % DAY_MS
  const lengthMs = hours * HOUR_MS
  const wait = sinceMs < lengthMs ? random.unit() * (lengthMs - sinceMs) : DAY_MS - sinceMs + random.unit() * lengthMs
  return nowMs + MINUTE_MS + Math.round(wait)
}

function takeOver(campaign: Campaign, { account, random }: Scene): Step[] {
  const shapes = affording(account, allShapes, BALANCE_MIN)
  if (shapes.length === 0) return []
  const shape = random.pick(shapes)
  const template = account.templates[shape]!
  const own = throughOwnDevice(campaign)
  const device = own ? template.device_id : deviceId(random.uint32())
  const payees = transferShapes.includes(shape) ? newPayees(draw(row.takeover.payees, random), random) : []
  const events = takeoverEvents(campaign, device, payees, random)
  Object.assign(campaign.facts, {
    baseline_amount: (account.meanMinor / RUPEE).toFixed(2),
    new_device: own ? 'none' : device!,
    new_payees: String(payees.length),
  })
  const attacker = own ? victimOf(account, template, random) : attackerOf(account, template, device!, random)
  const targets: readonly Change[] =
    payees.length > 0 ? payees.map((payee_id) => ({ payee_id })) : goods(template, random)
  const round = payees.length > 0 ? roundTransfer : roundOnline
  return [
    ...events,
    ...takings(events, account, shape, round, () => ({ ...attacker(), ...random.pick(targets) }), random),
  ]
}

/** Who looks over the victim's shoulder, or has the victim's phone in hand from afar, binds no other. */
const throughOwnDevice = ({ modus }: Campaign): boolean => row.ownDeviceModi.includes(modus)

/** Probes, then the drain. */
function takings(
  events: readonly EventStep[],
  account: Account,
  shape: string,
  round: (rupees: number, random: Random) => number,
  change: () => Change,
  random: Random,
): Step[] {
  const steps: Step[] = []
  let atMs = events.at(-1)!.atMs + Math.round(draw(row.takeover.gapMinutes, random) * MINUTE_MS)
  const endsAtMinor = Math.round(spendable(account, shape) * row.drain.balanceShareMin)
  const take = (phase: string, sequence: number, amountMinor: number): void => {
    steps.push(
      payment({ atMs, phase, sequence, shape, amountMinor, change: change(), endsAtMinor, quiet: phase === 'probe' }),
    )
    atMs += Math.round(draw(row.drain.gapMinutes, random) * MINUTE_MS)
  }
  for (let i = 1, count = draw(row.probe.count, random); i <= count; i++) {
    const { min, max } = row.probe.amountRupees
    const amount = round(draw(row.probe.amountRupees, random), random)
    take('probe', i, Math.min(max * RUPEE, Math.max(min * RUPEE, amount)))
  }
  const upi = account.templates[shape]!.payment_rail === 'UPI'
  const bound = events.find(({ eventType }) => eventType === 'DEVICE_BOUND')
  if (upi && bound !== undefined && random.chance(row.drain.patientShare))
    atMs = Math.max(atMs, bound.atMs + DAY_MS + HOUR_MS * random.unit())
  atMs = Math.round(atMs)
  for (let i = 1, count = draw(row.drain.count, random); i <= count; i++) {
    take('drain', i, round((account.meanMinor / RUPEE) * draw(row.drain.timesMean, random), random))
  }
  return steps
}

const newPayees = (count: number, random: Random): string[] =>
  Array.from({ length: count }, () => payeeId(random.uint32()))

function goods(template: Template, random: Random): Change[] {
  const categories = template.shipping_city === null ? vouchers : parcels
  return merchantsOf(categories, template.city, true, GOODS_MERCHANTS, random).map(atMerchant)
}

/** The attacker's device and address, mostly in another city. */
function attackerOf(account: Account, template: Template, device: string, random: Random): () => Change {
  const home = homeCity(account)
  const own = cityByName.get(template.city)!
  const city = random.chance(row.elsewhereShare) ? (cityAway(template.city, () => true, random) ?? own) : own
  const seat = seatIn(city, random)
  const ip_prefix = ipPrefix(random.uint32())
  return () => ({ device_id: device, ip_prefix, ...madeAt(template, seat, home, random) })
}

/** The victim's own surroundings: payee or goods, and the sum, are all that differs. */
const victimOf = (account: Account, template: Template, random: Random): (() => Change) => {
  const place = whereNow(account, template)
  return () => madeAt(template, place, homeCity(account), random)
}

/** What the method leaves on `customer-events`, a few minutes apart. */
function takeoverEvents(
  campaign: Campaign,
  device: string | null,
  payees: readonly string[],
  random: Random,
): EventStep[] {
  const events: EventStep[] = []
  let atMs = campaign.startMs
  const leave = (eventType: EventStep['eventType'], deviceId: string | null, details = {}): void => {
    events.push(event({ atMs, eventType, deviceId, details }))
    atMs += Math.round(draw(row.takeover.stepMinutes, random) * MINUTE_MS)
  }
  if (campaign.modus === 'SIM_SWAP') leave('SIM_CHANGED', null)
  if (!throughOwnDevice(campaign)) leave('DEVICE_BOUND', device)
  leave('PIN_RESET', device)
  if (random.chance(row.takeover.limitRaisedShare)) leave('LIMIT_RAISED', device)
  for (const payee_id of payees) leave('PAYEE_ADDED', device, { payee_id })
  return events
}

/** A new phone, and rent and deposit to a new landlord, after a rupee as a test; or gifts to many at a festival. */
const twin: Script = {
  eligible: (_tx, { account }) =>
    account.payments >= HISTORY_MIN && affording(account, transferShapes, BALANCE_MIN).length > 0,
  begin: (_tx, { random, nowMs }) => ({
    startMs: nowMs + Math.round(draw(row.twin.onsetMinutes, random) * MINUTE_MS),
    modus: 'NONE',
    compromiseMs: null,
    facts: { kind: random.chance(row.twin.rentShare) ? 'rent' : 'gifts' },
  }),
  steps: (campaign, scene) => {
    const shapes = affording(scene.account, transferShapes, BALANCE_MIN)
    if (shapes.length === 0) return []
    const shape = scene.random.pick(shapes)
    return campaign.facts.kind === 'rent' ? newPhoneAndRent(campaign, scene, shape) : gifts(campaign, scene, shape)
  },
}

function newPhoneAndRent({ startMs }: Campaign, { account, random }: Scene, shape: string): Step[] {
  const device = deviceId(random.uint32())
  const payee_id = payeeId(random.uint32())
  const atMs = startMs + Math.round(draw(row.twin.rentDelayMinutes, random) * MINUTE_MS)
  const addedMs = Math.max(startMs, atMs - Math.round(random.uniform(1, 8) * MINUTE_MS))
  const change = { payee_id, device_id: device }
  const tested = random.chance(row.twin.testShare) ? [Math.round(draw(row.twin.testRupees, random)) * RUPEE] : []
  const sums = Array.from({ length: draw(row.twin.rentCount, random) }, () =>
    roundTransfer((account.meanMinor / RUPEE) * draw(row.twin.rentTimesMean, random), random),
  )
  const amounts = [...tested, ...sums]
  const at = moments(atMs, amounts.length, row.twin.giftGapMinutes, MINUTE_MS, random)
  return [
    event({
      atMs: startMs,
      eventType: 'DEVICE_BOUND',
      deviceId: device,
      replaces: account.templates[shape]!.device_id,
    }),
    event({ atMs: addedMs, eventType: 'PAYEE_ADDED', deviceId: device, details: { payee_id } }),
    ...at.map((paidMs, i) =>
      payment({ atMs: paidMs, phase: 'rent', sequence: i + 1, shape, amountMinor: amounts[i]!, change }),
    ),
  ]
}

function gifts({ startMs }: Campaign, { account, random }: Scene, shape: string): Step[] {
  const steps: Step[] = []
  const deviceId = account.templates[shape]!.device_id
  let atMs = startMs
  for (let sequence = 1, count = draw(row.twin.giftCount, random); sequence <= count; sequence++) {
    const known = account.payees.length > 0 && random.chance(row.twin.knownPayeeShare)
    const payee_id = known ? random.pick(account.payees) : payeeId(random.uint32())
    if (!known) {
      steps.push(event({ atMs, eventType: 'PAYEE_ADDED', deviceId, details: { payee_id } }))
      atMs += Math.round(random.uniform(0.1, 3) * MINUTE_MS)
    }
    const amountMinor = roundGift(draw(row.twin.giftRupees, random))
    steps.push(
      payment({ atMs, phase: 'gifts', sequence, shape, amountMinor, change: { payee_id }, shortage: 'decline' }),
    )
    atMs += Math.round(draw(row.twin.giftGapMinutes, random) * MINUTE_MS)
  }
  return steps
}

function evidence(tx: Transaction, campaign: Campaign): Record<string, string> {
  const { baseline_amount, new_device, new_payees } = campaign.facts
  const taken = campaign.takenMinor
  const minutes = ((tx.event_time - campaign.startMs) / MINUTE_MS).toFixed(0)
  return {
    baseline_amount: baseline_amount!,
    amount_multiplier: (tx.amount_minor / RUPEE / Number(baseline_amount)).toFixed(2),
    new_device: new_device!,
    new_payees: new_payees!,
    balance_drained_pct: ((100 * taken) / (taken + (tx.balance_after_minor ?? 0))).toFixed(1),
    ...(campaign.modus === 'SIM_SWAP' ? { sim_changed_minutes_ago: minutes } : {}),
  }
}

export const accountTakeover = fraudMethod('ACCOUNT_TAKEOVER', {
  fraud,
  twin,
  evidence,
  reason: (campaign) =>
    `Account taken over (${campaign.modus}) and drained from ${throughOwnDevice(campaign) ? "the victim's own" : 'a new'} device`,
})
