import type { Binned } from './binning.ts'
import { type BestSplit, type Derivatives, Histogram, type SplitLimits, type Totals, totalsOf } from './histogram.ts'

/** One tree over bins; both kinds of node know how many training rows they saw. */
export type GrownTree =
  | { readonly rows: number; readonly value: number }
  | {
      readonly rows: number
      readonly feature: number
      /** Bins up to and with this go left. */
      readonly bin: number
      readonly left: GrownTree
      readonly right: GrownTree
    }

export interface GrowOptions extends SplitLimits {
  /** Leaves at the most. */
  readonly leaves: number
  /** The part of a leaf's best value that is taken. */
  readonly learningRate: number
}

interface Leaf {
  readonly rows: Int32Array
  readonly totals: Totals
  readonly histogram: Histogram
  readonly split: BestSplit | undefined
  children?: { readonly left: Leaf; readonly right: Leaf }
}

/** Grows a tree leaf by leaf, always that which lowers the loss most, on the rows and features given. */
export function growTree(
  data: Binned,
  derivatives: Derivatives,
  rows: Int32Array,
  features: readonly number[],
  options: GrowOptions,
): GrownTree {
  const leafOf = (own: Int32Array, histogram: Histogram): Leaf => {
    const totals = totalsOf(derivatives, own)
    return { rows: own, totals, histogram, split: histogram.bestSplit(data, totals, options) }
  }
  const root = leafOf(rows, new Histogram(features).add(data, derivatives, rows))
  const open = [root]
  for (let leaves = 1; leaves < options.leaves; leaves++) {
    const leaf = takeBest(open)
    if (leaf === undefined) break
    const [left, right] = divided(leaf, data)
    const smaller = left.length <= right.length ? left : right
    const part = new Histogram(features).add(data, derivatives, smaller)
    const rest = leaf.histogram.without(part)
    leaf.children = {
      left: leafOf(left, smaller === left ? part : rest),
      right: leafOf(right, smaller === left ? rest : part),
    }
    open.push(leaf.children.left, leaf.children.right)
  }
  return finish(root, options)
}

function takeBest(open: Leaf[]): Leaf | undefined {
  let best = -1
  for (const [i, { split }] of open.entries()) {
    if (split !== undefined && split.gain > (open[best]?.split?.gain ?? 0)) best = i
  }
  return best < 0 ? undefined : open.splice(best, 1)[0]
}

function divided({ rows, split }: Leaf, { codes }: Binned): [Int32Array, Int32Array] {
  const bins = codes[split!.feature]!
  const goesLeft = (row: number): boolean => bins[row]! <= split!.bin
  return [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))]
}

function finish({ totals, split, children }: Leaf, options: GrowOptions): GrownTree {
  const { rows, gradient, hessian } = totals
  if (children === undefined) return { rows, value: (-options.learningRate * gradient) / (hessian + options.l2) }
  const { feature, bin } = split!
  return { rows, feature, bin, left: finish(children.left, options), right: finish(children.right, options) }
}
