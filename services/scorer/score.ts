import type { Reason } from '#schemas/types.ts'
import { hash32 } from '#services/random.ts'
import { featureList, featureListVersion } from './features.ts'
import { ModelError } from './model/model-error.ts'
import { type Model, type ModelCard, readModel } from './model/model-file.ts'
import { quickScorer } from './model/quick-scorer.ts'
import { TreeShap } from './model/tree-shap.ts'
import { bindTrees, probabilityOf, type Trees } from './model/trees.ts'
import { operands } from './operands.ts'
import file from './score-model.json' with { type: 'json' }
import { reasonOf } from './words.ts'

/** What speaks for fraud most: more of them would not be read. */
const REASONS_MAX = 3

/** Why a score is what it is. */
export interface Explanation {
  /** By operand: the share, 0 to 1, of all that speaks for fraud; 0 for what does not. */
  readonly shares: Float64Array
  /** The largest shares, in words. */
  readonly reasons: readonly Reason[]
}

export const unexplained: Explanation = { shares: new Float64Array(operands.length), reasons: [] }

/** Gives payments a score and explains it. */
export interface Scoring {
  /** As in `model_version` of a score. */
  readonly version: string
  /** 0 to 1, of the operands of a payment. */
  readonly score: (values: Float64Array) => number
  /** Some twenty times as dear as the score, and more for the first rows. */
  readonly explain: (values: Float64Array) => Explanation
}

/** No model: every payment scores 0. For runs of which the features and the rules alone are wanted. */
export const withoutModel: Scoring = { version: 'none', score: () => 0, explain: () => unexplained }

/** The trees of a model for rows in the order of the features. Throws ModelError for one of another list of features. */
export function treesForFeatures({ card, trees }: Model): Trees {
  if (card.featureListVersion !== featureListVersion) {
    throw new ModelError(
      `the model was trained on version ${card.featureListVersion} of the feature list, this is version ${featureListVersion}: train it again`,
    )
  }
  return bindTrees(
    trees,
    featureList.map(({ name }) => name),
  )
}

export const scoringOf = (model: Model): Scoring => scoringBy(treesForFeatures(model), model.card.baselines)

/**
 * By trees for rows in the order of the features; `ordinary` is what alerts call so, by feature. Rows are of
 * single precision, as on `features`, so that a score can be had again from that topic.
 */
export function scoringBy(trees: Trees, ordinary: ModelCard['baselines']): Scoring {
  const raw = quickScorer(trees)
  const shap = new TreeShap(trees)
  const baselines = featureList.map(({ name }) => baselineOf(ordinary, name))
  const row = new Float32Array(featureList.length)
  const contributions = new Float64Array(featureList.length)
  const take = (values: Float64Array): void => {
    for (let i = 0; i < row.length; i++) row[i] = values[i]!
  }
  return {
    version: `trees-${hash32(trees.value.join()).toString(16).padStart(8, '0')}`,
    score: (values) => {
      take(values)
      return probabilityOf(trees, raw(row))
    },
    explain: (values) => {
      take(values)
      shap.explain(row, contributions)
      return explanationOf(contributions, baselines, values)
    },
  }
}

let shipped: Scoring | undefined

/** By the model in score-model.json, read when it is first asked for: who trains the next one does without. */
export function shippedScoring(): Scoring {
  shipped ??= scoringOf(readModel(file))
  return shipped
}

/** What is ordinary of each feature, for a model that does not say so itself. */
export const shippedBaselines = (): ModelCard['baselines'] => readModel(file).card.baselines

function baselineOf(baselines: ModelCard['baselines'], name: string): number {
  const baseline = baselines[name]
  if (baseline === undefined) throw new ModelError(`card.baselines: expected a number for ${name}, came nothing`)
  return baseline
}

function explanationOf(contributions: Float64Array, baselines: readonly number[], values: Float64Array): Explanation {
  const shares = new Float64Array(operands.length)
  let total = 0
  for (let i = 0; i < contributions.length; i++) total += Math.max(0, contributions[i]!)
  if (total === 0) return unexplained
  for (let i = 0; i < contributions.length; i++) shares[i] = Math.max(0, contributions[i]!) / total
  const reasons = largestOf(shares).map((i) =>
    reasonOf(operands[i]!, values[i]!, baselines[i]!, 'ordinary', shares[i]!),
  )
  return { shares, reasons }
}

/** Where the largest shares above 0 are, the first of equal ones first: three times through all is less than to sort them. */
function largestOf(shares: Float64Array): number[] {
  const largest: number[] = []
  while (largest.length < REASONS_MAX) {
    let next = -1
    for (let i = 0; i < shares.length; i++) {
      if (shares[i]! > (next < 0 ? 0 : shares[next]!) && !largest.includes(i)) next = i
    }
    if (next < 0) break
    largest.push(next)
  }
  return largest
}
