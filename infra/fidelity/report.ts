import { World } from '#services/producer/world.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { DAY_MS, dayStartMs } from '#services/time.ts'
import { amountMeasures } from './amounts.ts'
import data from './bands.json' with { type: 'json' }
import { Observations } from './observations.ts'
import { peopleMeasures } from './people.ts'
import { timeMeasures } from './times.ts'

/** What is known of the world, what ours has, and whether it is within. */
export interface BandResult {
  readonly name: string
  readonly what: string
  readonly target: { readonly min: number | null; readonly max: number | null }
  readonly basis: string
  readonly source: string
  readonly value: number
  readonly pass: boolean
}

/** 20,000 customers from the middle of September to the middle of November 2025: Navratri, Diwali, and days without. */
const fidelityRun = { customers: 20_000, days: 60, live: '2025-11-14' } as const

const measures: Readonly<Record<string, (seen: Observations) => number>> = {
  ...amountMeasures,
  ...timeMeasures,
  ...peopleMeasures,
}

/** The report's own days and number of customers, with the seed and the population of a scenario. */
export const fidelitySettings = (
  { seed, population }: Pick<Settings, 'seed' | 'population'>,
  customers: number = fidelityRun.customers,
  days: number = fidelityRun.days,
): Settings =>
  settingsSchema.parse({
    seed,
    partitions: 1,
    population: { ...population, customers },
    clock: { start: fidelityRun.live, history: `${days}d` },
  })

/** Lets genuine customers live, without fraud; tells `onDay` how many of how many days are over. */
export function observe(settings: Settings, onDay: (day: number, days: number) => void = () => {}): Observations {
  const seen = new Observations()
  const world = new World(settings, 0)
  for (const customer of world.customers()) seen.person(customer)
  const days = Math.round(settings.clock.history / DAY_MS)
  const first = world.day
  const endMs = dayStartMs(first + days)
  let day = first
  while (world.peekMs() < endMs) {
    if (world.day !== day) {
      day = world.day
      onDay(day - first, days)
    }
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') seen.payment(value as Parameters<Observations['payment']>[0])
    }, null)
  }
  return seen
}

/** Each band with what was observed, in the order of `bands.json`. */
export function judge(seen: Observations): BandResult[] {
  return data.bands.map(({ name, what, min, max, basis, source }) => {
    const value = measures[name]!(seen)
    const pass = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY)
    return { name, what, target: { min, max }, basis, source, value, pass }
  })
}
