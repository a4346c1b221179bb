import { type Known, knownOf, SPLITS_MAX, WAYS_MAX, waysOf } from './known-ways.ts'
import { childOf, type Row, type Trees } from './trees.ts'

/**
 * What each feature adds to the raw score of a row: exact, path-dependent TreeSHAP (Lundberg, Erion and Lee, 2018,
 * "Consistent individualized feature attribution for tree ensembles", algorithm 2). Where a feature is unknown, a row is
 * split over both children by their cover.
 */
export class TreeShap {
  readonly #trees: Trees
  /** The raw score of the training data in the mean, by cover. */
  readonly expectation: number
  // The features on the way to a node, once for each depth: element i of depth d is at d (d + 1) / 2 + i.
  readonly #feature: Int32Array
  /** The share of rows that take this way without the feature, and with it (1 or 0). */
  readonly #without: Float64Array
  readonly #with: Float64Array
  /** The share of subsets of each size, weighted as Shapley's value weighs them. */
  readonly #weight: Float64Array
  /** 1 / n: multiplying is quicker than dividing. */
  readonly #inverse: Float64Array
  #row: Row = new Float32Array()
  readonly #contributions: Float64Array
  readonly #known: readonly Known[]

  constructor(trees: Trees) {
    this.#trees = trees
    const depth = depthOf(trees)
    const size = ((depth + 2) * (depth + 3)) / 2
    this.#feature = new Int32Array(size)
    this.#without = new Float64Array(size)
    this.#with = new Float64Array(size)
    this.#weight = new Float64Array(size)
    this.#inverse = Float64Array.from({ length: depth + 3 }, (_, n) => 1 / n)
    this.#contributions = new Float64Array(trees.names.length)
    this.#known = Array.from(trees.roots, (root) => knownOf(trees, root))
    this.expectation = trees.base + sumOfMeans(trees)
  }

  /** Fills `contributions`, one a feature; with `expectation` they add up to the raw score. */
  explain(row: Row, contributions: Float64Array): void {
    this.#row = row
    contributions.fill(0)
    for (const [tree, known] of this.#known.entries()) {
      const parts = this.#partsOf(tree, known)
      for (let i = 0; i < parts.length; i++) contributions[known.features[i]!]! += parts[i]!
    }
  }

  /** What the features of one tree add, in their order. */
  #partsOf(tree: number, { splits, features, parts }: Known): Float64Array {
    const ways = waysOf(this.#trees, splits, this.#row)
    const met = parts.get(ways)
    if (met !== undefined) return met
    this.#contributions.fill(0)
    this.#visit(this.#trees.roots[tree]!, 0, 0, 1, 1, -1)
    const fresh = Float64Array.from(features, (feature) => this.#contributions[feature]!)
    if (splits.length <= SPLITS_MAX && parts.size < WAYS_MAX) parts.set(ways, fresh)
    return fresh
  }

  /** `from` is where the path to this node is, which has `length` elements and gets one more. */
  #visit(node: number, from: number, length: number, without: number, withIt: number, feature: number): void {
    this.#extend(from, length, without, withIt, feature)
    const { feature: features, value, left, right, cover } = this.#trees
    const own = features[node]!
    if (own < 0) {
      this.#reach(from, length, value[node]!)
      return
    }
    const known = this.#find(from, length, own)
    const onceWithout = known < 0 ? 1 : this.#without[known]!
    const onceWith = known < 0 ? 1 : this.#with[known]!
    if (known >= 0) this.#unwind(from, length, known - from)
    const last = known < 0 ? length : length - 1
    const taken = childOf(this.#trees, node, this.#row)
    const next = from + length + 1
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? left[node]! : right[node]!
      this.#copy(from, next, last + 1)
      const share = cover[child]! / cover[node]!
      this.#visit(child, next, last + 1, onceWithout * share, child === taken ? onceWith : 0, own)
    }
  }

  #extend(from: number, length: number, without: number, withIt: number, feature: number): void {
    const weight = this.#weight
    this.#feature[from + length] = feature
    this.#without[from + length] = without
    this.#with[from + length] = withIt
    weight[from + length] = length === 0 ? 1 : 0
    const one = this.#inverse[length + 1]!
    for (let i = length - 1; i >= 0; i--) {
      const part = weight[from + i]! * one
      weight[from + i + 1]! += withIt * part * (i + 1)
      weight[from + i] = without * part * (length - i)
    }
  }

  /** Takes out element `at`, as if the path had never had it. */
  #unwind(from: number, length: number, at: number): void {
    const weight = this.#weight
    const without = this.#without[from + at]!
    const withIt = this.#with[from + at]!
    let next = weight[from + length]!
    for (let i = length - 1; i >= 0; i--) {
      if (withIt === 0) weight[from + i] = (weight[from + i]! * (length + 1)) / (without * (length - i))
      else {
        const before = weight[from + i]!
        weight[from + i] = (next * (length + 1)) / ((i + 1) * withIt)
        next = before - (weight[from + i]! * without * (length - i)) / (length + 1)
      }
    }
    for (let i = from + at; i < from + length; i++) {
      this.#feature[i] = this.#feature[i + 1]!
      this.#without[i] = this.#without[i + 1]!
      this.#with[i] = this.#with[i + 1]!
    }
  }

  /** A leaf: each feature on the way gets its part of the value. */
  #reach(from: number, length: number, value: number): void {
    const feature = this.#feature
    const without = this.#without
    const withIt = this.#with
    const notTaken = this.#sumNotTaken(from, length)
    for (let at = from + 1; at <= from + length; at++) {
      const share = without[at]!
      const sum = withIt[at] === 0 ? notTaken / share : this.#sumTaken(from, length, share)
      this.#contributions[feature[at]!]! += sum * (withIt[at]! - share) * value * (length + 1)
    }
  }

  /** The sum of the weights that would be left after `#unwind` of a feature whose way is not taken, times its share. */
  #sumNotTaken(from: number, length: number): number {
    const weight = this.#weight
    const inverse = this.#inverse
    let total = 0
    for (let i = 0; i < length; i++) total += weight[from + i]! * inverse[length - i]!
    return total
  }

  /** The same of a feature whose way is taken. */
  #sumTaken(from: number, length: number, without: number): number {
    const weight = this.#weight
    const inverse = this.#inverse
    let next = weight[from + length]!
    let total = 0
    for (let i = length - 1; i >= 0; i--) {
      const own = next * inverse[i + 1]!
      total += own
      next = weight[from + i]! - own * without * (length - i)
    }
    return total
  }

  /** Where the path has a feature; -1 where it does not. */
  #find(from: number, length: number, feature: number): number {
    for (let i = from + 1; i <= from + length; i++) if (this.#feature[i] === feature) return i
    return -1
  }

  /** By hand: for a handful of elements that is several times quicker than to ask the engine for it. */
  #copy(from: number, to: number, count: number): void {
    const feature = this.#feature
    const without = this.#without
    const withIt = this.#with
    const weight = this.#weight
    for (let i = 0; i < count; i++) {
      feature[to + i] = feature[from + i]!
      without[to + i] = without[from + i]!
      withIt[to + i] = withIt[from + i]!
      weight[to + i] = weight[from + i]!
    }
  }
}

/** How many splits lie above the deepest leaf. */
function depthOf({ feature, left, right }: Trees): number {
  const depth = new Int32Array(feature.length)
  let max = 0
  for (let node = 0; node < feature.length; node++) {
    if (feature[node]! < 0) continue
    for (const child of [left[node]!, right[node]!]) {
      depth[child] = depth[node]! + 1
      max = Math.max(max, depth[child]!)
    }
  }
  return max
}

function sumOfMeans({ feature, value, left, right, cover, roots }: Trees): number {
  const mean = Float64Array.from(value)
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node]! < 0) continue
    const [l, r] = [left[node]!, right[node]!]
    mean[node] = (mean[l]! * cover[l]! + mean[r]! * cover[r]!) / (cover[l]! + cover[r]!)
  }
  return roots.reduce((sum, root) => sum + mean[root]!, 0)
}
