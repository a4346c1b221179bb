import type { Random } from '../random.ts'
import { DAY_MS, HOUR_MS, toLocalMs } from '../time.ts'
import type { Account } from './account.ts'
import type { EventStep, PaymentStep, Step } from './method.ts'
import { draw, type Spread } from './spread.ts'

type Needed = 'atMs' | 'phase' | 'sequence' | 'shape' | 'amountMinor' | 'change'

/** A payment step; what it does not say is as for most: it takes what there is, and nobody refuses it. */
export const payment = (step: Pick<PaymentStep, Needed> & Partial<PaymentStep>): PaymentStep => ({
  kind: 'payment',
  refusal: null,
  shortage: 'shrink',
  endsAtMinor: 0,
  quiet: false,
  repaid: false,
  inPerson: false,
  afterBlock: false,
  keptAs: null,
  undoes: null,
  ...step,
})

export const event = (step: Pick<EventStep, 'atMs' | 'eventType' | 'deviceId'> & Partial<EventStep>): EventStep => ({
  kind: 'event',
  details: {},
  replaces: null,
  ...step,
})

/** Paise that a payment of this shape can draw on; 0 if the customer makes no such payments. */
export function spendable(account: Account, shape: string): number {
  const template = account.templates[shape]
  return template === undefined ? 0 : (account.statements[template.account_id]?.balanceMinor ?? 0)
}

/** Which of these shapes can draw on so much. */
export const affording = (account: Account, shapes: readonly string[], leastMinor: number): string[] =>
  shapes.filter((shape) => spendable(account, shape) >= leastMinor)

/** So many moments: the first at `fromMs`, each other a drawn gap, in units of `unitMs`, after the one before it. */
export function moments(fromMs: number, count: number, gap: Spread, unitMs: number, random: Random): number[] {
  let atMs = fromMs
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) atMs += Math.round(draw(gap, random) * unitMs)
    return atMs
  })
}

/** In the order of time, payments numbered within their phase. */
export function inOrder(steps: readonly Step[]): Step[] {
  const counts = new Map<string, number>()
  return [...steps]
    .sort((a, b) => a.atMs - b.atMs)
    .map((step) => {
      if (step.kind !== 'payment') return step
      const sequence = (counts.get(step.phase) ?? 0) + 1
      counts.set(step.phase, sequence)
      return { ...step, sequence }
    })
}

/** The moment itself if clocks in India stand between these hours (`toHour` may pass 24), or one in the next such span. */
export function intoHours(timeMs: number, fromHour: number, toHour: number, random: Random): number {
  const sinceMs = (toLocalMs(timeMs) + DAY_MS - fromHour * HOUR_MS) % DAY_MS
  const lengthMs = (toHour - fromHour) * HOUR_MS
  return sinceMs < lengthMs ? timeMs : timeMs + DAY_MS - sinceMs + Math.round(random.unit() * lengthMs)
}
