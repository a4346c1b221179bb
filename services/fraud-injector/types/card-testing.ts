import type { Category, Transaction } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { deviceId, ipPrefix } from '../../market/identifiers.ts'
import type { Random } from '../../random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../time.ts'
import type { Account, Campaign } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { PaymentStep, Scene, Script } from '../method.ts'
import { merchantsOf } from '../places.ts'
import { boughtDigital, boughtOnline } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, moments, payment } from '../steps.ts'
import { type Bot, botThatTests } from './card-testing-bot.ts'

const row = fraudTypes.CARD_TESTING
const RUPEE = 100
const FUNDS_MIN = 3_000 * RUPEE
const shapes = ['CREDIT_CARD/ECOM/AUTHORISATION', 'DEBIT_CARD/ECOM/AUTHORISATION']
const parcels: readonly Category[] = ['ELECTRONICS', 'ECOMMERCE']
const vouchers: readonly Category[] = ['TRAVEL', 'DIGITAL']

/**
 * Guessed digits and dates are refused as such. A card that is alive asks for a password, which domestic payments online
 * need (RBI): that is the answer wanted. Where testers abroad see approvals (1 to 2 per cent and more), here nothing goes through.
 */
const DEAD = ['N7', '54', '05'] as const
const ALIVE = '1A'

/** The first of the customer's cards that is on a list, with its bot and its turn. */
function listed({ account, chance, nowMs }: Scene): { bot: Bot; atMs: number; shape: string } | undefined {
  for (const shape of affording(account, shapes, FUNDS_MIN)) {
    const found = botThatTests(account.templates[shape]!, nowMs, chance)
    if (found !== undefined) return { ...found, shape }
  }
  return undefined
}

const fraud: Script = {
  eligible: (_tx, scene) => listed(scene) !== undefined,
  begin: (_tx, scene) => {
    const { bot, atMs, shape } = listed(scene)!
    const { random, nowMs } = scene
    return {
      startMs: atMs,
      modus: random.pick(cardTesting.row.modusOperandi),
      compromiseMs: nowMs,
      ringId: bot.ringId,
      combination: 'COORDINATED',
      facts: { shape, listedMs: String(nowMs) },
    }
  },
  steps: (campaign, scene) => {
    const { account, chance } = scene
    const shape = campaign.facts.shape!
    const template = account.templates[shape]
    const found = template && botThatTests(template, Number(campaign.facts.listedMs), chance)
    if (found === undefined) return []
    const { bot } = found
    Object.assign(campaign.facts, {
      bin_concentration: bot.issuerShare.toFixed(3),
      merchant_decline_ratio: row.declinedShare.toFixed(3),
      cards_per_device: (bot.cards / bot.devices.length).toFixed(0),
    })
    const probes = probe(campaign, bot, shape, scene)
    const alive = probes.at(-1)?.refusal === ALIVE
    return alive && scene.random.chance(row.monetise.share) ? [...probes, monetise(campaign, shape, scene)] : probes
  },
}

function probe({ startMs }: Campaign, bot: Bot, shape: string, { random }: Scene): PaymentStep[] {
  const alive = random.chance(bot.liveShare)
  const count = draw(row.probe.count, random)
  const device = random.pick(bot.devices)
  const gap = bot.slow ? row.probe.slowGapSeconds : row.probe.gapSeconds
  return moments(startMs, count, gap, SECOND_MS, random).map((atMs, i) =>
    payment({
      atMs,
      phase: 'probe',
      sequence: i + 1,
      shape,
      amountMinor: smallSum(row.probe.amountRupees, random),
      change: { ...device, ...boughtDigital(random.pick(bot.sites)) },
      refusal: alive && i + 1 === count ? ALIVE : random.pick(DEAD),
      shortage: 'decline',
      quiet: true,
    }),
  )
}

const smallSum = ({ min, max }: { min: number; max: number }, random: Random): number =>
  Math.min(max * RUPEE, roundOnline(random.uniform(min, max), random))

/** Once, hours or days later, with a password that the owner was talked out of. */
function monetise({ startMs }: Campaign, shape: string, { account, random }: Scene): PaymentStep {
  const template = account.templates[shape]!
  const categories = template.shipping_city === null ? vouchers : parcels
  const [site] = merchantsOf(categories, template.city, true, 1, random)
  return payment({
    atMs: startMs + Math.round(draw(row.monetise.delayHours, random) * HOUR_MS),
    phase: 'monetise',
    sequence: 1,
    shape,
    amountMinor: roundOnline(draw(row.monetise.amountRupees, random), random),
    change: {
      device_id: deviceId(random.uint32()),
      ip_prefix: ipPrefix(random.uint32()),
      ...(site === undefined ? {} : boughtOnline(template, site)),
    },
  })
}

const kinds = { MANDATE: 'mandate_check', DONATION: 'donation_drive' } as const

/** One rupee to see whether a card works, at the application that will be paid by it; or 11 and 21 rupees of alms. */
const twin: Script = {
  eligible: (_tx, { account }) => affording(account, shapes, FUNDS_MIN).length > 0,
  begin: (_tx, { random, nowMs }) => ({
    startMs: nowMs + Math.round(random.uniform(5, 240) * MINUTE_MS),
    modus: 'NONE',
    compromiseMs: null,
    facts: { kind: random.chance(row.twin.mandateShare) ? kinds.MANDATE : kinds.DONATION },
  }),
  steps: ({ startMs, facts }, { account, random }) => {
    const found = affording(account, shapes, FUNDS_MIN)
    if (found.length === 0) return []
    const shape = random.pick(found)
    const phase = facts.kind!
    const mandate = phase === kinds.MANDATE
    const [site] = merchantsOf([mandate ? 'DIGITAL' : 'DONATIONS'], account.templates[shape]!.city, true, 1, random)
    if (site === undefined) return []
    const rupees = mandate ? row.twin.mandateRupees : row.twin.donationRupees
    return moments(startMs, draw(row.twin.count, random), row.twin.gapSeconds, SECOND_MS, random).map((atMs, i) =>
      payment({
        atMs,
        phase,
        sequence: i + 1,
        shape,
        amountMinor: random.pick(rupees) * RUPEE,
        change: boughtDigital(site),
        shortage: 'decline',
      }),
    )
  },
}

const evidence = (tx: Transaction, { facts }: Campaign, account: Account): Record<string, string> => ({
  amount_ratio_to_mean: (tx.amount_minor / account.meanMinor).toFixed(4),
  bin_concentration: facts.bin_concentration!,
  merchant_decline_ratio: facts.merchant_decline_ratio!,
  cards_per_device: facts.cards_per_device!,
})

export const cardTesting = fraudMethod('CARD_TESTING', {
  fraud,
  twin,
  evidence,
  reason: ({ modus, attempts }) => `Card tried out by a bot with many others (${modus}): attempt ${attempts}`,
})
