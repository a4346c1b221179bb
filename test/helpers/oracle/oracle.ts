import type { FraudReport, Transaction } from '#schemas/types.ts'
import { isAttempt, isDeclined } from './basics.ts'
import { OracleCustomer } from './customer.ts'
import { asHeard, type EntitySays, entityOracle } from './entities.ts'
import { featuresOf, type Values } from './features.ts'

/** A transaction and its features. */
export interface Row {
  readonly tx: Transaction
  readonly values: Values
  /** How far behind the newest event time of its partition it came. */
  readonly lateMs: number
}

/**
 * Every feature of every transaction, computed a second time: slowly, from lists of the transactions as they arrived,
 * with no code of the scorer. `logs` are the partitions of `transactions`, each in the order of its log; a second copy
 * of a transaction counts for nothing. `reports` are those of all partitions, in the order of their time.
 */
export function* featureRows(
  delivered: readonly (readonly Transaction[])[],
  reports: readonly FraudReport[],
): Generator<Row> {
  const logs = delivered.map(firstCopies)
  const says = entityOracle(asHeard(logs), reports)
  const customers = new Map<string, OracleCustomer>()
  for (const log of logs) {
    let newest = Number.NEGATIVE_INFINITY
    for (const tx of log) {
      newest = Math.max(newest, tx.event_time)
      const customer = customers.get(tx.customer_id) ?? new OracleCustomer()
      customers.set(tx.customer_id, customer)
      yield { tx, values: valuesOf(tx, customer, says.get(tx.transaction_id)), lateMs: newest - tx.event_time }
    }
  }
}

/** The same by transaction, of logs that are small. */
export const featureOracle = (
  logs: readonly (readonly Transaction[])[],
  reports: readonly FraudReport[],
): Map<string, Values> => new Map([...featureRows(logs, reports)].map(({ tx, values }) => [tx.transaction_id, values]))

/** The features of a record, which the customer is known by afterwards. */
function valuesOf(tx: Transaction, customer: OracleCustomer, says: EntitySays | undefined): Values {
  const isLate = customer.isTooLate(tx)
  if (!isLate && !isAttempt(tx) && !isDeclined(tx))
    customer.receipts = inOrder([...customer.receipts, tx], timeOf).slice(-64)
  const isFull = customer.attempts.length === 128
  const isRemembered = !isLate && (!isFull || tx.event_time >= customer.attempts[0]!.time)
  if (isAttempt(tx) && isRemembered && isFull) customer.attempts = customer.attempts.slice(1)
  const { values, past } = featuresOf(tx, customer, says, isRemembered)
  if (isLate) return values
  if (isAttempt(tx) && isRemembered) customer.attempts = inOrder([...customer.attempts, past], ({ time }) => time)
  customer.learn(tx)
  return values
}

function firstCopies(log: readonly Transaction[]): Transaction[] {
  const seen = new Set<string>()
  return log.filter(({ transaction_id }) => !seen.has(transaction_id) && seen.add(transaction_id))
}

const timeOf = ({ event_time }: Transaction): number => event_time

/** By time, then arrival. */
const inOrder = <Item>(items: readonly Item[], time: (item: Item) => number): Item[] =>
  [...items].sort((a, b) => time(a) - time(b))
