import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import data from '#infra/scorecard/bands.json' with { type: 'json' }
import { amountScores, modelScores, trainModel } from '#infra/scorecard/detectors.ts'
import { evaluate } from '#infra/scorecard/evaluate.ts'
import { loadModel } from '#infra/scorecard/load-model.ts'
import { scorecardPage } from '#infra/scorecard/page.ts'
import { featureNames } from '#infra/scorecard/payments.ts'
import { scorecardJson, scorecardText } from '#infra/scorecard/print.ts'
import { scorecardOf } from '#infra/scorecard/report.ts'
import { type Plan, runScored, type ScoredRun, scorecardSettings } from '#infra/scorecard/run.ts'
import { bestFeatures } from '#infra/scorecard/tells.ts'
import { trainedModel } from '#infra/scorecard/train.ts'
import { readModel, writeModel } from '#services/scorer/model/model-file.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'

/** Some hundred customers and much fraud: quick, and enough of each. */
const plan: Plan = { customers: 700, warmUpDays: 4, trainDays: 8, delayDays: 3, testDays: 5 }

const runOf = (seed: string): ScoredRun =>
  runScored(scorecardSettings(settingsSchema.parse({ seed, fraud: { rate: 0.04 } }), plan), plan, () => {})

const run = runOf('scorecard')
const trees = trainModel(run)
const card = scorecardOf(run, trees)
const { payments, train, test: tested, cutMs, fromMs, toMs } = run
const truths = Float64Array.from(tested, (row) => (payments.types[row] === 'NONE' ? 0 : 1))

/** The same run with a feature in place of the first one. */
function withFeature(values: (row: number) => number, check: () => void): void {
  const kept = Float32Array.from({ length: payments.count }, (_, row) => payments.row(row)[0]!)
  for (let row = 0; row < payments.count; row++) payments.row(row)[0] = values(row)
  check()
  for (let row = 0; row < payments.count; row++) payments.row(row)[0] = kept[row]!
}

describe('the split', () => {
  test('is by time: training, then the wait for reports, then the test', () => {
    const times = (rows: Uint32Array) => Array.from(rows, (row) => payments.timesMs[row]!)
    expect(train.length).toBeGreaterThan(5_000)
    expect(Math.min(...times(train))).toBeGreaterThanOrEqual(fromMs + 4 * DAY_MS)
    expect(Math.max(...times(train))).toBeLessThan(cutMs - 3 * DAY_MS)
    expect(Math.min(...times(tested))).toBeGreaterThanOrEqual(cutMs)
    expect(Math.max(...times(tested))).toBeLessThan(toMs)
    expect(toMs - fromMs).toBe(20 * DAY_MS)
  })

  test('teaches only what was reported by the cut: some frauds, not all', () => {
    const { trainedFrauds, trainedReported } = card.counts
    expect(trainedReported).toBeGreaterThan(0.3 * trainedFrauds)
    expect(trainedReported).toBeLessThan(0.9 * trainedFrauds)
  })

  test('what is true changes nothing that is learnt', () => {
    const kept = [...payments.types]
    payments.types.fill('NONE')
    const again = trainModel(run)
    for (const [row, type] of kept.entries()) payments.types[row] = type
    expect(again).toEqual(trees)
  })

  test('every payment is judged or counted as not judged', () => {
    expect(card.counts.tested + card.counts.unjudged).toBe(
      payments.timesMs.filter((timeMs) => timeMs >= cutMs && timeMs < toMs).length,
    )
    expect(card.counts.unjudged).toBeGreaterThan(0)
  })
})

describe('detectors', () => {
  const { random, rules, logistic, model } = card.detectors

  test('chance knows nothing', () => {
    expect(Math.abs(random.auc - 0.5)).toBeLessThan(0.06)
    expect(random.averagePrecision).toBeLessThan(0.02)
  })

  test('what learns beats the rules, which beat chance', () => {
    expect(rules.auc).toBeGreaterThan(random.auc)
    expect(logistic.auc).toBeGreaterThan(rules.auc)
    expect(model.auc).toBeGreaterThan(rules.auc)
    expect(model.averagePrecision).toBeGreaterThan(3 * random.averagePrecision)
  })

  test('who knows the truth makes no mistake, who has it backwards only mistakes', () => {
    const perfect = evaluate(run, truths)
    expect(perfect).toMatchObject({ auc: 1, averagePrecision: 1, recallAt1PctFpr: 1 })
    expect(new Set(Object.values(perfect.byType))).toEqual(new Set([1]))
    expect(perfect.cardPrecisionAt100).toBeCloseTo(Math.min(1, card.counts.fraudCustomersADay / 100), 9)
    expect(
      evaluate(
        run,
        truths.map((label) => 1 - label),
      ),
    ).toMatchObject({ auc: 0, recallAt1PctFpr: 0 })
  })

  test('scores of other payments are worth nothing', () => {
    const scores = modelScores(run, trees)
    const aucs = [1, 2, 3, 4, 5].map((sixths) => {
      const rows = Math.floor((sixths * scores.length) / 6)
      return evaluate(
        run,
        scores.map((_, i) => scores[(i + rows) % scores.length]!),
      ).auc
    })
    const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08)
    expect(mean).toBeLessThan(model.auc - 0.15)
  })

  test('the rarer fraud is, the lower average precision', () => {
    const { averagePrecisionAt, averagePrecision } = model
    expect(averagePrecisionAt.simulated).toBeGreaterThan(averagePrecisionAt['0.005']!)
    expect(averagePrecisionAt['0.005']).toBe(averagePrecision)
    expect(averagePrecisionAt['0.005']).toBeGreaterThan(averagePrecisionAt['0.0001']!)
  })
})

describe('what would give frauds away is seen:', () => {
  test('a feature that is the label', () => {
    const isFraud = (row: number): number => (payments.types[row] === 'NONE' ? 0 : 1)
    withFeature(isFraud, () => {
      expect(bestFeatures(run).pooled).toEqual({ feature: featureNames[0], auc: 1 })
      const { bands } = scorecardOf(run, trainModel(run))
      expect(bands.find(({ name }) => name === 'single_feature_auc')).toMatchObject({ value: 1, pass: false })
      expect(bands.find(({ name }) => name === 'model_auc')!.pass).toBe(false)
    })
  })

  test('a feature that is the label of one type', () => {
    withFeature(
      (row) => (payments.types[row] === 'CARD_TESTING' ? -1 : 0),
      () => expect(bestFeatures(run).byType.CARD_TESTING).toEqual({ feature: featureNames[0], auc: 1 }),
    )
  })

  test('amounts of their own, although neither high nor low', () => {
    const kept = [...payments.amountsMinor]
    for (const [row, type] of payments.types.entries()) if (type !== 'NONE') payments.amountsMinor[row] = 20_037
    const auc = evaluate(run, amountScores(run)).auc
    for (const [row, amount] of kept.entries()) payments.amountsMinor[row] = amount
    expect(auc).toBeGreaterThan(0.98)
    expect(card.amountAuc).toBeLessThan(auc)
  })
})

test('the same seed gives the same card, another seed another', () => {
  const again = runOf('scorecard')
  expect(scorecardJson(again, plan, scorecardOf(again, trainModel(again)))).toBe(scorecardJson(run, plan, card))
  const other = runOf('other')
  expect(scorecardOf(other, trainModel(other)).detectors).not.toEqual(card.detectors)
})

test('dropping records on the way changes nothing of what comes', () => {
  const settings = scorecardSettings(settingsSchema.parse({ seed: 'forget', fraud: { rate: 0.05 } }), {
    ...plan,
    customers: 100,
  })
  const scores = (forget: boolean): Buffer[] => {
    const pipeline = new MemoryPipeline(settings)
    const seen: Buffer[] = []
    for (let day = 1; day <= 4; day++) {
      pipeline.generate(pipeline.sources[0]!.historyFromMs + day * DAY_MS)
      pipeline.settle()
      if (!forget && day < 4) continue
      for (const partition of [0, 1]) seen.push(...pipeline.log.log('scores', partition).map(({ value }) => value))
      if (!forget) continue
      pipeline.forget()
      for (const { tasks } of pipeline.stages) for (const task of tasks) task.restart()
    }
    return seen.sort(Buffer.compare)
  }
  expect(scores(true)).toEqual(scores(false))
  expect(scores(true).length).toBeGreaterThan(500)
})

describe('a trained model', () => {
  const model = trainedModel(run)

  test('has a card that says what it is', () => {
    const { data: trainedOn, cut, metrics } = model.card
    expect(trainedOn).toMatchObject({
      seed: 'scorecard',
      customers: plan.customers,
      fraudRate: 0.04,
      rows: train.length,
    })
    expect(cut).toBe(new Date(cutMs).toISOString())
    expect(metrics.auc).toBe(card.detectors.model.auc)
  })

  test('scores from its file as it did before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'model-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'model.json')
    writeFileSync(file, writeModel(model))
    expect(modelScores(run, loadModel(file))).toEqual(modelScores(run, trees))
    const { card: written } = readModel(JSON.parse(writeModel(model)))
    const otherVersion = { card: { ...written, featureListVersion: 0 }, trees }
    writeFileSync(file, writeModel(otherVersion))
    expect(() => loadModel(file)).toThrow('model.json: the model was trained on version 0 of the feature list')
    writeFileSync(
      file,
      writeModel({ card: written, trees: { ...trees, names: trees.names.map((name) => `${name}_x`) } }),
    )
    expect(() => loadModel(file)).toThrow('which is none of the')
  })
})

describe('output', () => {
  test('each band once, with the types that do not occur not measured', () => {
    expect(card.bands.map(({ name }) => name)).toEqual(data.bands.map(({ name }) => name))
    for (const { name, pass, value } of card.bands) expect(pass === null, name).toBe(Number.isNaN(value))
    expect(card.bands.filter(({ pass }) => pass !== null).length).toBeGreaterThan(15)
  })

  test('each measured figure lies in its interval, and a figure whose interval is wider than its band is marked', () => {
    for (const { name, value, interval } of card.bands) {
      if (interval === null) continue
      expect(interval.low, name).toBeLessThanOrEqual(value)
      expect(interval.high, name).toBeGreaterThanOrEqual(value)
      expect(interval.high, name).toBeGreaterThan(interval.low)
    }
    const text = scorecardText(run, plan, card)
    expect(text.match(/ ~ /g)).toHaveLength(card.bands.filter(({ isWide }) => isWide).length)
    expect(text).toMatch(/model, AUC +0\.\d{3} {2}\(0\.\d{3} to 0\.\d{3}\)/)
  })

  test('JSON for machines', () => {
    const json = JSON.parse(scorecardJson(run, plan, card))
    expect(json).toMatchObject({ seed: 'scorecard', prevalence: 0.005, simulatedFraudRate: 0.04, plan })
    expect(Object.keys(json.detectors)).toEqual(['random', 'rules', 'logistic', 'model'])
    for (const detector of Object.values<Record<string, unknown>>(json.detectors)) {
      for (const key of ['auc', 'averagePrecision', 'recallAt1PctFpr', 'cardPrecisionAt100']) {
        expect(detector[key]).toBeTypeOf('number')
      }
      expect(Object.keys(detector.byType as object)).toEqual(Object.keys(card.counts.byType).sort())
    }
  })

  test('a page with curves, which loads nothing', () => {
    const page = scorecardPage(run, plan, card)
    expect(page.match(/<svg /g)).toHaveLength(5)
    // Three plots of four detectors, and the diagonal that calibration is held against.
    expect(page.match(/<polyline /g)).toHaveLength(13)
    for (const type of Object.keys(card.detectors.model.byType)) {
      expect(page).toContain(`>${type.toLowerCase().replaceAll('_', ' ')}</text>`)
    }
    const measured = card.bands.filter(({ pass }) => pass !== null)
    expect(page).toContain(`${measured.filter(({ pass }) => pass).length} of ${measured.length} bands held`)
    expect(page.match(/<tr class="(held|missed|)">/g)).toHaveLength(data.bands.length)
    expect(page).not.toMatch(/(src|href)=|NaN|undefined/)
  })

  test('a curve rises from nothing to everything, in about a hundred points', () => {
    for (const { curve } of Object.values(card.detectors)) {
      expect(curve[0]).toEqual({ fpr: 0, tpr: 0 })
      expect(curve.at(-1)).toEqual({ fpr: 1, tpr: 1 })
      expect(curve.length).toBeLessThan(110)
      for (const [i, { fpr, tpr }] of curve.entries()) {
        expect(fpr).toBeGreaterThanOrEqual(curve[i - 1]?.fpr ?? 0)
        expect(tpr).toBeGreaterThanOrEqual(curve[i - 1]?.tpr ?? 0)
      }
    }
  })

  test('text for people: a line a detector, a type, a severity and a band', () => {
    const text = scorecardText(run, plan, card)
    for (const name of ['random', 'rules', 'logistic', 'model'])
      expect(text).toMatch(new RegExp(`^${name} +\\d\\.`, 'm'))
    expect(text.match(/^(inside |OUTSIDE|- {6}) /gm)).toHaveLength(data.bands.length)
    expect(text).toMatch(/^severity high /m)
    expect(text).not.toMatch(/NaN|undefined/)
  })
})
