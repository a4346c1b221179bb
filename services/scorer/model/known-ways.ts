import { childOf, type Row, type Trees } from './trees.ts'

/** A tree with more splits is not remembered: its ways do not go into one whole number of 32 bits. */
export const SPLITS_MAX = 30

/** Ways remembered of a tree at the most: some 200 bytes each. */
export const WAYS_MAX = 512

/**
 * What the features of one tree add follows from the sides that a row takes at all of its splits, and rows take few
 * combinations of them: what was computed once is kept.
 */
export interface Known {
  readonly splits: Int32Array
  /** Those that the tree looks at, once each. */
  readonly features: Int32Array
  /** By the sides taken: what each of the features adds. */
  readonly parts: Map<number, Float64Array>
}

export function knownOf({ feature, left, right }: Trees, root: number): Known {
  const splits: number[] = []
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (feature[node]! < 0) continue
    splits.push(node)
    open.push(right[node]!, left[node]!)
  }
  const features = new Set(splits.map((node) => feature[node]!))
  return { splits: Int32Array.from(splits), features: Int32Array.from(features), parts: new Map() }
}

/** A bit for each split, 1 where the row goes left; of no use beyond SPLITS_MAX splits. */
export function waysOf(trees: Trees, splits: Int32Array, row: Row): number {
  if (splits.length > SPLITS_MAX) return -1
  let ways = 0
  for (let i = 0; i < splits.length; i++) {
    const node = splits[i]!
    ways = (ways << 1) | (childOf(trees, node, row) === trees.left[node]! ? 1 : 0)
  }
  return ways
}
