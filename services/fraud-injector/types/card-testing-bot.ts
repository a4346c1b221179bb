import type { Category } from '#schemas/types.ts'
import { deviceId, ipPrefix, transactionId } from '../../market/identifiers.ts'
import { issuers } from '../../market/issuers.ts'
import { hash32 } from '../../random.ts'
import { DAY_MS, MINUTE_MS } from '../../time.ts'
import type { Template } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Change } from '../method.ts'
import { merchantsOf } from '../places.ts'
import { draw } from '../spread.ts'
import { intoHours } from '../steps.ts'

const { bots } = fraudTypes.CARD_TESTING
/** What costs a rupee and is sold to anybody at once: applications, alms, tickets. */
const categories: readonly Category[] = ['DIGITAL', 'DONATIONS', 'ENTERTAINMENT']
/** A bot's merchants sell everywhere; any large city finds them. */
const CITY = 'Mumbai'

/** One run of one tester: what all the cards that it tries have in common. */
export interface Bot {
  readonly ringId: string
  readonly startMs: number
  readonly durationMs: number
  readonly slow: boolean
  readonly cards: number
  readonly issuer: string
  /** Share of its cards that are of this issuer. */
  readonly issuerShare: number
  readonly liveShare: number
  readonly sites: readonly number[]
  /** Devices with their addresses. */
  readonly devices: readonly Change[]
}

const epochOf = (timeMs: number): number => Math.floor(timeMs / (bots.epochDays * DAY_MS))

/** The n-th bot of an epoch: a function of seed and epoch alone, so that every partition sees the same. */
export function botOf(n: number, epoch: number, chance: Chance): Bot {
  const random = chance.shared(hash32(`card-testing/${n}`), epoch)
  const epochMs = epoch * bots.epochDays * DAY_MS
  const slow = random.chance(bots.slowShare)
  const cards = Math.round(draw(bots.cards, random))
  const someMs = epochMs + Math.round(random.uniform(0.5, 1) * bots.epochDays * DAY_MS)
  const startMs = slow ? someMs : intoHours(someMs, bots.nightHours.from, bots.nightHours.to, random)
  const durationMs = slow ? bots.slowHours * 60 * MINUTE_MS : (cards / draw(bots.cardsPerMinute, random)) * MINUTE_MS
  const ips = Array.from({ length: draw(bots.ipPrefixes, random) }, () => ipPrefix(random.uint32()))
  return {
    startMs,
    durationMs,
    slow,
    cards,
    issuer: random.pick(issuers.filter(({ cardWeight }) => cardWeight >= bots.issuerWeightMin)).code,
    issuerShare: random.uniform(bots.issuerShare.min, bots.issuerShare.max),
    liveShare: 1 - draw(bots.deadShare, random),
    sites: merchantsOf(categories, CITY, true, draw(bots.merchants, random), random),
    devices: Array.from({ length: draw(bots.devices, random) }, () => ({
      device_id: deviceId(random.uint32()),
      device_os: 'ANDROID',
      ip_prefix: random.pick(ips),
    })),
    ringId: transactionId(startMs, random),
  }
}

/** The bot on whose list a card stands, not yet under way, and when the card's turn comes; undefined for none. */
export function botThatTests(
  { instrument_token, issuer_code }: Template,
  nowMs: number,
  chance: Chance,
): { bot: Bot; atMs: number } | undefined {
  const epoch = epochOf(nowMs)
  for (let n = 0; n < bots.perEpoch; n++) {
    const bot = botOf(n, epoch, chance)
    const card = chance.shared(hash32(`${instrument_token}/${n}`), epoch)
    const listed = card.chance(issuer_code === bot.issuer ? bots.listedShare.mainIssuer : bots.listedShare.others)
    if (listed && nowMs < bot.startMs) return { bot, atMs: bot.startMs + Math.round(card.unit() * bot.durationMs) }
  }
  return undefined
}
