import type { GroundTruth, Transaction } from '#schemas/types.ts'
import type { Context } from '../../fold.ts'
import { hash32 } from '../../random.ts'
import type { Account } from '../account.ts'
import type { Chance } from '../chance.ts'
import type { Dials } from '../dials.ts'
import type { InjectorTotals } from '../totals.ts'
import type { AnomalyMethod, BenignCause, Deed } from './anomaly.ts'
import { families } from './registry.ts'

/** An anomaly that is owed comes at one in so many records: not all at once, and nobody can foretell where. */
const COMES_ONE_IN = 100
/** Tried at this share of records at the most, and so many owed: the first days, when nobody is known, end in no flood. */
const TRIED_MAX = 0.7
const OWED_MAX = 5_000

type InjectorContext = Pick<Context<Account, InjectorTotals>, 'shared' | 'partition' | 'partitions'>

/**
 * Makes honest payments odd, as many as are missing to the configured share: what trips and frauds show already counts.
 * By debt, as the rate of fraud is.
 */
export class Anomalies {
  readonly #dials: Dials
  readonly #chance: Chance
  readonly #causes: readonly { readonly method: AnomalyMethod; readonly cause: BenignCause }[]
  readonly #weight: number

  constructor(dials: Dials, chance: Chance) {
    this.#dials = dials
    this.#chance = chance
    this.#causes = families.flatMap((method) => method.causes.map((cause) => ({ method, cause })))
    this.#weight = this.#causes.reduce((sum, { cause }) => sum + cause.weight, 0)
  }

  /** Before anything is owed: what is owed begins below zero by a random part of one, as the debts of frauds do. */
  open({ shared, partition, partitions }: InjectorContext): void {
    shared.anomaliesOwed = -((this.#chance.debt(hash32('anomaly')).unit() + partition / partitions) % 1)
  }

  /** A transaction went out. */
  accrue(totals: InjectorTotals, { anomaly_types: types }: GroundTruth): void {
    const { anomalyRate } = this.#dials.of(totals)
    totals.anomaliesOwed = Math.min(OWED_MAX, totals.anomaliesOwed + anomalyRate - (types.length > 0 ? 1 : 0))
    if (types.length > 0) totals.anomalous++
    for (const type of types) totals.anomalies[type] = (totals.anomalies[type] ?? 0) + 1
  }

  /**
   * What an honest customer does at this genuine record, or undefined. Never while a campaign runs, nor shortly after:
   * a label must not say of a fraud's surroundings what the fraud did not do.
   */
  consider(tx: Transaction, account: Account, totals: InjectorTotals): Deed | undefined {
    if (totals.anomaliesOwed <= 0 || account.campaign !== null || tx.event_time < account.quietUntilMs) return undefined
    if (account.oddity !== null || tx.status_response.status !== 'APPROVED') return undefined
    const random = this.#chance.anomaly(account.customer, account.seen)
    if (random.unit() >= Math.min(TRIED_MAX, totals.anomaliesOwed / COMES_ONE_IN)) return undefined
    const { method, cause } = this.#pick(random.unit())
    if (account.habits.count < method.minHistory) return undefined
    const deed = cause.deed(tx, { account, random, chance: this.#chance, nowMs: tx.event_time })
    if (deed?.rewrite && method.shown({ ...tx, ...deed.rewrite }, account) === undefined) return undefined
    if (deed?.payment) {
      account.oddity = { cause: deed.cause, payment: deed.payment }
      totals.anomaliesOwed--
    }
    return deed
  }

  /** The odd payment that was planned has been made, or has become impossible: what it shows counts when it goes out. */
  happened(account: Account, totals: InjectorTotals): void {
    account.oddity = null
    totals.anomaliesOwed++
  }

  #pick(unit: number): { readonly method: AnomalyMethod; readonly cause: BenignCause } {
    let left = unit * this.#weight
    for (const found of this.#causes) {
      left -= found.cause.weight
      if (left < 0) return found
    }
    return this.#causes.at(-1)!
  }
}
