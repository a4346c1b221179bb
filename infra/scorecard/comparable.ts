import type { FraudType } from '#schemas/types.ts'
import { Genuine } from '../learning/metrics.ts'
import type { Payments } from './payments.ts'

/** Of fewer genuine payments a rail says too little: its frauds are then held against those of all rails. */
const RAIL_PAYMENTS_MIN = 100

/**
 * Genuine payments that a fraud could be: of friendly fraud such purchases as could be disputed, of every other type
 * payments by the same rail. The published detectors from which the bands come have seen one rail only, cards; that
 * nine in ten genuine payments are by UPI would flatter whoever looks for frauds that are done with cards.
 */
export class Comparable {
  readonly #payments: Payments
  readonly #all: Genuine
  readonly #disputable: Genuine
  readonly #byRail: ReadonlyMap<string, Genuine>

  /** `value` is what is compared, a score or a feature, of each of these rows by its place among them. */
  constructor(payments: Payments, rows: ArrayLike<number>, value: (place: number) => number) {
    this.#payments = payments
    const places = Array.from(rows, (_, place) => place).filter((place) => payments.types[rows[place]!] === 'NONE')
    const of = (own: readonly number[]): Genuine => new Genuine(own.map(value))
    this.#all = of(places)
    this.#disputable = of(places.filter((place) => payments.disputable[rows[place]!] === 1))
    const byRail = [...Map.groupBy(places, (place) => payments.rails[rows[place]!]!)]
    this.#byRail = new Map(
      byRail.filter(([, own]) => own.length >= RAIL_PAYMENTS_MIN).map(([rail, own]) => [rail, of(own)]),
    )
  }

  /** The share of them that the value of a fraud, of which `row` is the payment, is above; ties count half. */
  winsOf(row: number, value: number): number {
    const type: FraudType = this.#payments.types[row]!
    const others = type === 'FRIENDLY_FRAUD' ? this.#disputable : this.#byRail.get(this.#payments.rails[row]!)
    return (others ?? this.#all).winsOf(value)
  }
}
