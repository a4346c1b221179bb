import { AliasTable } from '../market/alias.ts'
import { cities } from '../market/cities.ts'
import packs from '../market/data/packs.json' with { type: 'json' }
import { type PaymentMode, paymentModes, segments } from '../market/segments.ts'
import type { DistributionSettings } from '../population-settings.ts'
import type { Settings } from '../settings.ts'
import { lifeEvents } from './life-events.ts'

/** Ownership above the segment's share of payments: who has a credit card uses it for about a fifth of them. */
const OWNERS_PER_SHARE = 5
const OWNERS_MAX = 0.95
const PAY_LATER_OWNERS_MAX = 0.5

/** A population's distributions, the pack's and the scenario's put together. Lists are in the order of `segments`. */
export interface Distributions {
  readonly segments: AliasTable
  /** Shares of payments, adding up to 1. */
  readonly modes: readonly Readonly<Record<PaymentMode, number>>[]
  /** Shares of payers who own a credit card, or a pay-later account. */
  readonly cardOwners: readonly number[]
  readonly payLaterOwners: readonly number[]
  /** Of debit-card events. */
  readonly withdrawals: number
  readonly tripsPerYear: readonly number[]
  /** Mean of merchant loyalty. */
  readonly loyalty: readonly number[]
  /** Multiplier of prices, in the order of `cities`. */
  readonly prices: readonly number[]
  /** In the order of `lifeEvents`, among those whom they can happen to. */
  readonly lifeEventsPerYear: readonly number[]
}

const priceOf = {
  tier: (city: (typeof cities)[number]) => city.costOfLiving,
  hces: (city: (typeof cities)[number]) => city.urbanSpendingIndex,
  blend: (city: (typeof cities)[number]) => (city.costOfLiving + city.urbanSpendingIndex) / 2,
} as const

/** Throws a RangeError where a scenario leaves a segment of its pack no way to pay. */
export function distributionsOf({ pack, distributions: own }: Settings['population']): Distributions {
  const base: DistributionSettings = packs.packs[pack] as DistributionSettings
  const modes = segments.map(({ id, payment_mode_p }) =>
    sharesOf(id, { ...payment_mode_p, ...base.paymentModes?.[id], ...own.paymentModes?.[id] }),
  )
  const owners = own.cardOwners ?? base.cardOwners
  return {
    segments: new AliasTable(segments.map(({ id, share }) => own.segments?.[id] ?? base.segments?.[id] ?? share)),
    modes,
    cardOwners: modes.map(({ CREDIT_CARD }) => owners ?? Math.min(OWNERS_MAX, OWNERS_PER_SHARE * CREDIT_CARD)),
    payLaterOwners: modes.map(({ BNPL }) => Math.min(PAY_LATER_OWNERS_MAX, OWNERS_PER_SHARE * BNPL)),
    withdrawals: own.withdrawals ?? base.withdrawals ?? 0,
    tripsPerYear: segments.map(
      (segment) => own.tripsPerYear?.[segment.id] ?? base.tripsPerYear?.[segment.id] ?? segment.travel_trips_per_year,
    ),
    loyalty: segments.map(
      ({ id, merchant_loyalty }) => own.loyalty?.[id] ?? base.loyalty?.[id] ?? merchant_loyalty.mean,
    ),
    prices: cities.map(priceOf[own.costOfLiving ?? base.costOfLiving ?? 'tier']),
    lifeEventsPerYear: lifeEvents.map(
      ({ id, ratePerYear }) => own.lifeEventsPerYear?.[id] ?? base.lifeEventsPerYear?.[id] ?? ratePerYear,
    ),
  }
}

function sharesOf(segment: string, weights: Readonly<Record<PaymentMode, number>>): Record<PaymentMode, number> {
  const total = paymentModes.reduce((sum, mode) => sum + weights[mode], 0)
  if (!(total > 0)) {
    const where = `population.distributions.paymentModes.${segment}`
    throw new RangeError(`${where}: expected a weight above 0, came none, with those of the pack`)
  }
  return Object.fromEntries(paymentModes.map((mode) => [mode, weights[mode] / total])) as Record<PaymentMode, number>
}
