import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { declined, NOON, transaction, valuesOfLast } from './helpers.ts'

const at = (agoMs: number, overrides: Partial<Transaction> = {}) =>
  transaction({ event_time: NOON - agoMs, ...overrides })
const usual = Array.from({ length: 12 }, (_, i) => at((12 - i) * 2 * DAY_MS))
const newDevice = { device_id: 'DEV2' } as const

describe('money in and out', () => {
  const credit = (agoMs: number, amount_minor: number, overrides: Partial<Transaction> = {}) =>
    at(agoMs, { event_type: 'CREDIT', amount_minor, ...overrides })

  test('passthrough_ratio_24h is what the account paid over what came in to it', () => {
    const ratio = (...payments: readonly Transaction[]) => valuesOfLast(payments).passthrough_ratio_24h
    const paid = at(HOUR_MS, { amount_minor: 60_000 })
    expect(ratio(paid, at(0))).toBe(0)
    expect(ratio(credit(2 * HOUR_MS, 100_000), paid, at(0))).toBe(0.8)
    expect(ratio(credit(DAY_MS, 100_000), paid, at(0))).toBe(0)
    expect(ratio(credit(2 * HOUR_MS, 100_000, { account_id: 'AC2' }), paid, at(0))).toBe(0)
    expect(ratio(credit(2 * HOUR_MS, 100_000), at(HOUR_MS, { account_id: 'AC2' }), at(0))).toBe(0.2)
    expect(ratio(credit(2 * HOUR_MS, 100_000), at(HOUR_MS, declined), at(0))).toBe(0.2)
    expect(ratio(paid, credit(0, 100_000))).toBe(0.6)
  })

  test('refunds and chargebacks count for 30 days', () => {
    const back = [
      at(30 * DAY_MS, { event_type: 'REFUND' }),
      at(29 * DAY_MS, { event_type: 'REFUND' }),
      at(DAY_MS, { event_type: 'CHARGEBACK' }),
    ]
    const values = valuesOfLast([...back, at(HOUR_MS), at(0)])
    expect(values.refund_count_30d).toBe(1)
    expect(values.refund_ratio_30d).toBeCloseTo(1.5 / 12 / 0.05, 12)
    expect(values.dispute_ratio_30d).toBeCloseTo(1.1 / 12, 12)
  })
})

describe('places of parcels and networks', () => {
  test('ship_home_distance_km is from home to the city of the parcel', () => {
    const parcel = at(0, { channel: 'ECOM', shipping_city: 'Delhi', ...newDevice })
    const values = valuesOfLast([...usual, parcel])
    expect(values.ship_home_distance_km).toBeCloseTo(1_173, -1)
    expect(values.ix_ship_new_device).toBeCloseTo(values.ship_home_distance_km! / 500, 12)
    expect(valuesOfLast([...usual, at(0)]).ship_home_distance_km).toBe(0)
    expect(valuesOfLast([parcel]).ship_home_distance_km).toBe(0)
  })

  test('ip_geo_mismatch_km is from the last place in person within 24 hours', () => {
    const online = at(0, { channel: 'ECOM', city: 'Delhi' })
    expect(valuesOfLast([at(DAY_MS), online]).ip_geo_mismatch_km).toBeCloseTo(1_173, -1)
    expect(valuesOfLast([at(DAY_MS + 1), online]).ip_geo_mismatch_km).toBe(0)
    expect(valuesOfLast([at(DAY_MS), at(0, { city: 'Delhi' })]).ip_geo_mismatch_km).toBe(0)
    expect(valuesOfLast([at(DAY_MS), { ...online, ip_prefix: null }]).ip_geo_mismatch_km).toBe(0)
  })
})

describe('thresholds, repetitions, ages', () => {
  test('near_threshold_count_7d counts amounts just below', () => {
    const near = { amount_minor: 4_950_000 }
    const values = valuesOfLast([at(7 * DAY_MS, near), at(6 * DAY_MS, near), at(DAY_MS), at(0, near)])
    expect(values.near_threshold_count_7d).toBe(2)
    expect(values.amount_just_below_threshold).toBe(1)
    expect(valuesOfLast([at(0, { ...near, event_type: 'CREDIT' })]).amount_just_below_threshold).toBe(0)
  })

  test('same_merchant_amount_count_2h wants both to be the same', () => {
    const before = [
      at(2 * HOUR_MS),
      at(HOUR_MS),
      at(HOUR_MS, { amount_minor: 20_001 }),
      at(HOUR_MS, { merchant_id: 'MER2' }),
    ]
    expect(valuesOfLast([...before, at(0)]).same_merchant_amount_count_2h).toBe(2)
  })

  test('account_age_days begins with the first record', () => {
    expect(valuesOfLast([at(0)]).account_age_days).toBe(0)
    expect(valuesOfLast([at(3 * DAY_MS, { event_type: 'CREDIT' }), at(0)]).account_age_days).toBe(3)
    expect(valuesOfLast([at(3 * DAY_MS, { account_id: 'AC2' }), at(0)]).account_age_days).toBe(0)
  })

  test('burstiness_30d is -1 for a clock and 0 for fewer than three payments', () => {
    expect(valuesOfLast(usual).burstiness_30d).toBe(-1)
    expect(valuesOfLast([at(HOUR_MS), at(0)]).burstiness_30d).toBe(0)
    expect(valuesOfLast([at(30 * DAY_MS), at(2 * DAY_MS), at(DAY_MS), at(0)]).burstiness_30d).toBe(-1)
  })

  test('mcc_entropy_30d is of the categories before', () => {
    const fuel = at(DAY_MS, { category: 'FUEL' })
    expect(valuesOfLast([at(2 * DAY_MS), fuel, at(0)]).mcc_entropy_30d).toBe(1)
    expect(valuesOfLast([fuel]).mcc_entropy_30d).toBe(0)
  })
})

describe('two things at once', () => {
  const large = { amount_minor: 2_000_000 } as const

  test('pace, hour, pause and party with the amount', () => {
    const values = valuesOfLast([...usual, at(HOUR_MS - 1), at(0, { ...large, merchant_id: 'MER2' })])
    const z = values.amount_zscore_30d!
    expect(z).toBeGreaterThan(2)
    expect(values.ix_velocity_amount).toBeCloseTo(Math.log(3) * z, 12)
    expect(values.ix_rare_hour_amount).toBeCloseTo(-Math.log(values.hour_prob_30d!) * z, 12)
    expect(values.ix_new_party_amount).toBeCloseTo(Math.log(1 + values.amount_ratio_p95_30d!), 12)
    const pause = valuesOfLast([...usual, at(0, large)])
    expect(pause.ix_dormancy_amount).toBeCloseTo(Math.log(3) * pause.amount_zscore_30d!, 12)
    expect(pause.ix_new_party_amount).toBe(0)
    expect(valuesOfLast([...usual, at(0, { amount_minor: 100 })]).ix_velocity_amount).toBe(0)
  })

  test('speed with a new device, up to three times what is possible', () => {
    const flight = (agoMs: number) =>
      valuesOfLast([...usual, at(agoMs), at(0, { ...newDevice, city: 'Delhi' })]).ix_speed_new_device
    expect(flight(2 * HOUR_MS)).toBeCloseTo(1_173 / 2 / 800, 2)
    expect(flight(MINUTE_MS)).toBe(3)
  })

  test('small attempts, or declined ones, before', () => {
    const before = [100, 300, 900].map((amount_minor, i) => at((3 - i) * MINUTE_MS, { amount_minor, ...declined }))
    const values = valuesOfLast([...before, at(0, { amount_minor: 60_000 })])
    expect(values.ix_small_then_large).toBe(200)
    expect(values.ix_decline_then_approve).toBe(3)
    expect(valuesOfLast([...before, at(0, declined)]).ix_decline_then_approve).toBe(0)
    expect(valuesOfLast([at(0)]).ix_small_then_large).toBe(0)
  })

  test('many payers of a payee who passes money on', () => {
    const credit = at(HOUR_MS, { event_type: 'CREDIT', amount_minor: 10_000 })
    const transfer = at(0, { merchant_id: null, payee_id: 'PAY1' })
    const values = valuesOfLast([credit, transfer], { counterparty: [0.5, 7, 0.2] })
    expect(values.ix_fanin_passthrough).toBeCloseTo(Math.log(8), 12)
    expect(values.merchant_payer_hhi_7d).toBe(0)
    expect(valuesOfLast([at(0)], { counterparty: [0.5, 7, 0.2] }).merchant_payer_hhi_7d).toBe(0.2)
  })

  test('a credit limit used for jewellery', () => {
    const jewels = { mcc: '5944', credit_utilisation: 0.5 } as const
    const values = valuesOfLast([at(8 * DAY_MS, jewels), at(2 * DAY_MS), at(DAY_MS, jewels), at(0, jewels)])
    expect(values.ix_utilisation_cashlike).toBeCloseTo((0.5 * 2) / 3, 12)
  })

  test('the parts of a risk are put together as chances', () => {
    const flight = [...usual.slice(4), at(MINUTE_MS), at(0, { city: 'Delhi' })]
    const values = valuesOfLast(flight, { counterparty: [0.25, 0, 0] })
    expect(values.anomaly_geographic).toBe(0.9)
    expect(values.ix_risk_noisy_or).toBeCloseTo(1 - 0.1 * 0.8, 12)
    const quick = Array.from({ length: 6 }, (_, i) => at((6 - i) * 1_000))
    expect(valuesOfLast(quick).ix_risk_noisy_or).toBeCloseTo(0.5, 12)
  })
})
