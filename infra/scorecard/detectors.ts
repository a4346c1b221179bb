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

/**
 * Trees that see nothing but the amount and the rail, taught by the truth: the most that amounts can say to somebody
 * who holds payments of a rail against each other.
 */
export function amountScores({ settings, payments, train, test }: ScoredRun): Scores {
  const rails = [...new Set(payments.rails)].sort()
  const fill = (row: number, into: Float32Array): void => {
    into[0] = payments.amountsMinor[row]!
    into[1] = rails.indexOf(payments.rails[row]!)
  }
  const values = new Float32Array(2 * train.length)
  for (const [i, row] of train.entries()) fill(row, values.subarray(2 * i, 2 * i + 2))
  const dataset = { names: ['amount_minor', 'payment_rail'], values, labels: payments.frauds(train) }
  const trees = trainTrees(dataset, { ...defaultBoosting, featureShare: 1 }, settings.seed)
  const seen = new Float32Array(2)
  return Float64Array.from(test, (row) => {
    fill(row, seen)
    return rawScore(trees, seen)
  })
}
