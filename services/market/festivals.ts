import type { Category } from '#schemas/types.ts'
import { DAY_MS } from '../time.ts'
import { type City, cities } from './cities.ts'
import { coversCity } from './coverage.ts'
import data from './data/festivals.json' with { type: 'json' }

/** Categories, and transfers between people. */
type Lifted = Category | 'P2P'

interface Festival {
  readonly name: string
  readonly type: string
  /** The first day proper, before which there is the rise to it. */
  readonly startDay: number
  readonly firstDay: number
  readonly peakDay: number
  readonly lastDay: number
  readonly count: number
  readonly value: number
  readonly categories: Readonly<Partial<Record<Lifted, number>>>
  /** How strongly each city keeps it, 0 to 1, in the order of `cities`. */
  readonly strength: readonly number[]
}

/** Where a festival is named as strong in some regions, the others keep it half as strongly. */
const ELSEWHERE = 0.5
/** What is left of a festival on its last day, of its peak. */
const LAST_DAY = 0.3

const civilDay = (date: string): number => Date.parse(date) / DAY_MS

/** Reads 'All', 'North;West', 'KL', 'All online', 'All;strong UP,WB'. */
function strengthIn(regions: string, city: City): number {
  const [everywhere, strong] = regions.split(/;?strong /)
  const words = (strong ?? everywhere ?? '').split(/[;,]/).map((word) => (word === 'metros' ? 'Metro' : word))
  if (words.some((word) => word.startsWith('All') || word === city.stateCode) || coversCity(words, city)) return 1
  return strong === undefined ? 0 : ELSEWHERE
}

const festivals: readonly Festival[] = data.festivals.map((row) => ({
  name: row.name,
  type: row.type,
  startDay: civilDay(row.start),
  firstDay: civilDay(row.start) - row.rampDays,
  peakDay: civilDay(row.peak),
  lastDay: civilDay(row.end),
  count: row.count,
  value: row.value,
  categories: row.categories,
  strength: cities.map((city) => strengthIn(row.regions, city)),
}))

/** People prepare late: the rise to a festival's peak is that of the time gone to this power. Modelling choice. */
const RAMP_EXPONENT = 1.5

/** 0 outside a festival, rising to 1 at its peak, falling off to its end. */
function intensity({ firstDay, peakDay, lastDay }: Festival, day: number): number {
  if (day < firstDay || day > lastDay) return 0
  if (day <= peakDay) return ((day - firstDay + 1) / (peakDay - firstDay + 1)) ** RAMP_EXPONENT
  return 1 - ((1 - LAST_DAY) * (day - peakDay)) / (lastDay - peakDay)
}

/** What festivals do to a civil day in a city: multipliers of the number and value of payments, and by category. */
export interface Festivity {
  readonly count: number
  readonly value: number
  readonly categories: ReadonlyMap<string, number>
}

export function festivityOf(day: number, city: number): Festivity {
  let count = 1
  let value = 1
  const categories = new Map<string, number>()
  for (const festival of festivals) {
    const share = intensity(festival, day) * festival.strength[city]!
    if (share === 0) continue
    // Overlapping sales and festivals draw on the same purses: the strongest counts.
    count = Math.max(count, 1 + (festival.count - 1) * share)
    value = Math.max(value, 1 + (festival.value - 1) * share)
    for (const [category, peak] of Object.entries(festival.categories)) {
      categories.set(category, Math.max(categories.get(category) ?? 1, 1 + (peak - 1) * share))
    }
  }
  return { count, value, categories }
}

/** The festivals and sales that are held somewhere in India on a civil day. */
export const festivalsOn = (day: number): readonly Pick<Festival, 'name' | 'type'>[] =>
  festivals.filter(({ startDay, lastDay }) => day >= startDay && day <= lastDay)
