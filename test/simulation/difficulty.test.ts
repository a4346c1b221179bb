import { expect, test } from 'vitest'
import { modelScores, trainModel } from '#infra/scorecard/detectors.ts'
import {
  type DifficultyResult,
  difficulties,
  difficultyText,
  falls,
  meanBySetting,
} from '#infra/scorecard/difficulty.ts'
import { type DetectorResult, evaluate } from '#infra/scorecard/evaluate.ts'
import { type Plan, runScored, scorecardSettings } from '#infra/scorecard/run.ts'
import { settingsSchema } from '#services/settings.ts'

/** Some customers and much fraud: enough for both ends of the dial; `rupeestream difficulty` measures all of it. */
const plan: Plan = { customers: 1_600, warmUpDays: 4, trainDays: 10, delayDays: 4, testDays: 6 }

function modelAt(seed: string, difficulty: number): DetectorResult {
  const settings = settingsSchema.parse({ seed, fraud: { rate: 0.04, difficulty } })
  const run = runScored(scorecardSettings(settings, plan), plan, () => {})
  return evaluate(run, modelScores(run, trainModel(run)))
}

test('the same model finds far less where the dial is at its end than where it is at its beginning', () => {
  const seeds = ['one', 'two']
  const [easy, hard] = [0, 1].map((difficulty) => seeds.map((seed) => modelAt(seed, difficulty)))
  for (const figure of ['averagePrecision', 'recallAt1PctFpr'] as const) {
    const mean = (results: readonly DetectorResult[]): number =>
      results.reduce((sum, result) => sum + result[figure], 0) / results.length
    expect(mean(hard!), figure).toBeLessThan(0.85 * mean(easy!))
  }
  // Four worlds: twice what other simulations take.
}, 600_000)

/** Two seeds whose average precisions differ by 0.2 and have these means. */
const made = (means: readonly number[]): DifficultyResult[] =>
  ['a', 'b'].flatMap((seed, s) =>
    difficulties.map((difficulty, i) => {
      const figure = means[i]! + (s === 0 ? 0.1 : -0.1)
      const model = { auc: 0.9, averagePrecision: figure, recallAt1PctFpr: 0.5, cardPrecisionAt100: 0.3 }
      return { seed, difficulty, model: model as DetectorResult }
    }),
  )

test('means are by setting, and have to fall with every step', () => {
  const falling = [0.5, 0.45, 0.4, 0.3, 0.25]
  const means = meanBySetting(made(falling), 'averagePrecision')
  for (const [i, mean] of means.entries()) expect(mean).toBeCloseTo(falling[i]!, 12)
  expect(falls(made(falling))).toBe(true)
  expect(falls(made([0.5, 0.45, 0.4, 0.3, 0.31]))).toBe(false)
  expect(falls(made([0.5, 0.5, 0.4, 0.3, 0.2]))).toBe(false)
})

test('a line a setting, with the mean and each seed', () => {
  const text = difficultyText(made([0.5, 0.45, 0.4, 0.3, 0.25]), ['a', 'b'])
  expect(text).toMatch(/^0\.25 +0\.900 +0\.450 +0\.500 +0\.300 +0\.550 +0\.350$/m)
  expect(text).toContain('Mean average precision falls with every step.')
  expect(difficultyText(made([0.1, 0.2, 0.3, 0.4, 0.5]), ['a', 'b'])).toContain('does NOT fall')
})
