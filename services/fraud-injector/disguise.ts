import { roundCash, roundOffline, roundOnline, roundTransfer } from '../market/amounts.ts'
import type { Random } from '../random.ts'
import type { Change, PaymentStep, Scene, Step } from './method.ts'
import { intoHours } from './steps.ts'

/** What a type may hide behind, or show, as the difficulty is turned: named in its row of fraud-types.json. */
export type Disguise = 'amounts' | 'pace' | 'device'

/** At the hardest, so far towards the victim's own mean, on a logarithmic scale. */
const HABIT = 0.85
/** At the hardest, so much longer between two steps; at the easiest, by so much less, and amounts by so much more. */
const SLOWER = 3
const FASTER = 0.6
const DEARER = 0.8
/** At the hardest, this share of campaigns acts through the victim's own device, as a remote-access app does. */
const OWN_DEVICE = 0.8
const RUPEE = 100
/** Hours of the clock in India. */
const WAKING = { from: 8, to: 22 } as const

/** The first half of a disguise hides more than the second: bent like this, each step of the dial makes about as much harder. */
const BEND = 1.5

/** From -1, at difficulty 0, by 0 in the middle to 1. */
export const disguiseAt = (difficulty: number): number =>
  difficulty > 0.5 ? (2 * difficulty - 1) ** BEND : 2 * difficulty - 1

/**
 * Turns the planned steps of a fraud towards the victim's own habits (`scene.disguise` above 0) or away from them. In
 * the middle they stay as the type's file has them.
 */
export function disguised(steps: Step[], startMs: number, by: readonly Disguise[], scene: Scene): Step[] {
  const { disguise, account, random } = scene
  if (disguise === 0) return steps
  let turned = steps
  if (by.includes('device') && random.chance(disguise * OWN_DEVICE)) turned = fromOwnDevice(turned)
  if (by.includes('amounts'))
    turned = payments(turned, (step) => ({ ...step, amountMinor: amount(step, account.meanMinor, disguise, random) }))
  if (!by.includes('pace')) return turned
  return stretched(turned, startMs, 1 + disguise * (disguise > 0 ? SLOWER : FASTER), random)
}

/**
 * So many times as long from the beginning to each step. What is done by day stays so, with all that comes after it: who
 * hides does not begin to pay at night.
 */
function stretched(steps: readonly Step[], startMs: number, times: number, random: Random): Step[] {
  let laterMs = 0
  return [...steps]
    .sort((a, b) => a.atMs - b.atMs)
    .map((step) => {
      const atMs = Math.round(startMs + (step.atMs - startMs) * times) + laterMs
      const byDay = intoHours(step.atMs, WAKING.from, WAKING.to, random) === step.atMs
      const movedMs = byDay ? intoHours(atMs, WAKING.from, WAKING.to, random) : atMs
      laterMs += movedMs - atMs
      return { ...step, atMs: movedMs }
    })
}

/** The same steps, scaled so that the payments the victim would notice come to so many rupees together. */
export function scaledTo(rupees: number, steps: Step[], random: Random): Step[] {
  let planned = 0
  for (const step of steps) if (step.kind === 'payment' && !step.quiet) planned += step.amountMinor
  if (planned === 0) return steps
  const scale = (rupees * RUPEE) / planned
  return payments(steps, (step) => ({ ...step, amountMinor: rounded(step, step.amountMinor * scale, random) }))
}

/** Changes the payments that are made to get at the money; tests of the means stay. */
const payments = (steps: readonly Step[], change: (step: PaymentStep) => PaymentStep): Step[] =>
  steps.map((step) => (step.kind === 'payment' && !step.quiet ? change(step) : step))

function amount(step: PaymentStep, habitMinor: number, disguise: number, random: Random): number {
  const { amountMinor, change } = step
  if (disguise > 0)
    return amountMinor > habitMinor && habitMinor > 0
      ? rounded(step, amountMinor * (habitMinor / amountMinor) ** (HABIT * disguise), random)
      : amountMinor
  // A tap has a limit that everybody knows.
  const tapped = change.authentication_method === 'NO_CVM'
  return tapped ? amountMinor : rounded(step, amountMinor * (1 - DEARER * disguise), random)
}

/** As a genuine amount of such a payment is. */
function rounded({ shape }: PaymentStep, minor: number, random: Random): number {
  const [, channel, event] = shape.split('/')
  const rupees = minor / RUPEE
  if (channel === 'ATM') return roundCash(rupees, random)
  if (event === 'TRANSFER') return roundTransfer(rupees, random)
  return channel === 'POS' || channel === 'QR' ? roundOffline(rupees, random) : roundOnline(rupees, random)
}

/** What tells of another device, and of where that is. */
const surroundings: ReadonlySet<keyof Change> = new Set([
  'device_id',
  'device_os',
  'app_version',
  'ip_prefix',
  'city',
  'state_code',
  'lat',
  'lon',
  'location_type',
])

/** No new device: none is bound, and payments say what the victim's own say. */
function fromOwnDevice(steps: readonly Step[]): Step[] {
  const kept = steps.filter(
    (step) => step.kind !== 'event' || !(step.eventType === 'DEVICE_BOUND' || step.eventType === 'SIM_CHANGED'),
  )
  const own = (change: Change): Change =>
    Object.fromEntries(Object.entries(change).filter(([name]) => !surroundings.has(name as keyof Change)))
  return kept.map((step) => {
    if (step.kind === 'wait') return step
    return step.kind === 'event' ? { ...step, deviceId: null } : { ...step, change: own(step.change) }
  })
}
