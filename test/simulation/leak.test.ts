import { describe, expect, test } from 'vitest'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import type { Transaction } from '#schemas/types.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'
import { SentWorld, type Tamper, tellApart } from '../helpers/leak.ts'

/** Nothing but chance would be 0.5. */
const CHANCE_AT_MOST = 0.55
const LEAK_AT_LEAST = 0.6

const seeds = ['kaveri', 'narmada', 'godavari']
const worlds = seeds.map((seed) => new SentWorld(seed, 30_000))
const observed = worlds.flatMap((world) => world.observe())

describe('a shallow tree that looks at ids, formats, times and what is left out', () => {
  test.each(['fraud', 'inserted'] as const)('cannot tell %s from genuine payments of the same kind', (what) => {
    const { auc, positives, trees } = tellApart(observed, what, 'kaveri')
    expect(positives).toBeGreaterThan(500)
    expect(auc, `seeds ${seeds}: ${trees}`).toBeLessThan(CHANCE_AT_MOST)
  })
})

describe('would notice, if fraud had', () => {
  const onFraud =
    (change: (tx: Transaction) => Partial<Transaction>): Tamper =>
    ({ tx, kind }) =>
      kind === 'fraud' ? { ...tx, ...change(tx) } : tx

  test.each<[string, Tamper]>([
    [
      'a digit of its own in device ids',
      onFraud(({ device_id }) => ({ device_id: device_id && `${device_id.slice(0, -1)}7` })),
    ],
    ['paise in its amounts', onFraud(({ amount_minor }) => ({ amount_minor: amount_minor + 37 }))],
    ['a field that is filled in for fraud only', onFraud(() => ({ emi_tenure_months: 3 }))],
    ['moments of its own', onFraud(({ intended_at }) => ({ intended_at: (intended_at ?? 0) + 1 }))],
    ['a quicker way to the bank', onFraud(({ event_time }) => ({ ingest_time: event_time + 45 }))],
    [
      'ids numbered by another hand',
      onFraud(({ transaction_id }) => ({ transaction_id: `${transaction_id.slice(0, -2)}00` })),
    ],
  ])('%s', (_what, tamper) => {
    const { auc, trees } = tellApart(worlds[0]!.observe(tamper), 'fraud', 'kaveri')
    expect(auc, trees).toBeGreaterThan(LEAK_AT_LEAST)
  })
})

test('a row of features says of its form only which payment it belongs to', () => {
  const history = '2d'
  const settings = settingsSchema.parse({
    seed: 'kaveri',
    partitions: 2,
    population: { customers: 300 },
    clock: { history },
    fraud: { rate: 0.05 },
  })
  const pipeline = new MemoryPipeline(settings)
  pipeline.generate(pipeline.sources[0]!.historyFromMs + 2 * DAY_MS)
  pipeline.settle()
  for (let partition = 0; partition < settings.partitions; partition++) {
    const rows = pipeline.log.log('features', partition)
    const transactions = pipeline.log.log('transactions', partition)
    const first = pipeline.log.decode('features', rows[0]!).value
    expect(rows.length).toBeGreaterThan(100)
    rows.forEach((row, i) => {
      const { value, ...head } = pipeline.log.decode('features', row)
      const { value: tx } = pipeline.log.decode('transactions', transactions[i]!)
      const { transaction_id, customer_id, event_time, intended_at } = tx
      const { list_version, values } = first
      expect(head).toEqual({ topic: 'features', key: customer_id, timestampMs: event_time })
      expect({ ...value, values: value.values.length }).toEqual({
        transaction_id,
        customer_id,
        event_time,
        intended_at,
        list_version,
        values: values.length,
      })
    })
  }
})
