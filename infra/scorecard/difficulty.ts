import type { Settings } from '#services/settings.ts'
import { modelScores, trainModel } from './detectors.ts'
import { type DetectorResult, evaluate } from './evaluate.ts'
import { type Plan, runScored, scorecardSettings, standardPlan } from './run.ts'

/** Settings of the dial that are compared. */
export const difficulties = [0, 0.25, 0.5, 0.75, 1] as const

/** A smaller world than the scorecard's: five settings and three seeds make fifteen of them. */
export const difficultyPlan: Plan = { ...standardPlan, customers: 8_000, trainDays: 14, testDays: 7 }

/** How the model does on a world of one seed at one setting of the dial, trained on that same world. */
export interface DifficultyResult {
  readonly seed: string
  readonly difficulty: number
  readonly model: DetectorResult
}

/** The fixed model at each setting of the dial for each seed, seed by seed. */
export function* measureDifficulty(
  settings: Settings,
  seeds: readonly string[],
  plan: Plan,
): Generator<DifficultyResult> {
  for (const seed of seeds) {
    for (const difficulty of difficulties) {
      const world = { ...settings, seed, fraud: { ...settings.fraud, difficulty } }
      const run = runScored(scorecardSettings(world, plan), plan, () => {})
      yield { seed, difficulty, model: evaluate(run, modelScores(run, trainModel(run))) }
    }
  }
}

/** What is shown of a result. */
export const difficultyFigures = ['auc', 'averagePrecision', 'recallAt1PctFpr', 'cardPrecisionAt100'] as const

/** The mean over seeds at each setting, in the order of the settings. */
export const meanBySetting = (
  results: readonly DifficultyResult[],
  figure: (typeof difficultyFigures)[number],
): number[] =>
  difficulties.map((setting) => {
    const own = results.filter(({ difficulty }) => difficulty === setting)
    return own.reduce((sum, { model }) => sum + model[figure], 0) / own.length
  })

/** Whether each setting's mean average precision is below that of the setting before. */
export function falls(results: readonly DifficultyResult[]): boolean {
  const means = meanBySetting(results, 'averagePrecision')
  return means.every((mean, i) => i === 0 || mean < means[i - 1]!)
}

/** For people: a line a setting, the mean over seeds, and each seed's average precision. */
export function difficultyText(results: readonly DifficultyResult[], seeds: readonly string[]): string {
  const column = (text: string): string => text.padStart(14)
  const head = ['AUC', 'AP 0.5 %', 'recall 1 %', 'cards@100', ...seeds.map((seed) => `AP ${seed}`)].map(column)
  const means = difficultyFigures.map((figure) => meanBySetting(results, figure))
  const lines = difficulties.map((setting, i) => {
    const own = seeds.map(
      (seed) => results.find((one) => one.seed === seed && one.difficulty === setting)!.model.averagePrecision,
    )
    const figures = [...means.map((mean) => mean[i]!), ...own]
    return `${String(setting).padEnd(10)}${figures.map((value) => column(value.toFixed(3))).join('')}`
  })
  const verdict = falls(results) ? 'falls with every step' : 'does NOT fall with every step'
  return `${'Difficulty'.padEnd(10)}${head.join('')}\n${lines.join('\n')}\n\nMean average precision ${verdict}.\n`
}
