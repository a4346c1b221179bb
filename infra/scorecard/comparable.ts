import { Genuine } from '../learning/metrics.ts'
import type { Payments } from './payments.ts'

/** Of fewer genuine payments a rail says too little: its frauds are then held against those of all rails. */
const RAIL_PAYMENTS_MIN = 100

/**
 * Genuine payments that a fraud could be: of friendly fraud such purchases as could be disputed, of every other type
 * payments by the same rail. The published detectors from which the bands come have seen one rail only, cards; that
 * eight in ten genuine payments are by UPI would flatter whoever looks for frauds that are done with cards.
 */
export class Comparable {
  readonly #payments: Payments
  readonly #rows: ArrayLike<number>
  /** Places among the rows. */
  readonly #all: readonly number[]
  readonly #disputable: readonly number[]
  readonly #byRail: readonly (readonly [rail: string, places: readonly number[]])[]

  constructor(payments: Payments, rows: ArrayLike<number>) {
    const { types, disputable, rails } = payments
    this.#payments = payments
    this.#rows = rows
    this.#all = Array.from(rows, (_, place) => place).filter((place) => types[rows[place]!] === 'NONE')
    this.#disputable = this.#all.filter((place) => disputable[rows[place]!] === 1)
    this.#byRail = [...Map.groupBy(this.#all, (place) => rails[rows[place]!]!)].filter(
      ([, own]) => own.length >= RAIL_PAYMENTS_MIN,
    )
  }

  /**
   * Of each fraud among the rows, by its place, the share of the genuine payments that it could be that its value, a
   * score or a feature, is above; ties count half. 0 for genuine payments.
   */
  wins(values: ArrayLike<number>): Float64Array {
    const { types, rails } = this.#payments
    const of = (places: readonly number[]): Genuine => new Genuine(Float64Array.from(places, (place) => values[place]!))
    const disputable = of(this.#disputable)
    const byRail = new Map(this.#byRail.map(([rail, places]) => [rail, of(places)]))
    let all: Genuine | undefined
    const against = (row: number): Genuine => {
      const own = types[row] === 'FRIENDLY_FRAUD' ? disputable : byRail.get(rails[row]!)
      if (own === undefined) all ??= of(this.#all)
      return own ?? all!
    }
    return Float64Array.from(this.#rows, (row, place) =>
      types[row] === 'NONE' ? 0 : against(row).winsOf(values[place]!),
    )
  }
}
