import type { Random } from '../random.ts'

/** Draws an index by weight: Walker's alias method in Vose's construction. One draw, two reads, whatever the number of weights. */
export class AliasTable {
  readonly #keep: Float64Array
  readonly #other: Uint16Array

  /** At the most 65,535 weights, at least one of them above 0; throws a RangeError otherwise. */
  constructor(weights: readonly number[]) {
    const n = weights.length
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (!(total > 0) || n > 0xffff) throw new RangeError(`cannot draw from ${n} weights that add up to ${total}`)
    const scaled = Float64Array.from(weights, (weight) => (weight * n) / total)
    this.#keep = new Float64Array(n).fill(1)
    this.#other = Uint16Array.from(weights, (_, index) => index)
    const small: number[] = []
    const large: number[] = []
    for (let i = 0; i < n; i++) (scaled[i]! < 1 ? small : large).push(i)
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!
      const rich = large.at(-1)!
      this.#keep[poor] = scaled[poor]!
      this.#other[poor] = rich
      scaled[rich] = scaled[rich]! + scaled[poor]! - 1
      if (scaled[rich]! < 1) small.push(large.pop()!)
    }
  }

  get size(): number {
    return this.#keep.length
  }

  /** Which side of the column is taken depends on the fraction of the draw, independent of its whole part. */
  pick(random: Random): number {
    const x = random.unit() * this.#keep.length
    const i = Math.floor(x)
    return x - i < this.#keep[i]! ? i : this.#other[i]!
  }
}

/** Weights of ranks 1 to n that fall with rank to the power of `exponent`. */
export const zipfWeights = (n: number, exponent: number): number[] =>
  Array.from({ length: n }, (_, index) => 1 / (index + 1) ** exponent)
