import { mix } from '../market/identifiers.ts'
import { merchantsOfKind } from '../market/merchant-choice.ts'
import { paymentModes } from '../market/segments.ts'
import { HOUR_MS } from '../time.ts'
import { lifeEvents } from './life-events.ts'
import type { Lives } from './lives.ts'
import { modeTable } from './modes.ts'
import type { Payment } from './payment.ts'
import { buy } from './purchase.ts'
import { type Scene, spendingOf } from './scene.ts'

/** What a day of the customer's own brings. Each has its own ordinal in the day, between ordinary payments and dues. */
export const errands = {
  /** What a life event costs on its day. */
  LIFE: 96,
} as const

/** Ordinary payments lie below it. */
export const FIRST_ERRAND = 96

const chooseForEvent = lifeEvents.map(({ lump }) =>
  lump === undefined ? null : merchantsOfKind(lump.category, [lump.subcategory]),
)

/** Whether what happens to the customer today has its price; `lives` has been asked about the day. */
export const lifeCosts = ({ today }: Lives): boolean => today >= 0 && lifeEvents[today]!.lump !== undefined

/** Milliseconds after 03:00: some time between nine and nine. */
export const errandMs = (ordinal: number, tag: number, day: number): number =>
  Math.floor(6 * HOUR_MS + (mix(tag ^ ordinal, day) / 2 ** 32) * 12 * HOUR_MS)

/** Fills in an errand; false if it has come to nothing, so that the moment is free for an ordinary payment. */
export function runErrand(out: Payment, scene: Scene): boolean {
  const { lives, random, whereabouts } = scene
  const lump = lifeEvents[lives.today]?.lump
  if (lump === undefined) return false
  const merchant = chooseForEvent[lives.today]!(whereabouts.city, random)
  if (merchant === -1) return false
  const meant = random.lognormal(lump.medianRupees * spendingOf(scene), lump.sigma)
  buy(out, scene, modeForMuch(scene), merchant, meant)
  return true
}

/** Nobody carries so much in cash or in a wallet. */
function modeForMuch({ people, random, row }: Scene): (typeof paymentModes)[number] {
  const mode = paymentModes[modeTable(people, row).pick(random)]!
  return mode === 'CASH' || mode === 'WALLET_PPI' ? 'UPI' : mode
}
