import type { Settings } from '#services/settings.ts'
import type { Comparison } from './documents.ts'
import type { BandResult } from './report.ts'

export const figure = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-IN') : value.toFixed(value >= 10 ? 1 : 3)

/** "0.800 to 0.900", "at least 1.200", "exactly 1". */
export function bandText({ min, max }: BandResult['target']): string {
  if (min !== null && min === max) return `exactly ${min}`
  if (max === null) return `at least ${figure(min!)}`
  return min === null || min === 0 ? `at most ${figure(max)}` : `${figure(min)} to ${figure(max)}`
}

/** For people: a line a band, what is missed marked, and the count. */
export function bandTable(settings: Settings, payments: number, results: readonly BandResult[]): string {
  const widest = Math.max(...results.map(({ what }) => what.length))
  const lines = results.map((result) => {
    const { what, value, pass, source, basis } = result
    const ours = figure(value).padStart(9)
    return `${pass ? 'held  ' : 'MISSED'}  ${what.padEnd(widest)}  ${ours}  ${bandText(result.target).padEnd(18)}  ${basis}  ${source}`
  })
  const held = results.filter(({ pass }) => pass).length
  const run = `${settings.population.customers.toLocaleString('en-IN')} customers, ${payments.toLocaleString('en-IN')} payments, seed ${settings.seed}`
  const legend = 'S sourced, D derived from sourced figures, M from memory and approximate, C modelling choice'
  return `${run}\n\n${lines.join('\n')}\n\n${held} of ${results.length} held.  ${legend}\n`
}

/** For people: what the requirements' own data were like, and ours. */
export function documentTable(documents: readonly Comparison[]): string {
  const widest = Math.max(...documents.map(({ what }) => what.length))
  const lines = documents.map(
    ({ what, theirs, value }) => `${what.padEnd(widest)}  ${figure(value).padStart(9)}  ${figure(theirs).padStart(9)}`,
  )
  return `\n${"The requirements' own data, for comparison".padEnd(widest)}       ours     theirs\n\n${lines.join('\n')}\n`
}

/** For machines. */
export const resultJson = (
  { seed, population, clock }: Settings,
  results: readonly BandResult[],
  documents: readonly Comparison[],
): string =>
  `${JSON.stringify(
    { seed, customers: population.customers, days: clock.history / 86_400_000, bands: results, documents },
    // JSON knows no NaN: nothing was there to be measured.
    (_, value: unknown) => (Number.isNaN(value) ? null : value),
    2,
  )}\n`
