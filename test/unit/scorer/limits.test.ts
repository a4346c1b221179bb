import { expect, test } from 'vitest'
import { emptyRegistry } from '#infra/observability/registry.ts'
import { registerScorerMetrics } from '#infra/observability/scorer-metrics.ts'
import type { Transaction } from '#schemas/types.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { scorerLimits } from '#services/scorer/figures.ts'
import { aboutReport } from '#services/scorer/report-queue.ts'
import { settingsSchema } from '#services/settings.ts'
import { HOUR_MS, MINUTE_MS, NEVER_MS } from '#services/time.ts'
import { scorer } from '../cli/statuses.ts'
import { NOON, transaction } from './helpers.ts'

const settings = settingsSchema.parse({ scorer: { keysPerPartitionMax: 100 } })
const unasked = { merchant_id: null, device_id: null } as const

/** The folds of a single partition, each of which gives up what is beyond 100 keys. */
function start() {
  const scored = new Map<string, number>()
  const build = () =>
    new PartitionFold(customerFold(settings), 0, 1, (topic, _key, value) => {
      if (topic === 'scores') scored.set((value as { customer_id: string }).customer_id, scored.size)
    })
  const customers = { fold: build() }
  const entities = new PartitionFold(entityFold(settings, 1), 0, 1, () => {})
  entities.shared.reports.add(aboutReport('REPORT_WATERMARK', 0, NEVER_MS, '', '', ''))
  const pay = (value: Transaction) =>
    customers.fold.process({ topic: 'transactions', key: value.customer_id, value, timestampMs: value.event_time })
  const restart = () => {
    const entries = customers.fold.checkpoint()
    customers.fold = build()
    customers.fold.restore(entries)
  }
  const stores = <Shared>(fold: { shared: Shared; keyCount: number; evicted: number }) => ({
    shared: [fold.shared],
    keyCount: fold.keyCount,
    evicted: fold.evicted,
  })
  return { pay, restart, entities, limits: () => scorerLimits(stores(customers.fold), stores(entities)) }
}

const customer = (n: number): string => `CUST${String(n).padStart(7, '0')}`

test('of more customers than are remembered, the one whose last payment is longest ago goes, and is counted', () => {
  const { pay, restart, limits } = start()
  const visit = (n: number, minute: number) =>
    pay(transaction({ ...unasked, customer_id: customer(n), event_time: NOON + minute * MINUTE_MS }))
  for (let n = 0; n < 100; n++) visit(n, n)
  visit(0, 100)
  expect(limits().evicted.customers).toBe(0)
  visit(100, 101)
  expect(limits()).toMatchObject({ keys: { customers: 100 }, evicted: { customers: 1 } })
  visit(0, 102)
  expect(limits().evicted.customers).toBe(1)
  visit(1, 103)
  expect(limits()).toMatchObject({ keys: { customers: 100 }, evicted: { customers: 2 } })
  restart()
  expect(limits()).toMatchObject({ keys: { customers: 100 }, evicted: { customers: 2 } })
})

test('of more payments than a customer’s windows hold, the oldest by event time goes first, and is counted', () => {
  const { pay, restart, limits } = start()
  const at = (hour: number) => pay(transaction({ ...unasked, event_time: NOON + hour * HOUR_MS }))
  for (let hour = 0; hour < 128; hour++) at(hour)
  expect(limits().evicted.payments).toBe(0)
  at(126.5)
  expect(limits().evicted.payments).toBe(1)
  at(128)
  at(105)
  expect(limits().evicted.payments).toBe(3)
  restart()
  expect(limits().evicted.payments).toBe(3)
})

test('merchants and devices beyond the limit go likewise', () => {
  const { entities, limits } = start()
  for (let n = 0; n < 103; n++) {
    const value = {
      source_partition: 0,
      order_time: NOON + n,
      kind: n % 2 === 0 ? 'DEVICE' : 'COUNTERPARTY',
      entity_id: `E${n}`,
      transaction_id: `T${n}`,
      customer_id: customer(n),
      event_time: NOON + n,
      amount_minor: 100,
      declined: false,
    } as const
    entities.process({ topic: 'scorer.questions', key: '', value: { items: [value] }, timestampMs: 0 })
  }
  expect(limits()).toMatchObject({ keys: { entities: 100 }, evicted: { entities: 3 } })
})

test('what was given up is a counter by store, there from the start, and what is kept is a gauge', async () => {
  const metricsOf = async (status: typeof scorer | undefined) => {
    const registry = emptyRegistry()
    registerScorerMetrics(registry, () => status)
    return (await registry.metrics()).split('\n')
  }
  expect(await metricsOf(undefined)).toContain('rupeestream_scorer_evictions_total{store="payments"} 0')
  const evicted = { customers: 3, entities: 2, payments: 7, answers: 1, questions: 4, reports: 5 }
  const lines = await metricsOf({ ...scorer, evicted })
  for (const [store, count] of Object.entries(evicted)) {
    expect(lines).toContain(`rupeestream_scorer_evictions_total{store="${store}"} ${count}`)
  }
  expect(lines).toContain('rupeestream_scorer_customers 5000')
  expect(lines).toContain('rupeestream_scorer_entities 21000')
})
