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
  #row: Row = new Float32Array()
  #contributions: Float64Array = new Float64Array()

  constructor(trees: Trees) {
    this.#trees = trees
    const depth = depthOf(trees)
    const size = ((depth + 2) * (depth + 3)) / 2
    this.#feature = new Int32Array(size)
    this.#without = new Float64Array(size)
    this.#with = new Float64Array(size)
    this.#weight = new Float64Array(size)
    this.expectation = trees.base + sumOfMeans(trees)
  }

  /** Fills `contributions`, one a feature; with `expectation` they add up to the raw score. */
  explain(row: Row, contributions: Float64Array): void {
    this.#row = row
    this.#contributions = contributions
    contributions.fill(0)
    for (const root of this.#trees.roots) this.#visit(root, 0, 0, 1, 1, -1)
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
    for (const child of [left[node]!, right[node]!]) {
      const next = from + length + 1
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
    for (let i = length - 1; i >= 0; i--) {
      weight[from + i + 1]! += (withIt * weight[from + i]! * (i + 1)) / (length + 1)
      weight[from + i] = (without * weight[from + i]! * (length - i)) / (length + 1)
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
    for (const column of [this.#feature, this.#without, this.#with]) {
      column.copyWithin(from + at, from + at + 1, from + length + 1)
    }
  }

  /** A leaf: each feature on the way gets its part of the value. */
  #reach(from: number, length: number, value: number): void {
    for (let at = 1; at <= length; at++) {
      const difference = this.#with[from + at]! - this.#without[from + at]!
      this.#contributions[this.#feature[from + at]!]! += this.#unwoundSum(from, length, at) * difference * value
    }
  }

  /** The sum of the weights that would be left after `#unwind`. */
  #unwoundSum(from: number, length: number, at: number): number {
    const weight = this.#weight
    const without = this.#without[from + at]!
    const withIt = this.#with[from + at]!
    let next = weight[from + length]!
    let total = 0
    for (let i = length - 1; i >= 0; i--) {
      if (withIt === 0) total += weight[from + i]! / (without * (length - i))
      else {
        const own = next / ((i + 1) * withIt)
        total += own
        next = weight[from + i]! - own * without * (length - i)
      }
    }
    return total * (length + 1)
  }

  /** Where the path has a feature; -1 where it does not. */
  #find(from: number, length: number, feature: number): number {
    for (let i = from + 1; i <= from + length; i++) if (this.#feature[i] === feature) return i
    return -1
  }

  #copy(from: number, to: number, count: number): void {
    for (const column of [this.#feature, this.#without, this.#with, this.#weight]) {
      column.copyWithin(to, from, from + count)
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
