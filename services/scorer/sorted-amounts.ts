const SMALLEST = 8

/** Of a month that has not been counted yet, for all alike. */
const none = new Float64Array(0)

/** Amounts of payments in ascending order, of which one comes and one goes at a time. Paise. */
export class SortedAmounts {
  length = 0
  /** Of all of them. */
  sum = 0
  #amounts = none

  /** The amount with so many at or below it; 0 for one that is not there. */
  at(index: number): number {
    return index >= 0 && index < this.length ? this.#amounts[index]! : 0
  }

  /** The lower one of two; 0 of none. */
  get median(): number {
    return this.at((this.length - 1) >> 1)
  }

  clear(): void {
    this.length = 0
    this.sum = 0
  }

  /** By moving what is larger, one by one: of a few dozen numbers that is quicker than to ask the engine for it. */
  add(amount: number): void {
    if (this.length === this.#amounts.length) this.#grow()
    const amounts = this.#amounts
    let at = this.length++
    for (; at > 0 && amounts[at - 1]! > amount; at--) amounts[at] = amounts[at - 1]!
    amounts[at] = amount
    this.sum += amount
  }

  /** Takes out one that is there. */
  remove(amount: number): void {
    const amounts = this.#amounts
    let larger = amounts[--this.length]!
    for (let at = this.length; larger > amount; ) {
      at--
      const next = amounts[at]!
      amounts[at] = larger
      larger = next
    }
    this.sum -= amount
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(SMALLEST, this.length * 2))
    grown.set(this.#amounts)
    this.#amounts = grown
  }
}
