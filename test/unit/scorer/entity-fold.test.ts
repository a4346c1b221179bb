import { describe, expect, test } from 'vitest'
import type { Answer, Answers, Question } from '#schemas/types.ts'
import { PoisonError } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { defaultSettings } from '#services/settings.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, NEVER_MS } from '#services/time.ts'
import { NOON } from './helpers.ts'

let asked = 0

const question = (time: number, overrides: Partial<Question> = {}): Question => ({
  source_partition: 0,
  order_time: time,
  kind: 'COUNTERPARTY',
  entity_id: 'MER1',
  transaction_id: `Q${asked++}`,
  customer_id: 'CUST0000001',
  event_time: time,
  amount_minor: 100,
  declined: false,
  ...overrides,
})

/** Every partition has told that it has no report before `reportsToldMs` left. */
function start(partitions = 1, reportsToldMs = NEVER_MS) {
  const answers: Answer[] = []
  const sentTo: (number | undefined)[] = []
  const fold = new PartitionFold(
    entityFold(defaultSettings, partitions),
    0,
    partitions,
    (_topic, _key, value, _time, to) => {
      const { items } = value as Answers
      answers.push(...items)
      sentTo.push(...items.map(() => to))
    },
  )
  const put = (question: Question) => {
    const value = { items: [question] }
    fold.process({ topic: 'scorer.questions', key: '', value, timestampMs: question.order_time })
    fold.endOfBatch()
  }
  for (let source_partition = 0; source_partition < partitions; source_partition++) {
    put(question(reportsToldMs, { source_partition, kind: 'REPORT_WATERMARK' }))
  }
  return { fold, answers, sentTo, put, last: () => answers.at(-1)!.values }
}

describe('counterparties', () => {
  test('the decline ratio is of the running minute and the 59 before', () => {
    const { put, last } = start()
    put(question(NOON, { declined: true }))
    put(question(NOON + 59 * MINUTE_MS, { declined: true }))
    expect(last()[0]).toBe(3 / 22)
    put(question(NOON + 60 * MINUTE_MS))
    expect(last()[0]).toBe(2 / 22)
  })

  test('a payment from before 1970 makes nothing forgotten', () => {
    const { put, last } = start()
    put(question(NOON, { declined: true }))
    put(question(NOON, { event_time: -DAY_MS, customer_id: 'CUST0000002', declined: true }))
    put(question(NOON + MINUTE_MS, { declined: true }))
    expect(last()).toEqual([3 / 22, 1, 1, 0])
  })

  test('payers are counted once, for 24 hours', () => {
    const { put, last } = start()
    put(question(NOON, { customer_id: 'CUST0000002' }))
    put(question(NOON + HOUR_MS))
    put(question(NOON + HOUR_MS))
    expect(last()[1]).toBe(2)
    put(question(NOON + DAY_MS))
    expect(last()[1]).toBe(1)
  })

  test('there are no more than 64 payers to remember', () => {
    const { put, last } = start()
    for (let i = 0; i < 100; i++) put(question(NOON + i, { customer_id: `CUST${i}` }))
    expect(last()[1]).toBe(64)
  })
})

describe('the concentration of payers', () => {
  const payBy = (put: (question: Question) => void, ...customers: readonly string[]) => {
    for (const [i, customer_id] of customers.entries()) put(question(NOON + i * HOUR_MS, { customer_id }))
  }

  test('is the sum of squared shares', () => {
    const { put, last } = start()
    payBy(put, 'A', 'A', 'A', 'B')
    expect(last()[2]).toBe((9 + 1) / 16)
  })

  test('is of 7 days up to the newest payment, a late one among them', () => {
    const { put, last } = start()
    payBy(put, 'A', 'B')
    put(question(NOON + 7 * DAY_MS, { customer_id: 'C' }))
    expect(last()[2]).toBe(2 / 4)
    put(question(NOON + 7 * DAY_MS, { customer_id: 'C', event_time: NOON + 6 * DAY_MS }))
    expect(last()[2]).toBe((1 + 4) / 9)
    put(question(NOON + 7 * DAY_MS, { customer_id: 'D', event_time: NOON - 1 }))
    expect(last()[2]).toBe((1 + 4) / 9)
  })

  test('is of the newest 128 payments of a busy merchant', () => {
    const { put, last } = start()
    for (let i = 0; i < 100; i++) put(question(NOON + i * MINUTE_MS, { customer_id: 'A' }))
    for (let i = 0; i < 128; i++) put(question(NOON + DAY_MS + i * MINUTE_MS, { customer_id: `C${i}` }))
    expect(last()[2]).toBe(1 / 128)
  })
})

test('a late payment finds the hour that it belongs to', () => {
  const { put, last } = start()
  put(question(NOON, { declined: true }))
  for (let hour = 1; hour <= 24; hour++) put(question(NOON + hour * HOUR_MS))
  put(question(NOON + DAY_MS, { event_time: NOON + MINUTE_MS, declined: true }))
  expect(last()[0]).toBe(3 / 22)
})

test('devices count their customers, and are no merchants of the same id', () => {
  const { put, last, fold } = start()
  put(question(NOON))
  put(question(NOON, { kind: 'DEVICE' }))
  put(question(NOON, { kind: 'DEVICE', customer_id: 'CUST0000002' }))
  expect(last()).toEqual([2])
  expect(fold.keyCount).toBe(2)
})

test('answers go to the partition that asked', () => {
  const { put, sentTo } = start(2)
  put(question(NOON, { source_partition: 1 }))
  expect(sentTo).toEqual([])
  put(question(NOON + 1, { kind: 'WATERMARK' }))
  expect(sentTo).toEqual([1])
})

test('what has been silent for 32 days is forgotten', () => {
  const { put, fold } = start()
  put(question(NOON))
  put(question(NOON + 33 * DAY_MS, { entity_id: 'MER2' }))
  expect(fold.keyCount).toBe(1)
})

test('a question of unknown kind or source is poison', () => {
  const { put } = start()
  expect(() => put(question(NOON, { kind: 'UNKNOWN' }))).toThrow(PoisonError)
  expect(() => put(question(NOON, { source_partition: 1 }))).toThrow(PoisonError)
})

test('questions held by the megabyte are saved in parts that a broker takes, and parts no longer needed go', () => {
  const { put, fold } = start(2)
  for (let i = 0; i < 30_000; i++) put(question(NOON + i))
  const saved = new Map(fold.checkpoint().map((entry) => [entry.key, entry]))
  expect(saved.size).toBeGreaterThan(4)
  for (const { payload } of saved.values()) expect(payload!.length).toBeLessThan(500_000)
  const again = start(2)
  again.fold.restore(saved.values())
  expect(again.fold.shared.merge.size).toBe(30_000)
  again.put(question(NOON + DAY_MS, { source_partition: 1, kind: 'WATERMARK' }))
  expect(again.answers).toHaveLength(30_000)
  for (const entry of again.fold.checkpoint()) saved.set(entry.key, entry)
  expect([...saved.values()].filter(({ key, payload }) => key.startsWith('~') && payload !== null)).toHaveLength(1)
})
