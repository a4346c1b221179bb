/**
 * Gradient-boosted trees for two classes, as columns over all nodes of all trees. The children of a node come after it.
 * The raw score, in log-odds over `slope`, is `base` plus the values of the leaves reached, added in the order of the trees.
 */
export interface Trees {
  /** Of the features in the order of a row. */
  readonly names: readonly string[]
  readonly base: number
  /** The probability of fraud is the logistic function of `slope` times the raw score. */
  readonly slope: number
  /** The first node of each tree. */
  readonly roots: Int32Array
  /** The feature that a node looks at; -1 at a leaf. */
  readonly feature: Int32Array
  /** A feature's value up to and with this goes left. At a leaf, what it adds to the raw score. */
  readonly value: Float64Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** What is missing at a node and where it goes, as in `missing`. */
  readonly missing: Uint8Array
  /** Training data that came past a node, as rows or as weight; above 0. */
  readonly cover: Float64Array
}

/** NaN counts as 0; or is missing; or NaN and 0 both are. What is missing goes to the side named. */
export const missing = { asZero: 0, nanLeft: 1, nanRight: 2, zeroLeft: 3, zeroRight: 4 } as const

/** Feature values in the order of the trees' names, in single precision: what `features` carries. */
export type Row = Float32Array

/** Nearer to 0 than this is 0 for LightGBM, where 0 is missing. */
const ZERO_MAX = Math.fround(1e-35)

/** The child that a row goes to from an inner node. */
export function childOf(trees: Trees, node: number, row: Row): number {
  const x = row[trees.feature[node]!]!
  const how = trees.missing[node]!
  const isMissing = Number.isNaN(x) || (how >= missing.zeroLeft && Math.abs(x) <= ZERO_MAX)
  if (isMissing && how !== missing.asZero) {
    return how === missing.nanLeft || how === missing.zeroLeft ? trees.left[node]! : trees.right[node]!
  }
  return (isMissing ? 0 : x) <= trees.value[node]! ? trees.left[node]! : trees.right[node]!
}

/** Down each tree; what is missing is left to `childOf`. The scorer has a quicker way to the same (quick-scorer.ts). */
export function rawScore(trees: Trees, row: Row): number {
  const { roots, feature, value, left, right, missing: hows } = trees
  let sum = trees.base
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!
    for (let own = feature[node]!; own >= 0; own = feature[node]!) {
      const x = row[own]!
      if (hows[node] !== missing.asZero || Number.isNaN(x)) node = childOf(trees, node, row)
      else node = x <= value[node]! ? left[node]! : right[node]!
    }
    sum += value[node]!
  }
  return sum
}

/** From a raw score to a probability, 0 to 1. */
export const probabilityOf = ({ slope }: Trees, raw: number): number => 1 / (1 + Math.exp(-slope * raw))

/** 0 to 1. */
export const probability = (trees: Trees, row: Row): number => probabilityOf(trees, rawScore(trees, row))

/**
 * The same trees for rows in another order, such as the scorer's list of features. Throws RangeError for features that
 * are not among `names`.
 */
export function bindTrees(trees: Trees, names: readonly string[]): Trees {
  const indexes = new Map(names.map((name, index) => [name, index]))
  const unknown = trees.names.filter((name) => !indexes.has(name))
  if (unknown.length > 0) {
    throw new RangeError(
      `the model looks at ${unknown.join(', ')}, which is none of the ${names.length} features known`,
    )
  }
  const feature = trees.feature.map((own) => (own < 0 ? own : indexes.get(trees.names[own]!)!))
  return { ...trees, names, feature }
}
