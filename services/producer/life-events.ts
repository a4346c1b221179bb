import type { Category, Occupation } from '#schemas/types.ts'
import { purchaseCategories } from '../market/merchant-choice.ts'
import type { DistributionSettings } from '../population-settings.ts'
import data from './life-events.json' with { type: 'json' }

type LifeEventId = keyof NonNullable<DistributionSettings['lifeEventsPerYear']>

type Multipliers = Readonly<Partial<Record<Category, number>>>

/** What holds for a time, or stays; a multiplier that is absent is 1. */
interface Effect {
  readonly activity?: number
  readonly amounts?: number
  readonly categories?: Multipliers
}

/** A kind of event that changes a life; life-events.json says what its parts mean. */
export interface LifeEvent {
  readonly id: LifeEventId
  readonly ratePerYear: number
  /** It happens to a customer at the most once. */
  readonly once?: boolean
  readonly ages: readonly number[]
  /** Whom it happens to; absent: anybody. */
  readonly occupations?: readonly Occupation[]
  /** Factor on income from the day on, drawn between the two. */
  readonly income?: readonly number[]
  readonly becomes?: Occupation
  readonly spell?: Effect & { readonly daysBefore: number; readonly days: number; readonly income?: number }
  readonly after?: Effect
  readonly gifts?: { readonly daysBefore: number; readonly days: number }
  readonly lump?: {
    readonly category: Category
    readonly subcategory: string
    readonly medianRupees: number
    readonly sigma: number
  }
}

export const lifeEvents = data.events as readonly LifeEvent[]

export const RELOCATION = lifeEvents.findIndex(({ id }) => id === 'RELOCATION')

/** By category number: chance that a purchase drawn from the usual mix stands, when the mix is bent by multipliers. */
export type Bend = Float64Array

const bendOf = (multipliers: Multipliers | undefined): Bend | null => {
  if (multipliers === undefined) return null
  const factors = purchaseCategories.map((category) => multipliers[category] ?? 1)
  const most = Math.max(...factors)
  return Float64Array.from(factors, (factor) => factor / most)
}

/** In the order of `lifeEvents`; null where the mix stays. */
export const spellBends = lifeEvents.map(({ spell }) => bendOf(spell?.categories))
export const afterBends = lifeEvents.map(({ after }) => bendOf(after?.categories))
