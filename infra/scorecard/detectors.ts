import { Random, streamKey } from '#services/random.ts'
import { bindTrees, rawScore, type Trees } from '#services/scorer/model/trees.ts'
import { defaultBoosting, trainTrees } from '../learning/boosting.ts'
import { logisticScore, trainLogistic } from '../learning/logistic.ts'
import { featureNames } from './payments.ts'
import type { ScoredRun } from './run.ts'

/** A score for each payment of the test, in its order: the higher, the more suspicious. */
export type Scores = Float64Array

export const detectorNames = ['random', 'rules', 'logistic', 'model'] as const
export type DetectorName = (typeof detectorNames)[number]

/** Learns from what had been reported by the cut; frauds that nobody had reported count as genuine, as in a bank. */
export function trainModel({ settings, payments, train, cutMs }: ScoredRun): Trees {
  const dataset = payments.dataset(train, payments.reportedBy(cutMs, train))
  return trainTrees(dataset, defaultBoosting, settings.seed)
}

/** What each detector says of the payments of the test. */
export function detect(run: ScoredRun, trees: Trees): Record<DetectorName, Scores> {
  const { settings, payments, train, cutMs, test } = run
  const chance = new Random().at(streamKey(settings.seed, 'random detector'), 0, 0)
  const logistic = trainLogistic(payments.dataset(train, payments.reportedBy(cutMs, train)))
  return {
    random: Float64Array.from(test, () => chance.unit()),
    rules: Float64Array.from(test, (row) => payments.alerts[row]!),
    logistic: Float64Array.from(test, (row) => logisticScore(logistic, payments.row(row))),
    model: modelScores(run, trees),
  }
}

/** Raw scores of any trees whose features the scorer computes. Throws RangeError for others. */
export function modelScores({ payments, test }: ScoredRun, trees: Trees): Scores {
  const bound = bindTrees(trees, featureNames)
  return Float64Array.from(test, (row) => rawScore(bound, payments.row(row)))
}

/** Trees that see nothing but the amount, taught by the truth: the most that amounts alone can say. */
export function amountScores({ settings, payments, train, test }: ScoredRun): Scores {
  const amounts = (rows: Uint32Array): Float32Array => Float32Array.from(rows, (row) => payments.amountsMinor[row]!)
  const dataset = { names: ['amount_minor'], values: amounts(train), labels: payments.frauds(train) }
  const trees = trainTrees(dataset, { ...defaultBoosting, featureShare: 1 }, settings.seed)
  const row = new Float32Array(1)
  return Float64Array.from(amounts(test), (amount) => {
    row[0] = amount
    return rawScore(trees, row)
  })
}
