import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { bandText } from '../fidelity/print.ts'
import { mean as meanOf } from '../fidelity/statistics.ts'
import { SettingsError } from '../service/settings-error.ts'
import { figuresJson, verdict } from './print.ts'

/** What is read of a scorecard's JSON. */
const cardSchema = z.object({
  seed: z.string(),
  simulatedFraudRate: z.number(),
  plan: z.record(z.string(), z.number()),
  bands: z.array(
    z.object({
      name: z.string(),
      what: z.string(),
      target: z.object({ min: z.number(), max: z.number() }),
      /** null where there was nothing to measure. */
      value: z.number().nullable(),
    }),
  ),
})

export type SeedCard = z.infer<typeof cardSchema>

/** A band's figure on each seed and in their mean, NaN where it was not measured; `pass` is of the mean. */
export interface MeanBand {
  readonly name: string
  readonly what: string
  readonly target: { readonly min: number; readonly max: number }
  readonly values: readonly number[]
  readonly mean: number
  /** Of the mean; NaN of fewer than two. */
  readonly standardError: number
  readonly pass: boolean | null
}

/**
 * Scorecards as `scorecard --json` wrote them, of different seeds and otherwise alike. Throws SettingsError with all that
 * is wrong with them.
 */
export function readCards(files: readonly string[]): SeedCard[] {
  const mistakes: string[] = []
  const cards = files.flatMap((file) => {
    try {
      return [cardSchema.parse(JSON.parse(readFileSync(file, 'utf8')))]
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : (error as Error).message
      mistakes.push(`${file}: expected what \`scorecard --json\` writes: ${why}`)
      return []
    }
  })
  for (const [i, card] of cards.entries()) {
    const [first] = cards
    if (cards.findIndex(({ seed }) => seed === card.seed) < i) mistakes.push(`seed ${card.seed} is there twice`)
    if (!isDeepStrictEqual(alike(card), alike(first!))) {
      mistakes.push(`seed ${card.seed} has other customers, days, share of fraud or bands than seed ${first!.seed}`)
    }
  }
  if (mistakes.length > 0) throw new SettingsError('the scorecards', mistakes)
  return cards
}

const alike = ({ plan, simulatedFraudRate, bands }: SeedCard): unknown => [
  plan,
  simulatedFraudRate,
  bands.map(({ name, target }) => [name, target]),
]

/** Each band, in the order of the cards, with the mean over those that measured it. */
export function meanBands(cards: readonly SeedCard[]): MeanBand[] {
  return cards[0]!.bands.map(({ name, what, target }, i) => {
    const values = cards.map(({ bands }) => bands[i]!.value ?? Number.NaN)
    const measured = values.filter((value) => !Number.isNaN(value))
    const n = measured.length
    const mean = meanOf(measured)
    const squares = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const pass = n === 0 ? null : mean >= target.min && mean <= target.max
    return { name, what, target, values, mean, standardError: Math.sqrt(squares / (n - 1) / n), pass }
  })
}

/** For people: a line a band, those outside in the mean marked, and how many held. */
export function seedsText(cards: readonly SeedCard[], bands: readonly MeanBand[]): string {
  const widest = Math.max(...bands.map(({ what }) => what.length))
  const figure = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3)).padStart(8)
  const head = [...cards.map(({ seed }) => seed), 'mean', '±'].map((text) => text.padStart(8)).join('')
  const lines = bands.map((band) => {
    const { what, target, values, mean, standardError } = band
    const figures = [...values, mean, standardError].map(figure).join('')
    return `${verdict(band)}  ${what.padEnd(widest)}${figures}  ${bandText(target)}`
  })
  const measured = bands.filter(({ pass }) => pass !== null)
  const inside = measured.filter(({ pass }) => pass).length
  return [
    `${''.padEnd(9 + widest)}${head}  band`,
    ...lines,
    '',
    `${inside} of ${measured.length} measured bands hold in the mean of ${cards.length} seeds; ± is its standard error.`,
    '',
  ].join('\n')
}

/** For machines. */
export const seedsJson = (cards: readonly SeedCard[], bands: readonly MeanBand[]): string =>
  figuresJson({ seeds: cards.map(({ seed }) => seed), bands })
