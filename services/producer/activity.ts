import { AliasTable } from '../market/alias.ts'
import { type CivilDay, civilDayOf, weekendCategory } from '../market/calendar.ts'
import { cities } from '../market/cities.ts'
import { type Festivity, festivityOf } from '../market/festivals.ts'
import { mix } from '../market/identifiers.ts'
import { purchaseCategories, sells } from '../market/merchant-choice.ts'
import { paymentsOf, segments } from '../market/segments.ts'
import { categoryTilts } from './buying-hours.ts'

/** Hours for which the same mix of categories holds. */
const DAYPART_HOURS = 3
const DAYPARTS = 24 / DAYPART_HOURS
/** Every category that has merchants is bought now and then by everyone. */
const RARE = 0.002
/**
 * Grocers take .251 of the nation's UPI payments to merchants (NPCI, October 2025): fitted to it. Tickets for a
 * customer's own journeys are errands, and no part of the mix any more: what is left of travel is hotels and others' ways.
 */
const nation: Readonly<Record<string, number>> = { GROCERIES: 1.55, TRAVEL: 0.4 }

/** How much more (or less) of a category is bought in a daypart than over the day, beside what the hour itself does. */
const daypartFactors = categoryTilts.map((tilt) =>
  Array.from({ length: DAYPARTS }, (_, part) => {
    const hours = tilt.subarray(part * DAYPART_HOURS, (part + 1) * DAYPART_HOURS)
    return Math.min(4, hours.reduce((sum, factor) => sum + factor, 0) / DAYPART_HOURS)
  }),
)

/** The nation's weekend is in the days' own multipliers: segments only differ from each other. */
const usualWeekend =
  segments.reduce((sum, segment) => sum + paymentsOf(segment) * segment.weekend_multiplier, 0) /
  segments.reduce((sum, segment) => sum + paymentsOf(segment), 0)

/** Days remembered: partitions run side by side, and look at most a few days ahead. One that was let go is made again. */
const DAYS_KEPT = 4
const days = new Map<number, DayActivity>()

/** What a day is like; made once for all partitions of a process. */
export function activityOf(day: number): DayActivity {
  let activity = days.get(day)
  if (activity === undefined) {
    activity = new DayActivity(day)
    days.set(day, activity)
    if (days.size > DAYS_KEPT) days.delete(days.keys().next().value!)
  }
  return activity
}

/** What a simulated day is like everywhere: its multipliers and its mixes of categories. */
export class DayActivity {
  readonly civil: CivilDay
  readonly #festivities: readonly Festivity[]
  readonly #mixes: (AliasTable | undefined)[] = []

  constructor(day: number) {
    this.civil = civilDayOf(day)
    this.#festivities = cities.map((_, city) => festivityOf(day, city))
  }

  /** Multiplier of the number of payments. */
  count(segment: number, city: number): number {
    const weekend = this.civil.weekend ? segments[segment]!.weekend_multiplier / usualWeekend : 1
    return this.civil.count * weekend * this.#festivities[city]!.count
  }

  /** Multiplier of amounts. */
  value(city: number): number {
    return this.civil.value * this.#festivities[city]!.value
  }

  /** Whether people give each other money today. */
  gifts(city: number): boolean {
    return this.#festivities[city]!.categories.has('P2P')
  }

  /** Draws a number in `purchaseCategories` for what a segment buys in a city, `ms` after the day began. */
  categories(segment: number, city: number, ms: number): AliasTable {
    const part = Math.floor(ms / (DAYPART_HOURS * 3_600_000))
    const slot = (city * segments.length + segment) * DAYPARTS + part
    let table = this.#mixes[slot]
    if (table === undefined) {
      table = this.#mix(segment, city, part)
      this.#mixes[slot] = table
    }
    return table
  }

  #mix(segment: number, city: number, part: number): AliasTable {
    const { category_weight: weights } = segments[segment]!
    const lifted = this.#festivities[city]!.categories
    return new AliasTable(
      purchaseCategories.map((category, index) => {
        if (!sells(index, city, true) && !sells(index, city, false)) return 0
        const weekend = this.civil.weekend ? (weekendCategory[category] ?? 1) : 1
        const festival = lifted.get(category) ?? 1
        return (
          ((weights[category] ?? 0) * (nation[category] ?? 1) + RARE) *
          weekend *
          festival *
          daypartFactors[index]![part]!
        )
      }),
    )
  }
}

/** Quantiles of a lognormal of mean 1 in 64 steps, for spells of activity drawn by a hash. */
const spells = (sigma: number): Float64Array => {
  const table = Float64Array.from({ length: 64 }, (_, i) => Math.exp(sigma * probit((i + 0.5) / 64)))
  const mean = table.reduce((sum, x) => sum + x, 0) / table.length
  return table.map((x) => x / mean)
}

/** Quantile of the standard normal (Tukey's lambda approximation, error below 0.01 within three deviations). */
const probit = (p: number): number => (p ** 0.135 - (1 - p) ** 0.135) / 0.1975

const SPELL_DAYS = 5
const spellTable = spells(0.5)
const dayTable = spells(0.4)

/** A customer's own busy and quiet spells: some days long, and from day to day. Mean 1 over customers and days. */
export function ownActivity(tag: number, day: number): number {
  const spell = mix(tag, Math.floor((day + (tag % SPELL_DAYS)) / SPELL_DAYS) ^ 0x5e11)
  return spellTable[spell >>> 26]! * dayTable[mix(tag, day ^ 0xda17) >>> 26]!
}
