import { describe, expect, test } from 'vitest'
import type { Features, FraudReport, Transaction } from '#schemas/types.ts'
import { Random, streamKey } from '#services/random.ts'
import { contextOf } from '#services/scorer/context-of.ts'
import { type CustomerState, isTooLate, learn, newCustomerState } from '#services/scorer/customer-state.ts'
import type { FeatureFunction } from '#services/scorer/feature-context.ts'
import { computerOf, decodeFeatures, featureFunctions, featureList } from '#services/scorer/features.ts'
import { paymentOf } from '#services/scorer/payment.ts'
import { DAY_MS } from '#services/time.ts'
import { partyOf } from '../helpers/oracle/basics.ts'
import { type Difference, differences } from '../helpers/oracle/compare.ts'
import { type Disordered, disordered } from '../helpers/oracle/disordered.ts'
import { entityOracle } from '../helpers/oracle/entities.ts'
import { featureOracle } from '../helpers/oracle/oracle.ts'
import { ScorerNetwork } from '../unit/scorer/helpers.ts'

type Rows = Map<string, Readonly<Record<string, number>>>

const PARTITIONS = 2

/** What the folds make of the logs, read in some order and started anew again and again. */
function streamed({ arrivals: logs, reports }: Disordered<Transaction[][]>, order: string): Rows {
  const network = new ScorerNetwork(PARTITIONS, new Random().at(streamKey(order, 'dice'), 0, 0), reports)
  for (const log of logs) network.feed(log)
  network.finish(Math.max(...logs.flat().map(({ event_time }) => event_time)) + DAY_MS)
  network.run(true)
  return new Map(
    network.of('features').map(({ value }) => {
      const { transaction_id, values } = value as Features
      return [transaction_id, Object.fromEntries(decodeFeatures(values))]
    }),
  )
}

/** What such functions make of a log, with the answers that the entity fold would give. */
function computed(
  log: readonly Transaction[],
  reports: readonly FraudReport[],
  functions: Readonly<Record<string, FeatureFunction>>,
): Rows {
  const says = entityOracle(log, reports)
  const compute = computerOf(functions)
  const values = new Float64Array(featureList.length)
  const customers = new Map<string, CustomerState>()
  const rows: Rows = new Map()
  for (const tx of log) {
    const customer = customers.get(tx.customer_id) ?? newCustomerState()
    customers.set(tx.customer_id, customer)
    const answers = says.get(tx.transaction_id)
    const payment = paymentOf(tx)
    const isLate = isTooLate(customer, payment)
    compute(
      contextOf(payment, customer, isLate, {
        counterparty:
          answers && partyOf(tx) !== null
            ? [answers.declineRatio, answers.payers, answers.concentration, answers.reportedRate]
            : undefined,
        device: answers && tx.device_id !== null ? [answers.deviceCustomers] : undefined,
      }),
      values,
    )
    rows.set(tx.transaction_id, Object.fromEntries(featureList.map(({ name }, i) => [name, values[i]!])))
    if (!isLate) learn(customer, payment)
  }
  return rows
}

/** The first of each feature, in words. */
function told(found: readonly Difference[]): string[] {
  const first = new Map(found.toReversed().map((difference) => [difference.name, difference]))
  return [...first.values()].map(
    ({ name, transactionId, streamed: is, expected: should }) =>
      `${name} of ${transactionId} is ${is}, should be ${should} (${found.filter((one) => one.name === name).length} in all)`,
  )
}

describe.each([
  ['chenab', 250, 20],
  ['jhelum', 150, 34],
] as const)('seed %s: %i customers, %i days, records late', (seed, customers, days) => {
  const world = disordered(seed, customers, days, PARTITIONS)
  const logs = world.arrivals
  const expected: Rows = featureOracle(logs, world.reports)

  test('every feature of every record is what the oracle says', () => {
    expect(logs.flat().length).toBeGreaterThan(8_000)
    expect(told(differences(logs, streamed(world, seed), expected))).toEqual([])
  })

  test('every feature takes several values', () => {
    const still = featureList.filter(({ name }) => new Set([...expected.values()].map((row) => row[name])).size < 2)
    expect(still).toEqual([])
  })
})

describe('an error planted in one feature', () => {
  const { arrivals, reports } = disordered('ravi', 40, 10, 1)
  const log = arrivals[0]!.slice(0, 600)
  const expected: Rows = featureOracle([log], reports)

  test('without any, all is well', () => {
    expect(told(differences([log], computed(log, reports, featureFunctions), expected))).toEqual([])
  })

  test.each(Object.entries<FeatureFunction>(featureFunctions))(
    '%s is caught, and nothing else blamed',
    (name, right) => {
      const wrong: FeatureFunction = (context) => right(context) + 1
      const found = differences([log], computed(log, reports, { ...featureFunctions, [name]: wrong }), expected)
      expect([...new Set(found.map((difference) => difference.name))]).toEqual([name])
    },
  )
})
