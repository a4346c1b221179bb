import { missing, type Row, rawScore, type Trees } from './trees.ts'

/** Leaves of a tree go into one word of 32 bits. */
const LEAVES_MAX = 32

const ALL = -1

interface Split {
  readonly feature: number
  readonly limit: number
  readonly tree: number
  /** The leaves of its tree that are still possible where a row goes right. */
  readonly mask: number
}

/**
 * Makes a function that gives the same as `rawScore`, to the last bit, in half the time: QuickScorer (Lucchese and others,
 * 2015, "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees"). Feature by
 * feature, by rising limits, each split at which the row goes right takes the leaves on its left away; the first leaf
 * that is left of a tree is the one reached. No step waits for the one before, and a feature ends at the first limit that
 * it does not exceed.
 *
 * Trees with more leaves than that, or with values that can be missing, go the other way, and so do rows with NaN.
 */
export function quickScorer(trees: Trees): (row: Row) => number {
  const byTree = (row: Row): number => rawScore(trees, row)
  const leaves = Array.from(trees.roots, (): number[] => [])
  const splits = Array.from(trees.roots, (root, tree) => splitsOf(trees, root, tree, leaves[tree]!)).flat()
  const isPlain = trees.missing.every((how) => how === missing.asZero)
  if (!isPlain || leaves.some(({ length }) => length > LEAVES_MAX)) return byTree

  splits.sort((a, b) => a.feature - b.feature || a.limit - b.limit)
  const features = Int32Array.from(new Set(splits.map(({ feature }) => feature)))
  const ends = Int32Array.from(features, (own) => splits.findLastIndex(({ feature }) => feature === own) + 1)
  const limits = Float64Array.from(splits, ({ limit }) => limit)
  const treeOf = Int32Array.from(splits, ({ tree }) => tree)
  const masks = Int32Array.from(splits, ({ mask }) => mask)
  // Side by side without gaps, for they are met at random and all have to stay in the nearest cache.
  const valuesFrom = Int32Array.from(leaves, (_, tree) => leaves.slice(0, tree).flat().length)
  const values = Float64Array.from(leaves.flat())
  const possible = new Int32Array(leaves.length)
  const { base } = trees
  return (row) => {
    possible.fill(ALL)
    let from = 0
    for (let i = 0; i < features.length; i++) {
      const x = row[features[i]!]!
      if (Number.isNaN(x)) return byTree(row)
      const end = ends[i]!
      for (let split = from; split < end && x > limits[split]!; split++) possible[treeOf[split]!]! &= masks[split]!
      from = end
    }
    let sum = base
    for (let tree = 0; tree < possible.length; tree++) {
      const first = possible[tree]! & -possible[tree]!
      sum += values[valuesFrom[tree]! + 31 - Math.clz32(first)]!
    }
    return sum
  }
}

/** Notes the values of the leaves under a node from left to right, and returns the splits. */
function splitsOf({ feature, value, left, right }: Trees, root: number, tree: number, leaves: number[]): Split[] {
  const splits: Split[] = []
  /** Returns the leaves under a node as bits. */
  const visit = (node: number): number => {
    if (feature[node]! < 0) return 1 << (leaves.push(value[node]!) - 1)
    const onLeft = visit(left[node]!)
    splits.push({ feature: feature[node]!, limit: value[node]!, tree, mask: ~onLeft })
    return onLeft | visit(right[node]!)
  }
  visit(root)
  return splits
}
