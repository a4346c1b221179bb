import type { Trees } from './trees.ts'

/** Terms are kept of leaves below so many splits at the most, 80 kB each; those of deeper ones are computed every time. */
const KEPT_DEPTH_MAX = 10

/** Trees laid out for following rows through them, one tree after the other, in columns. */
export interface TreePaths {
  /** Where a tree's spots, splits and features begin; one more says where the last one's end. */
  readonly spotsFrom: Int32Array
  readonly splitsFrom: Int32Array
  readonly featuresFrom: Int32Array
  /** Those that a tree looks at, once each. */
  readonly features: Int32Array

  /** Spots are nodes in an order in which parents come first, and leaves from left to right. */
  readonly nodes: Int32Array
  /** The parent's spot; -1 of a root. */
  readonly parents: Int32Array
  /** Of a leaf: the features above it, in the order in which a way down last meets them. None of what is no leaf. */
  readonly aboveFrom: Int32Array
  readonly aboveCount: Uint8Array
  readonly above: Int32Array
  /** Of a leaf: where its terms begin, one a feature for each way to take the splits above. -1: they are not kept. */
  readonly termsFrom: Int32Array
  readonly termCount: number

  /** By split: its spot, the feature that it looks at, and up to where that goes left. */
  readonly splitSpots: Int32Array
  readonly splitFeatures: Int32Array
  readonly splitLimits: Float64Array
}

interface Spot {
  readonly node: number
  readonly parent: number
  /** Features of the splits above. */
  readonly path: readonly number[]
}

const lastMet = (path: readonly number[]): number[] => path.filter((feature, i) => !path.includes(feature, i + 1))

/** What comes before each part where parts of these sizes stand one after the other, and what all of them are. */
function sumsOf(sizes: readonly number[]): Int32Array {
  const sums = new Int32Array(sizes.length + 1)
  for (let i = 0; i < sizes.length; i++) sums[i + 1] = sums[i]! + sizes[i]!
  return sums
}

export function pathsOf({ feature, value, left, right, roots }: Trees): TreePaths {
  const spots: Spot[] = []
  const visit = (node: number, parent: number, path: readonly number[]): void => {
    const at = spots.push({ node, parent, path }) - 1
    if (feature[node]! < 0) return
    for (const child of [left[node]!, right[node]!]) visit(child, at, [...path, feature[node]!])
  }
  const spotsFrom = sumsOf(
    Array.from(roots, (root) => {
      const before = spots.length
      visit(root, -1, [])
      return spots.length - before
    }),
  )
  const isSplit = ({ node }: Spot): boolean => feature[node]! >= 0
  const trees = Array.from(roots, (_, tree) => spots.slice(spotsFrom[tree], spotsFrom[tree + 1]).filter(isSplit))
  const features = trees.map((splits) => [...new Set(splits.map(({ node }) => feature[node]!))])
  const splits = trees.flat()
  const above = spots.map((spot) => (isSplit(spot) ? [] : lastMet(spot.path)))
  const terms = spots.map(({ path }, i) => (path.length > KEPT_DEPTH_MAX ? 0 : above[i]!.length << path.length))
  const termsFrom = sumsOf(terms)
  const places = new Map(spots.map((spot, at) => [spot, at]))
  return {
    spotsFrom,
    splitsFrom: sumsOf(trees.map(({ length }) => length)),
    featuresFrom: sumsOf(features.map(({ length }) => length)),
    features: Int32Array.from(features.flat()),
    nodes: Int32Array.from(spots, ({ node }) => node),
    parents: Int32Array.from(spots, ({ parent }) => parent),
    aboveFrom: sumsOf(above.map(({ length }) => length)),
    aboveCount: Uint8Array.from(above, ({ length }) => length),
    above: Int32Array.from(above.flat()),
    termsFrom: Int32Array.from(spots, (_, i) => (terms[i] === 0 ? -1 : termsFrom[i]!)),
    termCount: termsFrom.at(-1)!,
    splitSpots: Int32Array.from(splits, (spot) => places.get(spot)!),
    splitFeatures: Int32Array.from(splits, ({ node }) => feature[node]!),
    splitLimits: Float64Array.from(splits, ({ node }) => value[node]!),
  }
}
