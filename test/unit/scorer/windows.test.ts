import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#services/time.ts'
import { declined, NOON, transaction, valuesOfLast } from './helpers.ts'

/** Payments so long before noon, and one at noon. */
const at = (agoMs: number, overrides = {}) => transaction({ event_time: NOON - agoMs, ...overrides })
const atNoon = (overrides = {}) => transaction({ event_time: NOON, ...overrides })

describe('counts in windows (time - window, time], this payment included', () => {
  const history = [
    at(25 * HOUR_MS),
    at(DAY_MS),
    at(2 * HOUR_MS),
    at(HOUR_MS),
    at(59 * MINUTE_MS, declined),
    at(5 * MINUTE_MS),
    at(4 * MINUTE_MS, { instrument_token: 'card-1' }),
    at(MINUTE_MS),
    at(59 * SECOND_MS),
  ]

  test.each([
    ['txn_count_1m', 2],
    ['txn_count_5m', 3],
    ['txn_count_1h', 5],
    ['txn_count_24h', 7],
    ['decline_count_1h', 1],
    ['decline_ratio_24h', 2 / 28],
    ['secs_since_prev_txn', 59],
  ])('%s is %d', (name, expected) => {
    expect(valuesOfLast([...history, atNoon()])[name]).toBeCloseTo(expected, 12)
  })

  test('a late record sees the windows of its own time, and joins those of later ones', () => {
    const late = at(90 * MINUTE_MS)
    expect(valuesOfLast([...history, atNoon(), late]).txn_count_1h).toBe(2)
    expect(valuesOfLast([...history, atNoon(), at(30 * MINUTE_MS), atNoon()]).txn_count_1h).toBe(7)
  })

  test('money coming in counts nowhere', () => {
    const refund = at(30 * SECOND_MS, { event_type: 'REFUND' })
    expect(valuesOfLast([...history, refund, atNoon()]).txn_count_1m).toBe(2)
  })
})

describe('sums are of approved paise', () => {
  const history = [
    at(8 * DAY_MS, { amount_minor: 1 }),
    at(6 * DAY_MS, { amount_minor: 10 }),
    at(20 * HOUR_MS, { amount_minor: 100 }),
    at(30 * MINUTE_MS, { amount_minor: 1_000 }),
    at(20 * MINUTE_MS, { amount_minor: 10_000, ...declined }),
    at(10 * MINUTE_MS, { amount_minor: 100_000, instrument_token: 'card-1' }),
  ]

  test.each([
    ['amount_sum_1h', 2_000],
    ['amount_sum_24h', 102_100],
    ['amount_sum_7d', 102_110],
  ])('%s is %d', (name, expected) => {
    expect(valuesOfLast([...history, atNoon({ amount_minor: 1_000 })])[name]).toBe(expected)
  })
})

describe('small, distinct, first', () => {
  test('distinct_merchant_count_1h counts merchants and payees once', () => {
    const others = [
      at(50 * MINUTE_MS, { merchant_id: 'MER2' }),
      at(40 * MINUTE_MS, { merchant_id: null, payee_id: 'PAY1' }),
      at(30 * MINUTE_MS, { merchant_id: null, payee_id: null }),
      at(20 * MINUTE_MS, { merchant_id: 'MER2' }),
      at(61 * MINUTE_MS, { merchant_id: 'MER3' }),
    ]
    expect(valuesOfLast([...others, atNoon()]).distinct_merchant_count_1h).toBe(3)
  })

  test('small is 100 rupees, or 5 % of the own median where that is more', () => {
    const small = [at(10 * MINUTE_MS, { amount_minor: 10_000 }), at(9 * MINUTE_MS, { amount_minor: 10_001 })]
    expect(valuesOfLast([...small, atNoon({ amount_minor: 100 })]).small_amount_count_1h).toBe(2)
    const rich = Array.from({ length: 9 }, (_, i) => at((20 - i) * DAY_MS, { amount_minor: 1_000_000 }))
    expect(valuesOfLast([...rich, ...small, atNoon({ amount_minor: 50_001 })]).small_amount_count_1h).toBe(2)
    expect(valuesOfLast([...rich, ...small, atNoon({ amount_minor: 50_000 })]).small_amount_count_1h).toBe(3)
  })

  test('secs_since_prev_txn is -1 for the first payment with an instrument', () => {
    expect(valuesOfLast([at(5_000, { instrument_token: 'card-1' }), atNoon()]).secs_since_prev_txn).toBe(-1)
  })
})
