import type { Combination } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import type { FabricatedCustomers } from '../market/fabricated.ts'
import { customerId } from '../market/identifiers.ts'
import { DAY_MS } from '../time.ts'
import type { Account } from './account.ts'
import type { Newcomer } from './method.ts'
import type { InjectorTotals } from './totals.ts'

type InjectorContext = Context<Account, InjectorTotals>

/** Members of a ring who pay within 24 hours act together from so many on. */
const TOGETHER_MIN = 3

/** The fabricated customer of the partition whose turn it is, ring by ring; undefined when all have begun to pay. */
export const nextNewcomer = (
  fabricated: FabricatedCustomers,
  { shared, partition, partitions }: Pick<InjectorContext, 'shared' | 'partition' | 'partitions'>,
): number | undefined => fabricated.inPartition(partition, partitions)[shared.newcomers]

/** The account of a customer who begins to pay. */
export function introduce({ customer, account }: Newcomer, { state, shared }: InjectorContext): Account {
  shared.newcomers++
  return Object.assign(state(customerId(customer)), account)
}

/** Notes a payment of a member, and tells whether it is one of several: of those in this partition, up to now. */
export function combinationOf(totals: InjectorTotals, ringId: string, customer: number, timeMs: number): Combination {
  const others = (totals.ringActs[ringId] ?? []).filter(
    (act) => act.timeMs > timeMs - DAY_MS && act.customer !== customer,
  )
  totals.ringActs[ringId] = [...others, { customer, timeMs }]
  return others.length + 1 >= TOGETHER_MIN ? 'COORDINATED' : 'NONE'
}
