/** What takes more splits than this is not remembered: its sides do not go into one whole number of 32 bits. */
const SPLITS_MAX = 30

/** Ways remembered of a tree at the most: some 100 bytes each, and as much again that lies empty. */
const WAYS_MAX = 512
const SLOTS = 2 * WAYS_MAX

const NOTHING = -1

/**
 * Numbers by the ways that a row takes through a tree, so many each as the tree has features: one hash table a tree, all
 * of them in two columns. Maps of arrays, of which there would be tens of thousands, cost a cache miss at every step.
 */
export class KnownWays {
  /** Where the numbers of a tree's first slot are. */
  readonly #from: Int32Array
  readonly #widths: Uint16Array
  readonly #ways: Int32Array
  readonly #sizes: Uint16Array
  readonly #numbers: Float64Array

  /** `widths` are the numbers for each way, and `splits` how many make a way, tree by tree. */
  constructor(widths: Int32Array, splits: Int32Array) {
    let end = 0
    this.#widths = Uint16Array.from(widths)
    this.#from = Int32Array.from(widths, (width) => {
      end += SLOTS * width
      return end - SLOTS * width
    })
    this.#ways = new Int32Array(SLOTS * widths.length).fill(NOTHING)
    // Where nothing may be remembered, there is no room from the start.
    this.#sizes = Uint16Array.from(splits, (count) => (count > SPLITS_MAX ? WAYS_MAX : 0))
    this.#numbers = new Float64Array(end)
  }

  /** Where the numbers for these ways begin in `numbers`; -1 where they are not known. */
  find(tree: number, ways: number): number {
    const slot = this.#slotOf(tree, ways)
    return this.#ways[tree * SLOTS + slot] === NOTHING ? -1 : this.#from[tree]! + slot * this.#widths[tree]!
  }

  get numbers(): Float64Array {
    return this.#numbers
  }

  /** Makes a place for the numbers for these ways and returns where it begins; -1 where there is no room. */
  place(tree: number, ways: number): number {
    if (this.#sizes[tree] === WAYS_MAX) return -1
    this.#sizes[tree]!++
    const slot = this.#slotOf(tree, ways)
    this.#ways[tree * SLOTS + slot] = ways
    return this.#from[tree]! + slot * this.#widths[tree]!
  }

  /** Where these ways stand or would stand. */
  #slotOf(tree: number, ways: number): number {
    const from = tree * SLOTS
    let slot = (Math.imul(ways, 0x9e3779b1) >>> 16) % SLOTS
    while (this.#ways[from + slot] !== ways && this.#ways[from + slot] !== NOTHING) slot = (slot + 1) % SLOTS
    return slot
  }
}
