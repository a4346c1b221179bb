import { BINS_MAX, type Binned } from './binning.ts'

/** Three numbers a bin: sum of gradients, sum of hessians, rows. */
const STRIDE = 3
const FEATURE_SIZE = (BINS_MAX + 1) * STRIDE

/** First and second derivatives of the loss by the raw score, a row each. */
export interface Derivatives {
  readonly gradients: Float64Array
  readonly hessians: Float64Array
}

export interface SplitLimits {
  /** Rows of a leaf at the least. */
  readonly rowsMin: number
  /** Sum of hessians of a leaf at the least. */
  readonly weightMin: number
  /** Added to the sum of hessians: keeps leaves of few rows small. */
  readonly l2: number
}

export interface Totals {
  readonly gradient: number
  readonly hessian: number
  readonly rows: number
}

export interface BestSplit {
  readonly gain: number
  readonly feature: number
  /** Bins up to and with this go left. */
  readonly bin: number
}

/** Sums of derivatives by feature and bin over the rows of one leaf. */
export class Histogram {
  readonly #sums: Float64Array
  readonly #features: readonly number[]

  /** `features` are those looked at, by index. */
  constructor(features: readonly number[]) {
    this.#features = features
    this.#sums = new Float64Array(features.length * FEATURE_SIZE)
  }

  add({ codes }: Binned, { gradients, hessians }: Derivatives, rows: Int32Array): this {
    const own = Float64Array.from(rows, (row) => gradients[row]!)
    const curved = Float64Array.from(rows, (row) => hessians[row]!)
    const sums = this.#sums
    for (const [i, feature] of this.#features.entries()) {
      const bins = codes[feature]!
      const base = i * FEATURE_SIZE
      for (let k = 0; k < rows.length; k++) {
        const at = base + bins[rows[k]!]! * STRIDE
        sums[at]! += own[k]!
        sums[at + 1]! += curved[k]!
        sums[at + 2]! += 1
      }
    }
    return this
  }

  /** What is left of this leaf when a part has gone: cheaper than counting the other rows. */
  without(part: Histogram): Histogram {
    const rest = new Histogram(this.#features)
    for (let i = 0; i < rest.#sums.length; i++) rest.#sums[i] = this.#sums[i]! - part.#sums[i]!
    return rest
  }

  /** The split that lowers the loss most; undefined where none does within the limits. */
  bestSplit({ limits }: Binned, totals: Totals, { rowsMin, weightMin, l2 }: SplitLimits): BestSplit | undefined {
    const sums = this.#sums
    const before = totals.gradient ** 2 / (totals.hessian + l2)
    let best: BestSplit | undefined
    for (const [i, feature] of this.#features.entries()) {
      let gradient = 0
      let hessian = 0
      let rows = 0
      for (let bin = 0; bin < limits[feature]!.length; bin++) {
        const at = i * FEATURE_SIZE + bin * STRIDE
        gradient += sums[at]!
        hessian += sums[at + 1]!
        rows += sums[at + 2]!
        if (rows < rowsMin || hessian < weightMin) continue
        if (totals.rows - rows < rowsMin || totals.hessian - hessian < weightMin) break
        const other = (totals.gradient - gradient) ** 2 / (totals.hessian - hessian + l2)
        const gain = gradient ** 2 / (hessian + l2) + other - before
        if (gain > (best?.gain ?? GAIN_MIN)) best = { gain, feature, bin }
      }
    }
    return best
  }
}

/** Less is rounding. */
const GAIN_MIN = 1e-9

export function totalsOf({ gradients, hessians }: Derivatives, rows: Int32Array): Totals {
  let gradient = 0
  let hessian = 0
  for (const row of rows) {
    gradient += gradients[row]!
    hessian += hessians[row]!
  }
  return { gradient, hessian, rows: rows.length }
}
