import { describe, expect, test } from 'vitest'
import { partitionOf } from '#schemas/partition.ts'
import type { Alert, Features, Questions, Rule, Transaction } from '#schemas/types.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { ByteWriter } from '#services/scorer/bytes.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { customerSharedCodec } from '#services/scorer/customer-shared.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import { SeenIds } from '#services/scorer/seen-ids.ts'
import { defaultSettings } from '#services/settings.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { NOON, type Sent, transaction } from './helpers.ts'
import { traffic } from './traffic.ts'

function start(partition = 0, partitions = 1) {
  const sent: (Sent & { partition?: number | undefined })[] = []
  const fold = new PartitionFold(
    customerFold(defaultSettings),
    partition,
    partitions,
    (topic, key, value, timestampMs, to) => sent.push({ topic, key, value, timestampMs, partition: to }),
  )
  const of = (topic: string) => sent.filter((one) => one.topic === topic)
  const pay = (value: Transaction) =>
    fold.process({ topic: 'transactions', key: value.customer_id, value, timestampMs: value.event_time })
  const reply = ({ transaction_id, customer_id }: Transaction, kind: 'COUNTERPARTY' | 'DEVICE', values: number[]) =>
    fold.process({
      topic: 'scorer.answers',
      key: customer_id,
      value: { items: [{ transaction_id, customer_id, kind, values }] },
      timestampMs: NOON,
    })
  const watermark = (records: number, time: number, topic = 'transactions') =>
    fold.process({ topic: 'watermarks', key: topic, value: { topic, records, time }, timestampMs: time })
  return { fold, sent, of, pay, reply, watermark }
}

const unasked = { merchant_id: null, device_id: null } as const

describe('questions', () => {
  test('one about the counterparty and one about the device, at the partition of their ids', () => {
    const { fold, pay, of } = start(2, 4)
    pay(transaction({ event_time: NOON }))
    pay(transaction({ event_time: NOON - 1, merchant_id: null, payee_id: 'PAY1', device_id: null }))
    pay(transaction({ event_type: 'REFUND' }))
    expect(of('scorer.questions')).toEqual([])
    fold.endOfBatch()
    const asked = of('scorer.questions').flatMap(({ partition, value }) =>
      (value as Questions).items.filter(({ kind }) => kind !== 'WATERMARK').map((item) => ({ partition, item })),
    )
    expect(asked.map(({ item }) => item.entity_id).sort()).toEqual(['DEV1', 'MER1', 'PAY1'])
    for (const { partition, item } of asked) expect(partition).toBe(partitionOf(item.entity_id, 4))
    const transfer = asked.find(({ item }) => item.entity_id === 'PAY1')!.item
    expect(transfer).toMatchObject({ source_partition: 2, order_time: NOON, event_time: NOON - 1 })
  })

  test('many of them go in few records, each well below what a broker takes', () => {
    const { fold, pay, of } = start()
    for (let n = 0; n < 2_500; n++) pay(transaction({ transaction_id: `T${n}`, device_id: null }))
    fold.endOfBatch()
    const sizes = of('scorer.questions').map(({ value }) => (value as Questions).items.length)
    expect(sizes).toEqual([1_000, 1_000, 501])
  })

  test('a watermark goes to every partition after a batch in which time has moved, and only then', () => {
    const { fold, pay, of } = start(1, 3)
    fold.endOfBatch()
    pay(transaction(unasked))
    fold.endOfBatch()
    fold.endOfBatch()
    const told = of('scorer.questions')
    expect(told.map(({ partition }) => partition)).toEqual([0, 1, 2])
    for (const { value } of told) {
      expect((value as Questions).items).toMatchObject([
        { kind: 'WATERMARK', entity_id: '', order_time: NOON, source_partition: 1 },
      ])
    }
  })
})

test('a payment waits for its answers, and those behind it wait with it', () => {
  const { pay, reply, of } = start()
  const first = transaction()
  pay(first)
  pay(transaction(unasked))
  expect(of('scores')).toHaveLength(0)
  reply(first, 'DEVICE', [3])
  reply(first, 'DEVICE', [9])
  expect(of('scores')).toHaveLength(0)
  reply(first, 'COUNTERPARTY', [0.5, 1])
  expect(of('scores')).toHaveLength(2)
  const features = decodeFeatures((of('features')[0]!.value as Features).values)
  expect(features.get('merchant_decline_ratio_1h')).toBe(0.5)
  expect(features.get('device_customer_count_24h')).toBe(3)
})

test('a replay may read an answer before its payment', () => {
  const { pay, reply, of } = start()
  const payment = transaction({ device_id: null })
  reply(payment, 'COUNTERPARTY', [0.5, 1])
  pay(payment)
  expect(of('scores')).toHaveLength(1)
})

test('a duplicate of a waiting payment is counted, not scored twice', () => {
  const { fold, pay, reply, of } = start()
  const payment = transaction({ device_id: null })
  pay(payment)
  pay(payment)
  reply(payment, 'COUNTERPARTY', [0.5, 1])
  expect(of('scores')).toHaveLength(1)
  expect(fold.shared.totals.duplicates).toBe(1)
})

test('a payment delivered again is counted, asks nothing and is not scored twice, after a restart too', () => {
  const { fold, pay, reply, of } = start()
  const payment = transaction({ device_id: null })
  pay(payment)
  reply(payment, 'COUNTERPARTY', [0.5, 1])
  pay(payment)
  expect(of('scores')).toHaveLength(1)
  expect(fold.shared.totals.duplicates).toBe(1)
  const bytes = customerSharedCodec.encode(fold.shared)
  const { seen } = customerSharedCodec.decode(bytes)
  expect(seen.isNew(payment.transaction_id)).toBe(false)
  expect(seen.isNew('another')).toBe(true)
})

test('as many are remembered as ten minutes may bring, and no more', () => {
  const seen = new SeenIds()
  for (let i = 0; i < 20_000; i++) expect(seen.isNew(`payment ${i}`)).toBe(true)
  expect(seen.isNew('payment 19999')).toBe(false)
  expect(seen.isNew(`payment ${20_000 - 16_384}`)).toBe(false)
  expect(seen.isNew('payment 0')).toBe(true)
  const out = new ByteWriter()
  seen.write(out)
  expect(out.finish().length).toBeLessThan(132_000)
})

test('money coming in scores 0 and raises nothing', () => {
  const { pay, of } = start()
  for (let i = 0; i < 20; i++) pay(transaction({ ...unasked, event_time: NOON + i }))
  const alerts = of('alerts.velocity').length
  pay(transaction({ event_type: 'CREDIT', event_time: NOON + 400_000 }))
  expect(of('scores').at(-1)!.value).toMatchObject({ score: 0, reasons: [] })
  expect(of('alerts.velocity')).toHaveLength(alerts)
})

describe('watermarks', () => {
  test('hold once as many records are read as they name, or more', () => {
    const { fold, pay, watermark } = start()
    watermark(2, NOON + DAY_MS)
    watermark(0, NOON - DAY_MS)
    expect(fold.streamTimeMs).toBe(NOON - DAY_MS)
    pay(transaction(unasked))
    expect(fold.streamTimeMs).toBe(NOON)
    pay(transaction(unasked))
    expect(fold.streamTimeMs).toBe(NOON + DAY_MS)
    watermark(2, NOON + 3 * DAY_MS, 'transactions.genuine')
    expect(fold.streamTimeMs).toBe(NOON + DAY_MS)
    watermark(1, NOON + 2 * DAY_MS)
    expect(fold.streamTimeMs).toBe(NOON + 2 * DAY_MS)
  })

  test('hold after a record that was refused, too', () => {
    const { fold, pay, watermark } = start()
    pay(transaction(unasked))
    watermark(2, NOON + DAY_MS)
    fold.refuse('scorer.answers')
    expect(fold.streamTimeMs).toBe(NOON)
    fold.refuse('transactions')
    expect(fold.streamTimeMs).toBe(NOON + DAY_MS)
  })
})

describe('alerts', () => {
  const everything: Rule = {
    rule_id: 'everything',
    status: 'ACTIVE',
    kind: 'ANOMALY',
    severity: 'LOW',
    description: 'Any amount',
    when: { op: 'GT', feature: 'amount_minor', value: 0, times: null, of: null, children: [] },
    cooldown_seconds: 600,
    sample_share: 1,
  }
  const at = (minutes: number, overrides: Partial<Transaction> = {}) =>
    transaction({ ...unasked, event_time: NOON + minutes * MINUTE_MS, ...overrides })

  test('a rule applies from the next record on, and is silent for its cool-down, customer by customer', () => {
    const { fold, pay, of } = start()
    pay(at(0))
    fold.applySide('rules', 'everything', everything, null)
    pay(at(1, { transaction_id: 'first' }))
    pay(at(2))
    pay(at(2, { customer_id: 'CUST0000002' }))
    pay(at(11, { transaction_id: 'again' }))
    fold.applySide('rules', 'everything', null, null)
    pay(at(60))
    const ids = of('alerts.anomaly').map(({ value }) => (value as Alert).alert_id)
    expect(ids).toEqual(['everything:first', expect.any(String), 'everything:again'])
    expect(fold.shared.totals.anomaly).toBe(3)
  })

  test('name the payments of their cause, those judged in silence among them, until a day passes without any', () => {
    const { fold, pay, of } = start()
    fold.applySide('rules', 'everything', everything, null)
    const days = (n: number) => n * 24 * 60
    for (const [id, minutes] of [
      ['a', 0],
      ['b', 5],
      ['c', 9],
      ['d', 12],
      ['e', days(1) + 12],
      ['f', days(2) + 13],
    ] as const) {
      pay(at(minutes, { transaction_id: id }))
    }
    const told = of('alerts.anomaly').map(({ value }) => {
      const { group_id, transactions } = value as Alert
      return [group_id, ...transactions.map(({ transaction_id }) => transaction_id)]
    })
    expect(told).toEqual([
      ['everything:a', 'a'],
      ['everything:a', 'a', 'b', 'c', 'd'],
      ['everything:a', 'a', 'b', 'c', 'd', 'e'],
      ['everything:f', 'f'],
    ])
    const times = (of('alerts.anomaly')[1]!.value as Alert).transactions.map(({ event_time }) => event_time)
    expect(times).toEqual([0, 5, 9, 12].map((minutes) => NOON + minutes * MINUTE_MS))
  })

  test('carry the payment, its reasons, and whether they are history', () => {
    const { fold, pay, of } = start()
    fold.applySide('rules', 'everything', everything, null)
    const history = at(-24 * 60)
    pay(history)
    pay(at(20, { intended_at: 5 }))
    const [past, live] = of('alerts.anomaly').map(({ value }) => value as Alert)
    expect(past).toMatchObject({ history: true, intended_at: null, city: 'Pune', amount_minor: 20_000 })
    expect(past!.text).toMatch(/^Any amount\. amount: ₹200 \(limit: ₹0\); .+% of the score$/)
    expect(live).toMatchObject({ history: false, intended_at: 5, event_time: NOON + 20 * MINUTE_MS })
  })

  test('are history by event time, not by whether a schedule wanted them', () => {
    const { fold, pay, of } = start()
    fold.applySide('rules', 'everything', { ...everything, cooldown_seconds: 0 }, null)
    pay(at(-24 * 60, { intended_at: 5 }))
    pay(at(20))
    const told = of('alerts.anomaly').map(({ value }) => value as Alert)
    expect(told.map(({ history, intended_at }) => [history, intended_at])).toEqual([
      [true, 5],
      [false, null],
    ])
  })

  test('a rule with mistakes is rejected, with reasons, and nothing stops', () => {
    const { fold, pay, of } = start()
    fold.applySide('rules', 'everything', { ...everything, kind: 'UNKNOWN' }, null)
    pay(at(0))
    expect(of('scores')).toHaveLength(1)
    expect([...fold.shared.rejectedRules.keys()]).toEqual(['everything'])
  })
})

test('the state of the busiest customer stays below 5 kB', () => {
  const { fold, pay } = start()
  for (const one of traffic(3_000, 'busy', 1))
    pay({ ...one, ...unasked, instrument_token: one.transaction_id, category: 'FUEL' })
  for (let i = 0; i < 300; i++) pay(transaction({ customer_id: 'CUST0000000', merchant_id: `M${i}`, device_id: null }))
  const sizes = fold
    .checkpoint()
    .filter(({ key }) => key.startsWith('CUST'))
    .map(({ payload }) => payload!.length)
  expect(Math.max(...sizes)).toBeLessThan(5_000)
})
