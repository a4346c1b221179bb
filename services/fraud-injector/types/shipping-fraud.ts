import type { Category, Transaction } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { cities } from '../../market/cities.ts'
import { deviceId, ipPrefix, mix, shippingAddressHash, transactionId } from '../../market/identifiers.ts'
import { hash32, type Random } from '../../random.ts'
import { DAY_MS, MINUTE_MS } from '../../time.ts'
import { type Account, type Campaign, homeCity, type Template } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, PaymentStep, Scene, Script, Step } from '../method.ts'
import { atMerchant, cityAway, kmBetween, merchantsOf } from '../places.ts'
import { draw } from '../spread.ts'
import { affording, event, intoHours, moments, payment } from '../steps.ts'

const row = fraudTypes.SHIPPING_FRAUD
const RUPEE = 100
const FUNDS_MIN = row.order.amountRupees.min * RUPEE
/** UPI is left out: a stranger's phone would have to be bound first, and could pay 5,000 rupees on its first day. */
const shapes = ['CREDIT_CARD/ECOM/AUTHORISATION', 'BNPL/ECOM/AUTHORISATION']
const goods: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE', 'JEWELLERY']
const gifts: readonly Category[] = ['ECOMMERCE', 'FASHION', 'ELECTRONICS', 'BEAUTY']
const PARENTS = 0x9a7e
const OFFICE = 0x0ff1ce

type Address = Pick<Transaction, 'shipping_city' | 'shipping_address_hash'>

/** Reshippers who work together for an epoch: a city, its drop addresses, and the phones that the orders come from. */
export interface DropRing {
  readonly ringId: string
  readonly city: string
  readonly addresses: readonly Address[]
  readonly devices: readonly Change[]
  readonly customersPerDrop: number
}

const epochOf = (timeMs: number): number => Math.floor(timeMs / (row.rings.epochDays * DAY_MS))

/** The n-th ring of an epoch: a function of seed and epoch alone. */
export function dropRing(n: number, epoch: number, chance: Chance): DropRing {
  const random = chance.shared(hash32(`drop-ring/${n}`), epoch)
  const city = random.pick(cities).name
  return {
    city,
    customersPerDrop: draw(row.rings.customersPerDrop, random),
    addresses: Array.from({ length: draw(row.rings.addresses, random) }, () => ({
      shipping_city: city,
      shipping_address_hash: shippingAddressHash(random.uint32()),
    })),
    devices: Array.from({ length: draw(row.rings.devices, random) }, () => ({
      device_id: deviceId(random.uint32()),
      device_os: 'ANDROID',
      ip_prefix: ipPrefix(random.uint32()),
    })),
    ringId: transactionId(epoch * row.rings.epochDays * DAY_MS, random),
  }
}

/** Far from the victim's home for most, as far as there are such rings. */
function ringFor(account: Account, nowMs: number, chance: Chance, random: Random): number {
  const wantsFar = random.chance(row.farShare)
  const home = homeCity(account)
  const numbers = Array.from({ length: row.rings.perEpoch }, (_, n) => n)
  const suiting = numbers.filter((n) => {
    const far = kmBetween(home, dropRing(n, epochOf(nowMs), chance).city) >= row.farKmMin
    return far === wantsFar
  })
  return random.pick(suiting.length > 0 ? suiting : numbers)
}

const ship = (account: Account): string[] =>
  affording(account, shapes, FUNDS_MIN).filter((shape) => account.templates[shape]!.shipping_city !== null)

/** What is stolen from shops is what is used there: the last order is some days old at the most. */
const exposed = (account: Account, nowMs: number): string[] =>
  ship(account).filter((shape) => nowMs - account.templates[shape]!.event_time <= row.usedDays * DAY_MS)

const fraud: Script = {
  eligible: (_tx, { account, nowMs }) => exposed(account, nowMs).length > 0,
  begin: (_tx, { account, random, chance, nowMs }) => {
    const soonMs = nowMs + Math.round(random.uniform(0.5, 12) * 60 * MINUTE_MS)
    const { share, from, to } = row.night
    const startMs = random.chance(share) ? intoHours(soonMs, from, to, random) : soonMs
    const ring = ringFor(account, startMs, chance, random)
    const changed = random.chance(row.addressChange.share)
    return {
      startMs,
      modus: changed ? 'INTERCEPT' : random.pick(['RESHIPPING', 'DROP_ADDRESS']),
      compromiseMs: startMs,
      ringId: dropRing(ring, epochOf(startMs), chance).ringId,
      facts: { shape: random.pick(exposed(account, nowMs)), ring: String(ring) },
    }
  },
  steps: orders,
}

/** Orders to the drop; or to the victim's own address, which is changed once they are paid. */
function orders(campaign: Campaign, { account, chance, random }: Scene): Step[] {
  const { startMs, facts, modus } = campaign
  const shape = facts.shape!
  if (!ship(account).includes(shape)) return []
  const template = account.templates[shape]!
  const ring = dropRing(Number(facts.ring), epochOf(startMs), chance)
  const drop = random.pick(ring.addresses)
  // Taken over within the shop's own application, the account orders from the phone that it always ordered from.
  const device = random.chance(row.ownDeviceShare) ? { device_id: template.device_id } : random.pick(ring.devices)
  const to = modus === 'INTERCEPT' ? ownAddress(template) : drop
  const sites = merchantsOf(goods, template.city, true, row.order.merchants, random)
  if (sites.length === 0) return []
  Object.assign(facts, {
    ship_home_distance_km: kmBetween(homeCity(account), ring.city).toFixed(0),
    address_customer_count: String(ring.customersPerDrop),
    express: String(random.chance(row.expressShare)),
    drop_address: drop.shipping_address_hash!,
  })
  const placed = moments(startMs, draw(row.order.count, random), row.order.gapMinutes, MINUTE_MS, random).map(
    (atMs, i) => order(atMs, 'order', i, shape, row.order.amountRupees, { ...device, ...to }, sites, random),
  )
  if (modus !== 'INTERCEPT') return placed
  const changedMs = placed.at(-1)!.atMs + Math.round(draw(row.addressChange.delayMinutes, random) * MINUTE_MS)
  const details = { shipping_city: ring.city, shipping_address_hash: drop.shipping_address_hash! }
  const device_id = device.device_id ?? null
  return [...placed, event({ atMs: changedMs, eventType: 'ADDRESS_CHANGED', deviceId: device_id, details })]
}

const ownAddress = ({ shipping_city, shipping_address_hash }: Template): Address => ({
  shipping_city,
  shipping_address_hash,
})

const order = (
  atMs: number,
  phase: string,
  i: number,
  shape: string,
  rupees: Parameters<typeof draw>[0],
  change: Change,
  sites: readonly number[],
  random: Random,
): PaymentStep =>
  payment({
    atMs,
    phase,
    sequence: i + 1,
    shape,
    amountMinor: roundOnline(draw(rupees, random), random),
    change: { ...atMerchant(random.pick(sites)), ...change },
    shortage: 'decline',
  })

const kinds = { GIFT: 'gift_to_parents', OFFICE: 'office_delivery' } as const

/** A gift to parents in another city, or what is to be delivered to the office: mostly from a device known before, to an address of one's own. */
const twin: Script = {
  eligible: (_tx, { account }) => ship(account).length > 0,
  begin: (_tx, { account, random, nowMs }) => ({
    startMs: intoHours(nowMs + Math.round(random.uniform(0.3, 10) * 60 * MINUTE_MS), 9, 24, random),
    modus: 'NONE',
    compromiseMs: null,
    facts: { shape: random.pick(ship(account)), kind: random.chance(row.twin.giftShare) ? kinds.GIFT : kinds.OFFICE },
  }),
  steps: ({ startMs, facts }, { account, random }) => {
    const shape = facts.shape!
    const template = account.templates[shape]
    if (template === undefined || !ship(account).includes(shape)) return []
    const gift = facts.kind === kinds.GIFT
    const parents = cityAway(template.city, (km) => km >= row.farKmMin, random)?.name ?? template.city
    const to: Address = {
      shipping_city: gift ? parents : template.city,
      shipping_address_hash: shippingAddressHash(mix(account.customer, gift ? PARENTS : OFFICE)),
    }
    const sites = merchantsOf(gifts, template.city, true, row.order.merchants, random)
    if (sites.length === 0) return []
    const device = random.chance(row.twin.newDeviceShare) ? { device_id: deviceId(random.uint32()) } : {}
    return moments(startMs, draw(row.twin.count, random), row.order.gapMinutes, MINUTE_MS, random).map((atMs, i) =>
      order(atMs, facts.kind!, i, shape, row.twin.amountRupees, { ...to, ...device }, sites, random),
    )
  },
}

function evidence(tx: Transaction, { facts, modus }: Campaign): Record<string, string> {
  return {
    ship_home_distance_km: facts.ship_home_distance_km!,
    address_first_seen: String(tx.shipping_address_hash === facts.drop_address),
    address_customer_count: facts.address_customer_count!,
    express: facts.express!,
    post_auth_change: String(modus === 'INTERCEPT'),
  }
}

export const shippingFraud = fraudMethod('SHIPPING_FRAUD', {
  fraud,
  twin,
  evidence,
  reason: ({ facts, modus }) => `Goods diverted to a drop ${facts.ship_home_distance_km} km from home (${modus})`,
})
