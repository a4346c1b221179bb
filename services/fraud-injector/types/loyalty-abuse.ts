import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline, roundOnline } from '../../market/amounts.ts'
import { deviceId, ipPrefix, transactionId } from '../../market/identifiers.ts'
import { merchantSites } from '../../market/merchants.ts'
import { hash32 } from '../../random.ts'
import { DAY_MS, HOUR_MS } from '../../time.ts'
import { type Campaign, homeCity } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change, PaymentStep, Scene, Script, Step } from '../method.ts'
import { atMerchant, merchantsOf } from '../places.ts'
import { boughtOnline } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, event, inOrder, intoHours, moments } from '../steps.ts'
import { offerGoods, offerShapes, offers, redemptions, ticket, ticketMinor } from './loyalty-offers.ts'
import { topUp } from './loyalty-twin.ts'
import { merchantOf, moneyBack } from './refund-flows.ts'

const row = fraudTypes.LOYALTY_ABUSE
const FUNDS_MIN = row.fundsRupeesMin * 100
const QR_SHAPE = 'UPI/QR/AUTHORISATION'
const shops: readonly Category[] = ['GROCERIES', 'FASHION', 'HOME']

/** People, or one of them under many names, who farm rewards with the same phones for an epoch. */
export interface LoyaltyRing {
  readonly ringId: string
  readonly devices: readonly Change[]
  readonly accounts: number
}

const epochOf = (timeMs: number): number => Math.floor(timeMs / (row.rings.epochDays * DAY_MS))

/** The n-th ring of an epoch: a function of seed and epoch alone. */
export function loyaltyRing(n: number, epoch: number, chance: Chance): LoyaltyRing {
  const random = chance.shared(hash32(`loyalty-ring/${n}`), epoch)
  return {
    accounts: draw(row.rings.accounts, random),
    devices: Array.from({ length: draw(row.rings.devices, random) }, () => ({
      device_id: deviceId(random.uint32()),
      device_os: 'ANDROID',
      ip_prefix: ipPrefix(random.uint32()),
    })),
    ringId: transactionId(epoch * row.rings.epochDays * DAY_MS, random),
  }
}

/** The shop behind whose code the money goes round: one of the city, the same for all of a ring; undefined if there is none. */
function ownShop(owner: string, city: string, chance: Chance): number | undefined {
  const found = merchantsOf(shops, city, false, row.ownShop.candidates, chance.shared(hash32(`own-shop/${owner}`), 0))
  return found.find((index) => merchantSites[index]!.city === city)
}

const fraud: Script = {
  eligible: (_tx, { account }) => affording(account, offerShapes, FUNDS_MIN).length > 0,
  begin: (_tx, { account, random, chance, nowMs }) => {
    const soonMs = nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS)
    // Offers begin at midnight, and so do those who wait for them.
    const { launch, hours } = row
    const { from, to } = random.chance(launch.share) ? launch : hours
    const startMs = intoHours(soonMs, from, to, random)
    const inRing = random.chance(row.rings.share)
    const ring = random.below(row.rings.perEpoch)
    return {
      startMs,
      modus: inRing ? 'REFERRAL_RING' : 'CASHBACK_FARMING',
      compromiseMs: null,
      ...(inRing ? { ringId: loyaltyRing(ring, epochOf(startMs), chance).ringId } : {}),
      facts: { shape: random.pick(affording(account, offerShapes, FUNDS_MIN)), ring: String(ring) },
    }
  },
  steps: farm,
}

/** Tickets that just reach an offer, the points redeemed within two days, and some of the purchases undone after that. */
function farm(campaign: Campaign, scene: Scene): Step[] {
  const { startMs, facts, reportDelayMs } = campaign
  const { account, chance, random } = scene
  if (!affording(account, offerShapes, FUNDS_MIN).includes(facts.shape!)) return []
  const template = account.templates[facts.shape!]!
  const ring = campaign.ringId === null ? undefined : loyaltyRing(Number(facts.ring), epochOf(startMs), chance)
  const device: Change = ring === undefined ? {} : random.pick(ring.devices)
  const bound = ring !== undefined && template.channel === 'MOBILE_APP'
  facts.accounts_per_device = String(ring === undefined ? 1 : Math.ceil(ring.accounts / ring.devices.length))
  // On its first day a phone may pay 5,000 rupees by UPI: the ring waits.
  const fromMs = startMs + (bound ? Math.round(random.uniform(24, 30) * HOUR_MS) : 0)
  const tickets = earn(campaign, scene, fromMs, device)
  if (tickets.length === 0) return []
  const redeemed = redemptions(tickets, device.device_id ?? template.device_id, random)
  const loops = random.chance(row.unwind.share)
    ? tickets.filter(({ keptAs }) => keptAs !== null && random.chance(row.unwind.ticketShare))
    : []
  const unwound = loops.map((ticket) => {
    const waitMs = Math.round(draw(row.unwind.delayHours, random) * HOUR_MS)
    const money = { shape: ticket.shape, amountMinor: ticket.amountMinor, merchant: merchantOf(ticket) }
    return moneyBack(intoHours(ticket.atMs + waitMs, 9, 21, random), 'unwind', { ...money, undoes: ticket.keptAs! })
  })
  const binding = bound ? [event({ atMs: startMs, eventType: 'DEVICE_BOUND', deviceId: device.device_id ?? null })] : []
  const noticedMs = tickets[0]!.atMs + reportDelayMs
  return inOrder([...binding, ...tickets, ...redeemed, ...unwound].filter(({ atMs }) => atMs < noticedMs))
}

/** Online for most; some by one's own code, a picture of which is as good as the shop, from one's own phone. */
function earn(campaign: Campaign, { account, chance, random }: Scene, fromMs: number, device: Change): PaymentStep[] {
  const { facts, ringId } = campaign
  const template = account.templates[facts.shape!]!
  const sites = merchantsOf(offerGoods(template), template.city, true, row.earn.merchants, random)
  if (sites.length === 0) return []
  const own = account.templates[QR_SHAPE] && ownShop(ringId ?? String(account.customer), homeCity(account), chance)
  if (own !== undefined) facts.own_shop = merchantSites[own]!.id
  return moments(fromMs, draw(row.earn.count, random), row.earn.gapHours, HOUR_MS, random)
    .map((atMs, i) => (i === 0 ? atMs : intoHours(atMs, row.hours.from, row.hours.to, random)))
    .sort((a, b) => a - b)
    .map((atMs, i) => {
      if (own !== undefined && random.chance(row.ownShop.share)) {
        const amountMinor = ticketMinor(roundOffline, random)
        return ticket(atMs, 'earn', { shape: QR_SHAPE, amountMinor, change: atMerchant(own) })
      }
      const amountMinor = ticketMinor(roundOnline, random)
      const change = { ...boughtOnline(template, random.pick(sites)), ...device }
      return { ...ticket(atMs, 'earn', { shape: facts.shape!, amountMinor, change }), keptAs: `purchase/${i}` }
    })
}

function evidence(tx: Transaction, { facts, received }: Campaign): Record<string, string> {
  const rupees = tx.amount_minor / 100
  const nearest = offers.reduce((best, offer) => (Math.abs(offer - rupees) < Math.abs(best - rupees) ? offer : best))
  return {
    offer_threshold: String(nearest),
    distance_to_threshold_pct: ((100 * (rupees - nearest)) / nearest).toFixed(2),
    accounts_per_device: facts.accounts_per_device!,
    self_payment: String(tx.merchant_id === facts.own_shop),
    earn_refund_loops: String(received.count),
  }
}

export const loyaltyAbuse = fraudMethod('LOYALTY_ABUSE', {
  fraud,
  twin: topUp,
  evidence,
  reason: ({ modus }) => `Tickets that just reach an offer, for the reward (${modus})`,
})
