import { featureList } from '#services/scorer/features.ts'
import { readModel } from '#services/scorer/model/model-file.ts'
import { TreeShap } from '#services/scorer/model/tree-shap.ts'
import { isOutgoing } from '#services/scorer/payment.ts'
import { treesForFeatures } from '#services/scorer/score.ts'
import file from '#services/scorer/score-model.json' with { type: 'json' }
import type { Example } from './example-world.ts'

export const shippedModel = readModel(file)
export const shippedTrees = treesForFeatures(shippedModel)
const shap = new TreeShap(shippedTrees)

/** How much the shipped model looks at a feature. */
export interface ModelUse {
  /** Splits of all its trees that look at it. */
  readonly splits: number
  /** Trees with such a split. */
  readonly trees: number
  /** What it adds to the log-odds, up or down, in the mean over a sample of payments (TreeSHAP). */
  readonly meanContribution: number
}

/** One payment of so many is explained: an explanation is dear. */
const SAMPLED = 100

/** By the place of the feature in the list. */
export function modelUse(world: readonly Example[]): readonly ModelUse[] {
  const means = meanContributions(world)
  const { roots, feature } = shippedTrees
  const splits = new Array<number>(featureList.length).fill(0)
  const trees = featureList.map(() => new Set<number>())
  for (const [tree, root] of roots.entries()) {
    const end = roots[tree + 1] ?? feature.length
    for (let node = root; node < end; node++) {
      if (feature[node]! < 0) continue
      splits[feature[node]!]!++
      trees[feature[node]!]!.add(tree)
    }
  }
  return featureList.map((_, i) => ({ splits: splits[i]!, trees: trees[i]!.size, meanContribution: means[i]! }))
}

/** What each feature adds to the raw score of a payment, and the raw score that nothing is known of. */
export function contributionsOf({ values }: Example): { readonly base: number; readonly parts: Float64Array } {
  const parts = new Float64Array(featureList.length)
  shap.explain(Float32Array.from(values.subarray(0, featureList.length)), parts)
  return { base: shap.expectation, parts }
}

function meanContributions(world: readonly Example[]): readonly number[] {
  const sums = new Array<number>(featureList.length).fill(0)
  const sample = world.filter(({ tx }, i) => i % SAMPLED === 0 && isOutgoing(tx))
  for (const example of sample) {
    for (const [i, part] of contributionsOf(example).parts.entries()) sums[i]! += Math.abs(part) / sample.length
  }
  return sums
}
