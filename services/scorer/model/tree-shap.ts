import { KnownWays } from './known-ways.ts'
import { pathsOf, type TreePaths } from './tree-paths.ts'
import { childOf, missing, type Row, type Trees } from './trees.ts'

/**
 * What each feature adds to the raw score of a row: exact, path-dependent TreeSHAP (Lundberg, Erion and Lee, 2018,
 * "Consistent individualized feature attribution for tree ensembles", algorithm 2), leaf by leaf. Where a feature is
 * unknown, a row is split over both children by their cover.
 *
 * What a tree adds follows from the sides that a row takes at all of its splits, and what a leaf adds from those above
 * it. Rows take few combinations of them, so what was computed once is kept, of trees and of leaves.
 */
export class TreeShap {
  readonly #trees: Trees
  readonly #paths: TreePaths
  /** Where nothing can be missing but by NaN, sides need no more than a comparison. */
  readonly #isPlain: boolean
  /** The raw score of the training data in the mean, by cover. */
  readonly expectation: number
  /** By spot, if it has a split: 1 where the row goes left there. */
  readonly #side: Uint8Array
  /** By spot: the sides that the row takes above it as bits, the last one lowest. */
  readonly #sides: Int32Array
  readonly #known: KnownWays
  /** Of one row, by tree: its ways, and where what they add is kept; below 0 where it is not. */
  readonly #ways: Int32Array
  readonly #places: Int32Array
  /** Of leaves, by `termsFrom`. Those that start with 0 are not known yet: so no memory is touched of those never met. */
  readonly #terms: Float64Array
  /** Of one tree, by feature. */
  readonly #parts: Float64Array
  // The features on a path as far as it has been followed, each once; the first element stands for none of them.
  readonly #feature: Int32Array
  /** The share of rows that take this way without the feature, and with it (1 or 0). */
  readonly #without: Float64Array
  readonly #with: Float64Array
  /** The share of subsets of each size, weighted as Shapley's value weighs them. */
  readonly #weight: Float64Array
  /** 1 / n: multiplying is quicker than dividing. */
  readonly #inverse: Float64Array

  constructor(trees: Trees) {
    this.#trees = trees
    this.#paths = pathsOf(trees)
    const { nodes, termCount, aboveCount, featuresFrom, splitsFrom } = this.#paths
    this.#isPlain = trees.missing.every((how) => how === missing.asZero)
    this.#side = new Uint8Array(nodes.length)
    this.#sides = new Int32Array(nodes.length)
    this.#known = new KnownWays(sizesOf(featuresFrom), sizesOf(splitsFrom))
    this.#ways = new Int32Array(trees.roots.length)
    this.#places = new Int32Array(trees.roots.length)
    this.#parts = new Float64Array(trees.names.length)
    const size = aboveCount.reduce((most, count) => Math.max(most, count), 0) + 2
    this.#terms = new Float64Array(termCount + size)
    this.#feature = new Int32Array(size)
    this.#without = new Float64Array(size)
    this.#with = new Float64Array(size)
    this.#weight = new Float64Array(size)
    this.#inverse = Float64Array.from({ length: size + 1 }, (_, n) => 1 / n)
    this.expectation = trees.base + sumOfMeans(trees)
  }

  /**
   * Fills `contributions`, one a feature; with `expectation` they add up to the raw score. All that is known is looked up
   * before any of it is added: what one tree's look-up waits for, the next one's need not.
   */
  explain(row: Row, contributions: Float64Array): void {
    const { features, featuresFrom } = this.#paths
    const known = this.#known
    const { numbers } = known
    const [ways, places] = [this.#ways, this.#places]
    contributions.fill(0)
    for (let tree = 0; tree < ways.length; tree++) ways[tree] = this.#waysOf(tree, row)
    for (let tree = 0; tree < ways.length; tree++) places[tree] = known.find(tree, ways[tree]!)
    for (let tree = 0; tree < ways.length; tree++) {
      const from = featuresFrom[tree]!
      const count = featuresFrom[tree + 1]! - from
      const place = places[tree]!
      if (place < 0) this.#addTree(tree, from, count, contributions)
      else for (let i = 0; i < count; i++) contributions[features[from + i]!]! += numbers[place + i]!
    }
  }

  /** Works out what a tree adds, and keeps it if there is room. */
  #addTree(tree: number, from: number, count: number, contributions: Float64Array): void {
    const place = this.#known.place(tree, this.#ways[tree]!)
    this.#addLeaves(tree)
    const { features } = this.#paths
    for (let i = 0; i < count; i++) {
      const feature = features[from + i]!
      const part = this.#parts[feature]!
      this.#parts[feature] = 0
      contributions[feature]! += part
      if (place >= 0) this.#known.numbers[place + i] = part
    }
  }

  /** Notes the side that a row takes at each split, and returns them all as bits; beyond 32 of them the first are lost. */
  #waysOf(tree: number, row: Row): number {
    const { splitsFrom, splitSpots, splitFeatures, splitLimits, nodes } = this.#paths
    const end = splitsFrom[tree + 1]!
    const [side, isPlain] = [this.#side, this.#isPlain]
    let ways = 0
    for (let i = splitsFrom[tree]!; i < end; i++) {
      const x = row[splitFeatures[i]!]!
      const spot = splitSpots[i]!
      const isLeft = isPlain && !Number.isNaN(x) ? x <= splitLimits[i]! : this.#isLeft(nodes[spot]!, row)
      side[spot] = Number(isLeft)
      ways = (ways << 1) | Number(isLeft)
    }
    return ways
  }

  #isLeft(node: number, row: Row): boolean {
    return childOf(this.#trees, node, row) === this.#trees.left[node]!
  }

  /** Adds up what the features of a tree get from its leaves. */
  #addLeaves(tree: number): void {
    const { spotsFrom, parents, above, aboveFrom, aboveCount } = this.#paths
    const [side, sides, parts] = [this.#side, this.#sides, this.#parts]
    for (let at = spotsFrom[tree]!; at < spotsFrom[tree + 1]!; at++) {
      const parent = parents[at]!
      sides[at] = parent < 0 ? 0 : 2 * sides[parent]! + side[parent]!
      const count = aboveCount[at]!
      if (count === 0) continue
      const features = aboveFrom[at]!
      const terms = this.#termsOf(at)
      for (let i = 0; i < count; i++) parts[above[features + i]!]! += this.#terms[terms + i]!
    }
  }

  /** Where that stands which the features above a leaf get from it: if it is not kept, at the end of all that is. */
  #termsOf(leaf: number): number {
    const { termsFrom, termCount, aboveCount, nodes } = this.#paths
    const from = termsFrom[leaf]!
    const at = from < 0 ? termCount : from + this.#sides[leaf]! * aboveCount[leaf]!
    if (from < 0 || this.#terms[at] === 0) this.#reach(this.#follow(leaf), this.#trees.value[nodes[leaf]!]!, at)
    return at
  }

  /** Puts the features above a spot on the path, and returns their number. */
  #follow(spot: number): number {
    const { nodes, parents } = this.#paths
    const parent = parents[spot]!
    if (parent < 0) {
      this.#extend(0, 1, 1, -1)
      return 0
    }
    const length = this.#follow(parent)
    const { feature, cover, left } = this.#trees
    const [node, split] = [nodes[spot]!, nodes[parent]!]
    const own = feature[split]!
    const known = this.#find(length, own)
    const without = known < 0 ? 1 : this.#without[known]!
    const withIt = known < 0 ? 1 : this.#with[known]!
    if (known >= 0) this.#unwind(length, known)
    const next = known < 0 ? length + 1 : length
    const isTaken = (left[split] === node) === (this.#side[parent] === 1)
    this.#extend(next, without * (cover[node]! / cover[split]!), isTaken ? withIt : 0, own)
    return next
  }

  /** The path has `length` elements beside the first and gets another, its last. */
  #extend(length: number, without: number, withIt: number, feature: number): void {
    const weight = this.#weight
    this.#feature[length] = feature
    this.#without[length] = without
    this.#with[length] = withIt
    weight[length] = length === 0 ? 1 : 0
    const one = this.#inverse[length + 1]!
    for (let i = length - 1; i >= 0; i--) {
      const part = weight[i]! * one
      weight[i + 1]! += withIt * part * (i + 1)
      weight[i] = without * part * (length - i)
    }
  }

  /** Takes out element `at`, as if the path had never had it. */
  #unwind(length: number, at: number): void {
    const weight = this.#weight
    const without = this.#without[at]!
    const withIt = this.#with[at]!
    let next = weight[length]!
    for (let i = length - 1; i >= 0; i--) {
      if (withIt === 0) weight[i] = (weight[i]! * (length + 1)) / (without * (length - i))
      else {
        const before = weight[i]!
        weight[i] = (next * (length + 1)) / ((i + 1) * withIt)
        next = before - (weight[i]! * without * (length - i)) / (length + 1)
      }
    }
    for (let i = at; i < length; i++) {
      this.#feature[i] = this.#feature[i + 1]!
      this.#without[i] = this.#without[i + 1]!
      this.#with[i] = this.#with[i + 1]!
    }
  }

  /** A leaf: each feature on the way gets its part of the value. Written from `to` on. */
  #reach(length: number, value: number, to: number): void {
    const notTaken = this.#sumNotTaken(length)
    for (let at = 1; at <= length; at++) {
      const share = this.#without[at]!
      const withIt = this.#with[at]!
      const sum = withIt === 0 ? notTaken / share : this.#sumTaken(length, share)
      this.#terms[to + at - 1] = sum * (withIt - share) * value * (length + 1)
    }
  }

  /** The sum of the weights that would be left after `#unwind` of a feature whose way is not taken, times its share. */
  #sumNotTaken(length: number): number {
    let total = 0
    for (let i = 0; i < length; i++) total += this.#weight[i]! * this.#inverse[length - i]!
    return total
  }

  /** The same of a feature whose way is taken. */
  #sumTaken(length: number, without: number): number {
    const weight = this.#weight
    let next = weight[length]!
    let total = 0
    for (let i = length - 1; i >= 0; i--) {
      const own = next * this.#inverse[i + 1]!
      total += own
      next = weight[i]! - own * without * (length - i)
    }
    return total
  }

  /** Where the path has a feature; -1 where it does not. */
  #find(length: number, feature: number): number {
    for (let i = 1; i <= length; i++) if (this.#feature[i] === feature) return i
    return -1
  }
}

/** How large the parts are that begin there; one more says where the last one ends. */
const sizesOf = (begins: Int32Array): Int32Array => begins.subarray(1).map((end, i) => end - begins[i]!)

function sumOfMeans({ feature, value, left, right, cover, roots }: Trees): number {
  const mean = Float64Array.from(value)
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node]! < 0) continue
    const [l, r] = [left[node]!, right[node]!]
    mean[node] = (mean[l]! * cover[l]! + mean[r]! * cover[r]!) / (cover[l]! + cover[r]!)
  }
  return roots.reduce((sum, root) => sum + mean[root]!, 0)
}
