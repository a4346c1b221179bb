import type { Trees } from './trees.ts'

/** An inner node; its children are set once they are there. */
export interface Split {
  readonly feature: number
  /** Up to and with this goes left. */
  readonly limit: number
  /** As in `missing` of trees.ts. */
  readonly missing: number
  readonly cover: number
}

/** Gathers nodes, parents before children, into the columns of `Trees`. */
export class TreeNodes {
  readonly #roots: number[] = []
  readonly #feature: number[] = []
  readonly #value: number[] = []
  readonly #left: number[] = []
  readonly #right: number[] = []
  readonly #missing: number[] = []
  readonly #cover: number[] = []

  /** The next node begins a tree. */
  beginTree(): void {
    this.#roots.push(this.#feature.length)
  }

  /** Returns the number of the node. */
  leaf(value: number, cover: number): number {
    return this.#add(-1, value, 0, cover)
  }

  split({ feature, limit, missing, cover }: Split): number {
    return this.#add(feature, limit, missing, cover)
  }

  join(node: number, left: number, right: number): void {
    this.#left[node] = left
    this.#right[node] = right
  }

  finish(names: readonly string[], base: number, slope: number): Trees {
    return {
      names,
      base,
      slope,
      roots: Int32Array.from(this.#roots),
      feature: Int32Array.from(this.#feature),
      value: Float64Array.from(this.#value),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      missing: Uint8Array.from(this.#missing),
      cover: Float64Array.from(this.#cover),
    }
  }

  #add(feature: number, value: number, missing: number, cover: number): number {
    this.#feature.push(feature)
    this.#value.push(value)
    this.#left.push(-1)
    this.#right.push(-1)
    this.#missing.push(missing)
    this.#cover.push(cover)
    return this.#feature.length - 1
  }
}
