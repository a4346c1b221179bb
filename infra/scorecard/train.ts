import { featureListVersion } from '#services/scorer/features.ts'
import type { Model, ModelCard } from '#services/scorer/model/model-file.ts'
import { fraudRate } from '#services/settings.ts'
import { defaultBoosting } from '../learning/boosting.ts'
import { modelScores, trainModel } from './detectors.ts'
import { evaluate } from './evaluate.ts'
import type { ScoredRun } from './run.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

/** A model trained on the first part of a run, with a card that says how it does on the last. */
export function trainedModel(run: ScoredRun): Model {
  const trees = trainModel(run)
  const { auc, averagePrecision, recallAt1PctFpr, cardPrecisionAt100 } = evaluate(run, modelScores(run, trees))
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
  return { card: { data, cut: iso(cutMs), training: { ...defaultBoosting }, metrics, featureListVersion }, trees }
}
