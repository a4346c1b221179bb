import type { ModusOperandi, Transaction } from '#schemas/types.ts'
import { roundTransfer } from '../../market/amounts.ts'
import { payeeId } from '../../market/identifiers.ts'
import { limits, upiCollectUntilMs } from '../../market/limits.ts'
import { hash32, type Random } from '../../random.ts'
import { civilDay, HOUR_MS, MINUTE_MS } from '../../time.ts'
import type { Account, Campaign } from '../account.ts'
import type { Chance } from '../chance.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { Scene, Script, Step } from '../method.ts'
import { draw, drawWeighted } from '../spread.ts'
import { affording, inOrder, intoHours, moments } from '../steps.ts'
import { muleEpoch, muleRing } from './mule-account.ts'
import { transferShapes, transfersTo, UPI_SHAPE } from './new-payee-transfers.ts'

const row = fraudTypes.AUTHORISED_PUSH_PAYMENT_SCAM
const RUPEE = 100
const FUNDS_MIN = row.fundsRupeesMin * RUPEE
/** Payments before a mean says anything. */
const HISTORY_MIN = 5

/** The accounts that the n-th ring of mules has to offer on a day; banks close them soon. A function of seed and day alone. */
export function scamPayees(n: number, day: number, chance: Chance): string[] {
  const random = chance.shared(hash32(`scam-payees/${n}`), day)
  return Array.from({ length: draw(row.payeesADay, random) }, () => payeeId(random.uint32()))
}

type Story = keyof typeof row.stories
/** What a victim scans, or agrees to, is paid by UPI. */
const byUpiOnly: readonly Story[] = ['QR_RECEIVE_MONEY', 'COLLECT_REQUEST']

const means = (account: Account): string[] => affording(account, transferShapes, FUNDS_MIN)

/** Some stories need UPI; requests to pay between people ended with September 2025 (NPCI). */
function storyAt(timeMs: number, account: Account, random: Random): ModusOperandi {
  const upi = means(account).includes(UPI_SHAPE)
  const possible = (Object.keys(row.stories) as Story[]).filter(
    (story) =>
      (upi || !byUpiOnly.includes(story)) && (story !== 'COLLECT_REQUEST' || timeMs < upiCollectUntilMs - HOUR_MS),
  )
  const shares = Object.fromEntries(possible.map((story) => [story, row.stories[story].share]))
  return drawWeighted(shares, random) as ModusOperandi
}

const fraud: Script = {
  eligible: (_tx, { account }) => account.payments >= HISTORY_MIN && means(account).length > 0,
  begin: (_tx, { account, random, chance, nowMs }) => {
    const { from, to } = row.hours
    const startMs = intoHours(nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS), from, to, random)
    const ring = random.below(fraudTypes.MULE_ACCOUNT.rings.perEpoch)
    return {
      startMs,
      modus: storyAt(startMs, account, random),
      compromiseMs: startMs,
      ringId: muleRing(ring, muleEpoch(startMs), chance).ringId,
      facts: { ring: String(ring) },
    }
  },
  steps: talkedInto,
}

/** After a call, the victim pays again and again what is asked for, to accounts of the ring, until it dawns on them. */
function talkedInto(campaign: Campaign, { account, chance, random }: Scene): Step[] {
  const { startMs, modus, facts, reportDelayMs } = campaign
  const story = row.stories[modus as Story]
  const shapes = means(account).filter((shape) => shape === UPI_SHAPE || !byUpiOnly.includes(modus as Story))
  if (shapes.length === 0) return []
  const firstMs = startMs + Math.round(draw(row.callMinutes, random) * MINUTE_MS)
  // Who has noticed pays no more: it is over before that.
  const spanMs = Math.min(draw(story.hours, random) * HOUR_MS, reportDelayMs * row.spanOfDelayMost)
  const amounts = Array.from({ length: draw(story.count, random) }, () => amountMinor(modus, random))
  if (story.rising) amounts.sort((a, b) => a - b)
  const times = [0, ...amounts.slice(1).map(() => random.unit())].sort((a, b) => a - b)
  const { from, to } = row.hours
  const at = times
    .map((share) => intoHours(Math.round(firstMs + share * spanMs), from, to, random))
    .sort((a, b) => a - b)
  const noticedMs = at[0]! + reportDelayMs
  const endMs = modus === 'COLLECT_REQUEST' ? Math.min(noticedMs, upiCollectUntilMs) : noticedMs
  const wanted = at
    .map((atMs, i) => {
      const payees = scamPayees(Number(facts.ring), civilDay(atMs), chance)
      return { atMs, phase: 'transfer', amountMinor: amounts[i]!, payeeId: random.pick(payees) }
    })
    .filter(({ atMs }) => atMs < endMs)
  Object.assign(facts, {
    baseline_amount: (account.meanMinor / RUPEE).toFixed(2),
    new_payees: String(new Set(wanted.map(({ payeeId: payee }) => payee)).size),
  })
  return inOrder(transfersTo(wanted, shapes, account, random))
}

function amountMinor(modus: ModusOperandi, random: Random): number {
  const minor = roundTransfer(draw(row.stories[modus as Story].rupees, random), random)
  return modus === 'COLLECT_REQUEST' ? Math.min(limits.upiCollectMinor, minor) : minor
}

/** A deposit for a flat, a relative's hospital: as much, as new, as sudden, and rightly so. */
const twin: Script = {
  eligible: (_tx, { account }) => account.payments >= HISTORY_MIN && means(account).length > 0,
  begin: (_tx, { random, nowMs }) => ({
    startMs: intoHours(nowMs + Math.round(random.uniform(0.3, 10) * HOUR_MS), row.hours.from, row.hours.to, random),
    modus: 'NONE',
    compromiseMs: null,
    facts: { kind: drawWeighted(row.twin.kinds, random) },
  }),
  steps: ({ startMs, facts }, { account, random }) => {
    const shapes = means(account)
    if (shapes.length === 0) return []
    const payee = payeeId(random.uint32())
    const { count, gapHours, rupees } = facts.kind === 'hospital_bill' ? row.twin.hospital : row.twin.deposit
    const wanted = moments(startMs + MINUTE_MS, draw(count, random), gapHours, HOUR_MS, random).map((atMs) => ({
      atMs,
      phase: facts.kind!,
      amountMinor: roundTransfer(draw(rupees, random), random),
      payeeId: payee,
    }))
    return inOrder(transfersTo(wanted, shapes, account, random))
  },
}

function evidence(tx: Transaction, campaign: Campaign): Record<string, string> {
  const { facts, startMs, takenMinor } = campaign
  return {
    baseline_amount: facts.baseline_amount!,
    amount_multiplier: (tx.amount_minor / RUPEE / Number(facts.baseline_amount)).toFixed(2),
    new_payees: facts.new_payees!,
    hours_since_call: ((tx.event_time - startMs) / HOUR_MS).toFixed(1),
    balance_drained_pct: ((100 * takenMinor) / (takenMinor + (tx.balance_after_minor ?? 0))).toFixed(1),
  }
}

export const authorisedPushPaymentScam = fraudMethod('AUTHORISED_PUSH_PAYMENT_SCAM', {
  fraud,
  twin,
  evidence,
  reason: ({ modus }) => `The customer was talked into paying strangers (${modus})`,
})
