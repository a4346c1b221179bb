import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import { declined, NOON, transaction, valuesOfLast } from './helpers.ts'

const daily = (count: number, overrides = {}) =>
  Array.from({ length: count }, (_, i) => transaction({ event_time: NOON - (count - i) * DAY_MS, ...overrides }))

describe('amounts', () => {
  test('the z-score is 0 until 3 payments’ worth is known, then rises with the amount', () => {
    const spike = transaction({ amount_minor: 2_000_000 })
    expect(valuesOfLast([...daily(3), spike]).amount_zscore_30d).toBe(0)
    const known = valuesOfLast([...daily(20), spike]).amount_zscore_30d!
    expect(known).toBeGreaterThan(3.5)
    expect(valuesOfLast([...daily(20), transaction({ amount_minor: 4_000_000 })]).amount_zscore_30d).toBeGreaterThan(
      known,
    )
  })

  test('the z-score of payments all made at once is that of shrunk plain moments', () => {
    const amounts = [10_000, 20_000, 40_000, 80_000]
    const past = amounts.map((amount_minor) => transaction({ amount_minor }))
    const logs = amounts.map((amount) => Math.log(amount))
    const mean = logs.reduce((sum, x) => sum + x, 0) / 4
    const squares = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0)
    const prior = Math.log(20_000)
    const shrunk = (4 * mean + 3 * prior) / 7
    const variance = (squares + 3 * 1.6 ** 2 + (12 / 7) * (mean - prior) ** 2) / 7
    const expected = (Math.log(500_000) - shrunk) / Math.sqrt(variance)
    expect(valuesOfLast([...past, transaction({ amount_minor: 500_000 })]).amount_zscore_30d).toBeCloseTo(expected, 10)
  })

  test('amount_ratio_p95_30d takes the nearest rank of approved amounts of 30 days', () => {
    const past = Array.from({ length: 20 }, (_, i) =>
      transaction({ event_time: NOON - (20 - i) * HOUR_MS, amount_minor: (i + 1) * 1_000 }),
    )
    const refused = transaction({ amount_minor: 9_000_000, event_time: NOON - 1, ...declined })
    expect(valuesOfLast([...past, refused, transaction({ amount_minor: 38_000 })]).amount_ratio_p95_30d).toBe(2)
    expect(valuesOfLast([transaction({ amount_minor: 1_000_000 })]).amount_ratio_p95_30d).toBe(2)
  })

  test('own_mean_amount_30d and own_txn_per_hour_30d speak of before', () => {
    const values = valuesOfLast([...daily(10), transaction({ amount_minor: 1 })])
    expect(values.own_mean_amount_30d).toBe(20_000)
    expect(values.own_txn_per_hour_30d).toBeCloseTo(10 / 240, 12)
    expect(values.own_txn_count_30d).toBe(10)
  })
})

describe('shares of the payments before', () => {
  const past = [...daily(6), ...daily(2, { category: 'FUEL', payment_rail: 'CREDIT_CARD' })]

  test.each([
    ['mcc_share_30d', { category: 'FUEL' }, 3 / 36],
    ['mcc_share_30d', { category: 'TRAVEL' }, 1 / 36],
    ['rail_share_30d', { payment_rail: 'UPI' }, 7 / 20],
    ['rail_share_30d', { payment_rail: 'NEFT' }, 1 / 20],
  ] as const)('%s of %o is %d', (name, overrides, expected) => {
    expect(valuesOfLast([...past, transaction(overrides)])[name]).toBeCloseTo(expected, 12)
  })

  test('hour_prob_30d smooths around the clock', () => {
    const prob = (hours: number) =>
      valuesOfLast([...daily(8), transaction({ event_time: NOON + hours * HOUR_MS })]).hour_prob_30d
    expect(prob(0)).toBeCloseTo((8 / 24 + 4) / 16, 12)
    expect(prob(1)).toBeCloseTo((8 / 24 + 2) / 16, 12)
    expect(prob(-1)).toBeCloseTo((8 / 24 + 2) / 16, 12)
    expect(prob(5)).toBeCloseTo(8 / 24 / 16, 12)
  })
})

describe('what is new', () => {
  test('a counterparty is new once, and again after 180 days', () => {
    const later = (days: number) => transaction({ event_time: NOON + days * DAY_MS })
    expect(valuesOfLast([transaction()]).is_new_counterparty).toBe(1)
    expect(valuesOfLast([transaction(), later(179)]).is_new_counterparty).toBe(0)
    expect(valuesOfLast([transaction(), later(181)]).is_new_counterparty).toBe(1)
  })

  test('the first device is not new; another is, for 24 hours', () => {
    const other = (hours: number) => transaction({ device_id: 'DEV2', event_time: NOON + hours * HOUR_MS })
    expect(valuesOfLast([transaction(), other(-1)]).is_new_device).toBe(1)
    expect(valuesOfLast([transaction()]).is_new_device).toBe(0)
    expect(valuesOfLast([transaction(), transaction({ event_time: NOON + HOUR_MS })]).is_new_device).toBe(0)
    expect(valuesOfLast([transaction(), other(1)]).is_new_device).toBe(1)
    expect(valuesOfLast([transaction(), other(1), other(24)]).is_new_device).toBe(1)
    expect(valuesOfLast([transaction(), other(1), other(26)]).is_new_device).toBe(0)
    expect(valuesOfLast([transaction(), transaction({ device_id: null })]).is_new_device).toBe(0)
  })

  test('ix_new_device_payee needs both, and a payee stays new for 24 hours', () => {
    const known = [transaction(), transaction({ event_time: NOON + 30 * HOUR_MS })]
    const later = (hours: number, payee_id: string | null) =>
      transaction({
        event_time: NOON + hours * HOUR_MS,
        device_id: 'DEV2',
        merchant_id: payee_id === null ? 'MER1' : null,
        payee_id,
      })
    expect(valuesOfLast([...known, later(40, null)]).ix_new_device_payee).toBe(0)
    expect(valuesOfLast([...known, later(40, 'PAY9')]).ix_new_device_payee).toBe(1)
    expect(valuesOfLast([...known, later(40, 'PAY9'), later(41, 'PAY9')]).ix_new_device_payee).toBe(1)
    expect(valuesOfLast([...known, later(40, 'PAY9'), later(65, 'PAY9')]).ix_new_device_payee).toBe(0)
    expect(valuesOfLast([...known, later(40, null), later(41, null)]).is_new_device).toBe(1)
  })
})

test('credit_utilisation_ratio is the record’s', () => {
  expect(valuesOfLast([transaction({ credit_utilisation: 0.25 })]).credit_utilisation_ratio).toBe(0.25)
})

describe('answers of entities', () => {
  const answers = { counterparty: [0.5, 7], device: [3] }

  test('a merchant has a decline ratio, a payee has payers, a device has customers', () => {
    const merchant = valuesOfLast([transaction()], answers)
    expect(merchant.merchant_decline_ratio_1h).toBe(0.5)
    expect(merchant.payee_distinct_payer_count_24h).toBe(0)
    expect(merchant.device_customer_count_24h).toBe(3)
    const transfer = valuesOfLast([transaction({ merchant_id: null, payee_id: 'PAY1' })], answers)
    expect(transfer.merchant_decline_ratio_1h).toBe(0.05)
    expect(transfer.payee_distinct_payer_count_24h).toBe(7)
  })
})
