import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline, roundTransfer } from '../../market/amounts.ts'
import { cities, cityByName } from '../../market/cities.ts'
import { payeeId, transactionId } from '../../market/identifiers.ts'
import { limits } from '../../market/limits.ts'
import { hash32, type Random } from '../../random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time.ts'
import { type Campaign, homeCity } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { PaymentStep, Scene, Script, Step } from '../method.ts'
import { atAtm, atMerchant, madeAt, merchantsOf, seatIn, whereNow } from '../places.ts'
import { draw } from '../spread.ts'
import { event, intoHours, moments, payment } from '../steps.ts'
import { treasurer } from './mule-account-twin.ts'
import { canBeMule, numbered, received, roundDown, sendShape, tested, UPI_SHAPE } from './mule-flows.ts'

const row = fraudTypes.MULE_ACCOUNT
const RUPEE = 100
const ATM_SHAPE = 'DEBIT_CARD/ATM/CASH_WITHDRAWAL'
const QR_SHAPE = 'UPI/QR/AUTHORISATION'
const goodsCategories: readonly Category[] = ['ELECTRONICS', 'FASHION', 'GROCERIES', 'FOOD_DINING', 'FUEL']
/** NPCI: the account to be paid is blocked. */
const BENEFICIARY_FROZEN = 'YF'
/** Who runs mules for an epoch: the accounts that collect, and the city where cash is drawn. */
export interface MuleRing {
  readonly ringId: string
  readonly collectors: readonly string[]
  readonly city: string
}

/** The epoch of a moment, for `muleRing`. */
export const muleEpoch = (timeMs: number): number => Math.floor(timeMs / (row.rings.epochDays * DAY_MS))

/** The n-th ring of an epoch: a function of seed and epoch alone. */
export function muleRing(n: number, epoch: number, chance: Chance): MuleRing {
  const random = chance.shared(hash32(`mule-ring/${n}`), epoch)
  return {
    collectors: Array.from({ length: draw(row.rings.collectors, random) }, () => payeeId(random.uint32())),
    city: random.pick(cities).name,
    ringId: transactionId(epoch * row.rings.epochDays * DAY_MS, random),
  }
}

const fraud: Script = {
  eligible: (_tx, { account }) => canBeMule(account),
  begin: (_tx, { random, chance, nowMs }) => {
    const wantedMs = nowMs + Math.round(random.uniform(0.5, 10) * HOUR_MS)
    const startMs = intoHours(wantedMs, row.hours.from, row.hours.to, random)
    const ring = random.below(row.rings.perEpoch)
    return {
      startMs,
      modus: random.pick(muleAccount.row.modusOperandi),
      compromiseMs: null,
      ringId: muleRing(ring, muleEpoch(startMs), chance).ringId,
      facts: { ring: String(ring), hop: String(draw(row.hops, random)) },
    }
  },
  steps: runMule,
}

/** Tests a day ahead, money from many, on to few within minutes, some of it in cash elsewhere or spent in shops, and the account frozen at last. */
function runMule(campaign: Campaign, scene: Scene): Step[] {
  const { account, chance, random } = scene
  if (!canBeMule(account)) return []
  const ring = muleRing(Number(campaign.facts.ring), muleEpoch(campaign.startMs), chance)
  const shape = sendShape(account)!
  const payees = ring.collectors.slice(0, draw(row.split, random))
  const tests = tested(campaign.startMs + HOUR_MS / 2, payees, shape, random)
  const soonMs = tests.at(-1)!.atMs + Math.round(draw(row.test.hoursBefore, random) * HOUR_MS)
  const fanIn = payIns(intoHours(soonMs, row.hours.from, row.hours.to, random), shape, random)
  const share = draw(row.passThrough, random)
  const { sent, cash } = payOuts(fanIn, share, payees, shape, ring, scene)
  const added = payees.map((payee_id, i) =>
    event({
      atMs: campaign.startMs + i * MINUTE_MS,
      eventType: 'PAYEE_ADDED',
      deviceId: account.templates[shape]!.device_id,
      details: { payee_id },
    }),
  )
  const frozenMs = fanIn[0]!.atMs + campaign.reportDelayMs
  const before = [...added, ...tests, ...fanIn, ...sent, ...cash].filter(({ atMs }) => atMs < frozenMs)
  const frozen = moments(frozenMs + MINUTE_MS, draw(row.frozen.count, random), row.frozen.gapMinutes, MINUTE_MS, random)
  const amounts = frozen.map(() => roundTransfer(draw(row.fanIn.rupees, random), random))
  return [
    ...before.sort((a, b) => a.atMs - b.atMs),
    ...frozen.map((atMs, i) => ({
      ...received(atMs, 'frozen', i, amounts[i]!, false),
      refusal: BENEFICIARY_FROZEN,
      afterBlock: true,
    })),
  ]
}

/** As many payers as the way out can take in a day: a lakh by UPI, more where the account can send by IMPS. */
function payIns(fromMs: number, shape: string, random: Random): PaymentStep[] {
  const most = shape === UPI_SHAPE ? limits.upiTransferDayMinor * row.upiShareMax : Number.POSITIVE_INFINITY
  const { rupees, payers, windowHours } = row.fanIn
  const each = { ...rupees, max: Math.min(rupees.max, limits.upiTransferDayMinor / RUPEE, most / RUPEE / payers.min) }
  const windowMs = draw(windowHours, random) * HOUR_MS
  const amounts: number[] = []
  let left = most
  for (let count = Math.round(draw(payers, random)); count > 0; count--) {
    const amount = Math.min(each.max * RUPEE, roundTransfer(draw(each, random), random))
    if (amount > left) break
    amounts.push(amount)
    left -= amount
  }
  const at = amounts.map(() => fromMs + Math.round(random.unit() * windowMs)).sort((a, b) => a - b)
  return at.map((atMs, i) => received(atMs, 'fan_in', i, amounts[i]!, false))
}

/** What has come is sent on minutes later, but for the commission; the last of it as cash where the ring draws it. */
function payOuts(
  fanIn: readonly PaymentStep[],
  share: number,
  payees: readonly string[],
  shape: string,
  ring: MuleRing,
  scene: Scene,
): { sent: PaymentStep[]; cash: PaymentStep[] } {
  const { account, random } = scene
  const total = fanIn.reduce((sum, { amountMinor }) => sum + amountMinor, 0) * share
  const way = random.unit()
  const atms = account.templates[ATM_SHAPE] !== undefined && way < row.cash.share
  const goods = !atms && way < row.cash.share + row.goods.share ? goodsFor(total * row.goods.part, shape, scene) : []
  const notes = atms
    ? Math.min(row.cash.countMax, Math.floor((total * row.cash.partMax) / (row.cash.rupees * RUPEE)))
    : 0
  let keptMinor = notes * row.cash.rupees * RUPEE + goods.reduce((sum, minor) => sum + minor, 0)
  let waitingMinor = 0
  const sent: PaymentStep[] = []
  fanIn.forEach(({ atMs, amountMinor }, i) => {
    waitingMinor += amountMinor * share
    const due = i === fanIn.length - 1 || waitingMinor >= row.fanOut.rupeesMin * RUPEE
    const held = Math.min(keptMinor, waitingMinor)
    if (!due) return
    const amount = roundDown(waitingMinor - held, random)
    keptMinor -= held
    waitingMinor = 0
    if (amount < RUPEE) return
    const change = { payee_id: random.pick(payees) }
    const outMs = atMs + Math.round(draw(row.fanOut.delayMinutes, random) * MINUTE_MS)
    const phase = 'fan_out'
    sent.push(
      payment({
        atMs: outMs,
        phase,
        sequence: 1,
        shape,
        amountMinor: amount,
        change,
        shortage: 'decline',
      }),
    )
  })
  const lastMs = Math.max(...[...fanIn, ...sent].map(({ atMs }) => atMs))
  return { sent: numbered(sent), cash: atms ? drawCash(lastMs, notes, ring, scene) : buyGoods(lastMs, goods, scene) }
}

/** What purchases come to, each, as long as there is money for them: none where the account pays at no counter. */
function goodsFor(partMinor: number, shape: string, { account, random }: Scene): number[] {
  const { templates } = account
  if (templates[QR_SHAPE]?.account_id !== templates[shape]!.account_id) return []
  const amounts: number[] = []
  for (let left = partMinor; amounts.length < row.goods.countMax; left -= amounts.at(-1)!) {
    const amount = roundOffline(draw(row.goods.rupees, random), random)
    if (amount > left) break
    amounts.push(amount)
  }
  return amounts
}

/** Who lent the account lives on a part of the money: small purchases, and a telephone among them. */
function buyGoods(lastMs: number, amounts: readonly number[], { account, random }: Scene): PaymentStep[] {
  const template = account.templates[QR_SHAPE]
  if (template === undefined) return []
  const seat = whereNow(account, template)
  const fromMs = lastMs + Math.round(draw(row.goods.afterHours, random) * HOUR_MS)
  const steps = moments(fromMs, amounts.length, row.goods.gapHours, HOUR_MS, random).flatMap((atMs, i) => {
    const [site] = merchantsOf(goodsCategories, seat.city.name, false, 1, random)
    if (site === undefined) return []
    return payment({
      atMs: intoHours(atMs, row.goods.hours.from, row.goods.hours.to, random),
      phase: 'cash_out',
      sequence: 0,
      shape: QR_SHAPE,
      amountMinor: amounts[i]!,
      change: { ...madeAt(template, seat, homeCity(account), random), ...atMerchant(site) },
      shortage: 'decline',
      inPerson: true,
    })
  })
  return numbered(steps)
}

function drawCash(lastMs: number, count: number, { city }: MuleRing, { account, random }: Scene): PaymentStep[] {
  const template = account.templates[ATM_SHAPE]!
  const seat = seatIn(cityByName.get(city)!, random)
  return moments(lastMs + HOUR_MS, count, row.cash.gapMinutes, MINUTE_MS, random).map((atMs, i) =>
    payment({
      atMs,
      phase: 'cash_out',
      sequence: i + 1,
      shape: ATM_SHAPE,
      amountMinor: row.cash.rupees * RUPEE,
      change: { ...madeAt(template, seat, homeCity(account), random), ...atAtm(city, random) },
      shortage: 'decline',
    }),
  )
}

function evidence(tx: Transaction, { received: money, takenMinor, facts, ringId }: Campaign): Record<string, string> {
  const turnover = money.minor === 0 ? 0 : takenMinor / money.minor
  // The first test goes out before anything has come in.
  const isFresh = tx.event_type === 'CREDIT' || money.count === 0
  return {
    turnover_ratio: turnover.toFixed(3),
    distinct_payers_24h: String(money.count),
    residence_minutes: isFresh ? '0.0' : ((tx.event_time - money.lastMs) / MINUTE_MS).toFixed(1),
    balance_retained_pct: (100 * Math.max(0, 1 - turnover)).toFixed(1),
    hop: facts.hop!,
    ring_id: ringId ?? '',
  }
}

export const muleAccount = fraudMethod('MULE_ACCOUNT', {
  fraud,
  twin: treasurer,
  evidence,
  reason: ({ modus, received: { count } }) =>
    count === 0
      ? `A ring tries whether the account pays (${modus})`
      : `Account passes on what ${count} others pay in (${modus})`,
})
