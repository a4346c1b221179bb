import { featureListVersion } from '#services/scorer/features.ts'
import type { Model, ModelCard } from '#services/scorer/model/model-file.ts'
import { fraudRate } from '#services/settings.ts'
import { defaultBoosting } from '../learning/boosting.ts'
import { modelScores, type Scores, trainModel } from './detectors.ts'
import { divided, evaluate } from './evaluate.ts'
import { featureNames } from './payments.ts'
import type { ScoredRun } from './run.ts'

/** Shares of genuine payments that somebody might bear to have disturbed. */
const falseAlarms = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02]

const iso = (ms: number): string => new Date(ms).toISOString()

/** A model trained on the first part of a run, with a card that says how it does on the last. */
export function trainedModel(run: ScoredRun): Model {
  const trees = trainModel(run)
  const scores = modelScores(run, trees)
  const { auc, averagePrecision, recallAt1PctFpr, cardPrecisionAt100 } = evaluate(run, scores)
  const { settings, payments, train, cutMs } = run
  const sum = (labels: Uint8Array): number => labels.reduce((total, label) => total + label, 0)
  const data: ModelCard['data'] = {
    seed: settings.seed,
    customers: settings.population.customers,
    from: iso(run.fromMs),
    to: iso(run.toMs),
    fraudRate: fraudRate(settings.fraud),
    rows: train.length,
    reported: sum(payments.reportedBy(cutMs, train)),
    frauds: sum(payments.frauds(train)),
  }
  const metrics = { auc, averagePrecision, recallAt1PctFpr, cardPrecisionAt100 }
  const card = {
    data,
    cut: iso(cutMs),
    training: { ...defaultBoosting },
    metrics,
    baselines: baselinesOf(run),
    thresholds: thresholdsOf(run, scores),
    featureListVersion,
  }
  return { card, trees }
}

/** Of payments that nobody had reported by the cut: what a bank would call genuine. */
function baselinesOf({ payments, train, cutMs }: ScoredRun): ModelCard['baselines'] {
  const reported = payments.reportedBy(cutMs, train)
  const genuine = train.filter((_, i) => reported[i] === 0)
  const medianOf = (feature: number): number => {
    const values = Float32Array.from(genuine, (row) => payments.row(row)[feature]!).sort()
    return values[(values.length - 1) >> 1]!
  }
  return Object.fromEntries(featureNames.map((name, feature) => [name, Number(medianOf(feature).toPrecision(6))]))
}

/** Rounded up, so that no more are disturbed than is said. */
function thresholdsOf(run: ScoredRun, raw: Scores): ModelCard['thresholds'] {
  const { genuine } = divided(run, raw)
  return falseAlarms.map((share) => {
    const score = 1 / (1 + Math.exp(-genuine.scoreAt(share)))
    return { falseAlarms: share, score: Math.ceil(score * 10_000) / 10_000 }
  })
}
