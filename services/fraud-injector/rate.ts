import type { FraudType } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import type { FabricatedCustomers } from '../market/fabricated.ts'
import { hash32 } from '../random.ts'
import { type FraudSettings, fraudRate } from '../settings.ts'
import { DAY_MS, HOUR_MS } from '../time.ts'
import type { Account } from './account.ts'
import type { Chance } from './chance.ts'
import type { Dials } from './dials.ts'
import type { FraudTypeRow } from './fraud-types.ts'
import type { FraudMethod } from './method.ts'
import { nextNewcomer } from './newcomers.ts'
import { type Spread, shareAbove } from './spread.ts'
import type { Debt, InjectorTotals } from './totals.ts'

/** A campaign that is due starts at one in so many eligible records: not all at once, and nobody can foretell where. */
const START_ONE_IN = 25
/** Debts grow no further than this many campaigns: a stream without victims must not end in a flood. */
const CAMPAIGNS_OWED_MAX = 20

type InjectorContext = Pick<Context<Account, InjectorTotals>, 'shared' | 'partition' | 'partitions'>

interface Share {
  /** Of its debt, among the debts in the order of methods. */
  readonly index: number
  /** Fraudulent transactions of this type owed for each transaction. */
  readonly perTransaction: number
  readonly most: number
  readonly leadMs: number
  readonly incubationDays: Spread | undefined
}

interface Shares {
  readonly all: readonly Share[]
  /** Once all fabricated customers are used up: the other types take over what was theirs. */
  readonly others: readonly Share[]
}

/**
 * Error diffusion: every transaction adds to what is owed by type, every campaign planned is taken off at once. So the
 * share comes out as configured however eligible customers are strewn, and the same after a restart.
 */
export class RateController {
  readonly #dials: Dials
  readonly #methods: readonly FraudMethod[]
  readonly #fabricated: FabricatedCustomers
  readonly #chance: Chance
  readonly #shares = new WeakMap<FraudSettings, Shares>()
  readonly #debts = new WeakMap<InjectorTotals['debts'], readonly Debt[]>()

  constructor(dials: Dials, methods: readonly FraudMethod[], fabricated: FabricatedCustomers, chance: Chance) {
    this.#dials = dials
    this.#methods = methods
    this.#fabricated = fabricated
    this.#chance = chance
  }

  /**
   * Before anything is owed: each debt begins below zero by a random part of a campaign, as if the stream had been
   * looked at in the midst of its course. So a campaign may be expected from the first record on as often as the rate
   * says, where one comes in millions of records, too. The parts of a type's partitions are evenly spread.
   */
  open({ shared, partition, partitions }: InjectorContext): void {
    for (const { type, row } of this.#methods) {
      const random = this.#chance.debt(hash32(type))
      const part = (): number => ((random.unit() + partition / partitions) % 1) * row.expectedTransactions
      shared.debts[type] = { due: -part(), residual: row.incubationDays === undefined ? 0 : -part(), twins: 0 }
    }
  }

  #sharesOf(context: InjectorContext): readonly Share[] {
    const fraud = this.#dials.of(context.shared)
    const known = this.#shares.get(fraud)
    const shares = known ?? {
      all: sharesOf(fraud, this.#methods, () => true),
      others: sharesOf(fraud, this.#methods, ({ row }) => !row.newcomers),
    }
    if (known === undefined) this.#shares.set(fraud, shares)
    return nextNewcomer(this.#fabricated, context) === undefined ? shares.others : shares.all
  }

  /**
   * A transaction went out. For as long as a campaign takes to unfold, the first ones count twice: what is planned now
   * comes later, and nothing was planned before.
   */
  accrue(context: InjectorContext, timeMs: number): void {
    const { shared: totals } = context
    const ageMs = timeMs - (totals.firstMs ?? timeMs)
    const debts = this.debts(totals)
    for (const { index, perTransaction, most, leadMs, incubationDays } of this.#sharesOf(context)) {
      const debt = debts[index]!
      const more = ageMs < leadMs ? 2 * perTransaction : perTransaction
      debt.due = Math.min(most, debt.due + more)
      if (incubationDays === undefined) continue
      debt.residual = Math.min(most, debt.residual + more * shareAbove(incubationDays, ageMs / DAY_MS))
    }
  }

  /** What is owed, in the order of methods; looked up once for all records. */
  debts({ debts }: InjectorTotals): readonly Debt[] {
    const known = this.#debts.get(debts)
    if (known !== undefined) return known
    const found = this.#methods.map(({ type }) => debts[type]!)
    this.#debts.set(debts, found)
    return found
  }

  /** A campaign has begun: as many transactions as are expected of it are no longer owed. */
  began(totals: InjectorTotals, method: FraudMethod, from: 'due' | 'residual'): void {
    const debt = debtOf(totals, method.type)
    debt[from] -= method.row.expectedTransactions
    debt.twins = Math.min(CAMPAIGNS_OWED_MAX, debt.twins + twinsPerCampaign(this.#dials.of(totals), method.row))
    totals.campaigns[method.type] = (totals.campaigns[method.type] ?? 0) + 1
  }

  twinBegan(totals: InjectorTotals, method: FraudMethod): void {
    debtOf(totals, method.type).twins--
  }

  twinFailed(totals: InjectorTotals, type: FraudType): void {
    debtOf(totals, type).twins++
  }

  /** So many fewer transactions come of a campaign than were taken off; negative for more. */
  giveBack(totals: InjectorTotals, type: FraudType, transactions: number): void {
    debtOf(totals, type).due += transactions
  }
}

/** Chance that a campaign of this type starts at an eligible record, by how much of it is owed. */
export const hazard = (owed: number, { row }: FraudMethod): number =>
  Math.min(1, owed / row.expectedTransactions / START_ONE_IN)

export const twinHazard = ({ twins }: Debt): number => Math.min(1, twins / START_ONE_IN)

/** Of the methods that take part, those that are wanted. */
function sharesOf(
  fraud: FraudSettings,
  methods: readonly FraudMethod[],
  part: (method: FraudMethod) => boolean,
): Share[] {
  const mix: Readonly<Partial<Record<FraudType, number>>> = fraud.mix
  const weight = (method: FraudMethod): number =>
    part(method) ? (mix[method.type] ?? 0) * method.row.expectedTransactions : 0
  const total = methods.reduce((sum, method) => sum + weight(method), 0)
  return methods.flatMap((method, index) => {
    const perTransaction = total === 0 ? 0 : (fraudRate(fraud) * weight(method)) / total
    const { expectedTransactions, leadHours, incubationDays } = method.row
    const most = CAMPAIGNS_OWED_MAX * expectedTransactions
    return perTransaction === 0 ? [] : [{ index, perTransaction, most, leadMs: leadHours * HOUR_MS, incubationDays }]
  })
}

/** The harder fraud is to see, the more there is that looks like it: half as many at difficulty 0, half more at 1. */
const twinsPerCampaign = ({ twinsPerCampaign, difficulty }: FraudSettings, { twins }: FraudTypeRow): number =>
  twinsPerCampaign * (0.5 + difficulty) * (twins ?? 1)

const debtOf = (totals: InjectorTotals, type: FraudType): Debt => totals.debts[type]!
