import type { Transaction } from '#schemas/types.ts'
import { isAttempt, isDeclined } from './basics.ts'
import { OracleCustomer } from './customer.ts'
import { asHeard, entityOracle } from './entities.ts'
import { featuresOf, type Values } from './features.ts'

/**
 * Every feature of every transaction, computed a second time: slowly, from lists of the transactions as they arrived,
 * with no code of the scorer. `logs` are the partitions of `transactions`, each in the order of its log.
 */
export function featureOracle(logs: readonly (readonly Transaction[])[]): Map<string, Values> {
  const says = entityOracle(asHeard(logs))
  const customers = new Map<string, OracleCustomer>()
  const found = new Map<string, Values>()
  for (const tx of logs.flat()) {
    const customer = customers.get(tx.customer_id) ?? new OracleCustomer()
    customers.set(tx.customer_id, customer)
    const isLate = customer.isTooLate(tx)
    if (!isLate && !isAttempt(tx) && !isDeclined(tx))
      customer.receipts = inOrder([...customer.receipts, tx], timeOf).slice(-64)
    const isFull = customer.attempts.length === 128
    const isRemembered = !isLate && (!isFull || tx.event_time >= customer.attempts[0]!.time)
    if (isAttempt(tx) && isRemembered && isFull) customer.attempts = customer.attempts.slice(1)
    const { values, past } = featuresOf(tx, customer, says.get(tx.transaction_id), isRemembered)
    found.set(tx.transaction_id, values)
    if (isLate) continue
    if (isAttempt(tx) && isRemembered) customer.attempts = inOrder([...customer.attempts, past], ({ time }) => time)
    customer.learn(tx)
  }
  return found
}

const timeOf = ({ event_time }: Transaction): number => event_time

/** By time, then arrival. */
const inOrder = <Item>(items: readonly Item[], time: (item: Item) => number): Item[] =>
  [...items].sort((a, b) => time(a) - time(b))
