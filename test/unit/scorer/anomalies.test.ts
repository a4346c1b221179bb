import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { detectors } from '#services/scorer/anomaly/detect.ts'
import { poissonTail } from '#services/scorer/anomaly/poisson.ts'
import type { Family } from '#services/scorer/anomaly/severities.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { contextOfLast, NOON, transaction } from './helpers.ts'

const at = (agoMs: number, overrides: Partial<Transaction> = {}) =>
  transaction({ event_time: NOON - agoMs, ...overrides })

/** Every other day at noon, of 200 rupees, at the same shop in Pune. */
const habit = (count: number, overrides: Partial<Transaction> = {}) =>
  Array.from({ length: count }, (_, i) => at(((count - i) * 30 * DAY_MS) / (count + 1), overrides))

/** Severities of what a family finds in the last of the payments, by subtype. */
const found = (family: Family, payments: readonly Transaction[]): Record<string, number> =>
  Object.fromEntries(detectors[family](contextOfLast(payments)).map(({ subtype, severity }) => [subtype, severity]))

describe('behaviour', () => {
  test('a category that the customer does not buy, more severe the more is known of them', () => {
    const jewels = transaction({ category: 'JEWELLERY' })
    expect(found('BEHAVIORAL', [...habit(22), jewels])).toEqual({})
    const known = found('BEHAVIORAL', [...habit(23), jewels])
    expect(known.NEW_CATEGORY).toBeCloseTo(0.25 + (0.5 * Math.log2(51)) / 6, 12)
    expect(found('BEHAVIORAL', [...habit(60), jewels]).NEW_CATEGORY).toBeGreaterThan(known.NEW_CATEGORY!)
    expect(found('BEHAVIORAL', [...habit(30), at(DAY_MS / 2, { category: 'JEWELLERY' }), jewels])).toEqual({})
  })

  test('a rail that the customer does not use, from ten payments on', () => {
    const card = transaction({ payment_rail: 'CREDIT_CARD' })
    expect(found('BEHAVIORAL', [...habit(9), card])).toEqual({})
    expect(found('BEHAVIORAL', [...habit(10), card]).INSTRUMENT_SWITCH).toBeCloseTo(
      0.25 + (0.5 * Math.log2(22)) / 6,
      12,
    )
  })

  test('a week of another mix, in the category that has grown', () => {
    const before = Array.from({ length: 30 }, (_, i) => at(29 * DAY_MS - i * DAY_MS * 0.7))
    const week = (category: Transaction['category']) =>
      Array.from({ length: 20 }, (_, i) => at((20 - i) * 7 * HOUR_MS, { category }))
    expect(found('BEHAVIORAL', [...before, ...week('FUEL'), transaction({ category: 'FUEL' })])).toHaveProperty(
      'CATEGORY_MIX_SHIFT',
    )
    expect(found('BEHAVIORAL', [...before, ...week('FUEL'), transaction()])).not.toHaveProperty('CATEGORY_MIX_SHIFT')
    expect(found('BEHAVIORAL', [...before, ...week('GROCERIES'), transaction()])).toEqual({})
  })

  test('the first payment to an online merchant in 60 days', () => {
    const online = transaction({ merchant_type: 'ONLINE' })
    expect(found('BEHAVIORAL', [...habit(12), online])).toHaveProperty('NEW_MERCHANT_TYPE')
    expect(found('BEHAVIORAL', [at(59 * DAY_MS, { merchant_type: 'ONLINE' }), ...habit(12), online])).toEqual({})
    expect(found('BEHAVIORAL', [at(60 * DAY_MS, { merchant_type: 'ONLINE' }), ...habit(12), online])).toHaveProperty(
      'NEW_MERCHANT_TYPE',
    )
  })

  test('four new merchants a day, of one who meets nobody', () => {
    const others = ['MER2', 'MER3', 'MER4', 'MER5'].map((merchant_id, i) => at((4 - i) * MINUTE_MS, { merchant_id }))
    expect(found('BEHAVIORAL', [...habit(20), ...others.slice(0, 3)])).toEqual({})
    expect(found('BEHAVIORAL', [...habit(20), ...others])).toHaveProperty('COUNTERPARTY_BURST')
    expect(found('BEHAVIORAL', [...habit(20), ...others, transaction()])).toEqual({})
  })
})

describe('geography', () => {
  const delhi = { city: 'Delhi', channel: 'POS' } as const

  test.each([
    ['IMPOSSIBLE_TRAVEL', 10 * MINUTE_MS, 0.9],
    ['IMPOSSIBLE_TRAVEL', HOUR_MS, 0.7],
    ['FAST_TRAVEL', 2 * HOUR_MS, 0.5],
  ])('%s: to Delhi in %d ms', (subtype, agoMs, severity) => {
    expect(found('GEOGRAPHIC', [at(agoMs), transaction(delhi)])).toEqual({ [subtype]: severity })
    expect(found('GEOGRAPHIC', [at(agoMs), transaction({ ...delhi, channel: 'ECOM' })])).toEqual({})
  })

  test('far from home, until that is nothing new', () => {
    const severity = 0.3 + (0.2 * 1_173) / 1_500
    const far = found('GEOGRAPHIC', [...habit(10), transaction(delhi)])
    expect(far.FAR_FROM_HOME).toBeCloseTo(severity, 2)
    expect(found('GEOGRAPHIC', [...habit(10), at(DAY_MS, delhi), transaction(delhi)])).toEqual({})
    expect(found('GEOGRAPHIC', [...habit(40), at(DAY_MS / 3, delhi), transaction(delhi)])).toHaveProperty(
      'FAR_FROM_HOME',
    )
  })

  test('four cities in a week, of one who stays at home', () => {
    const cities = ['Mumbai', 'Surat', 'Ahmedabad'].map((city, i) => at((3 - i) * DAY_MS, { city }))
    expect(found('GEOGRAPHIC', [...habit(20), ...cities])).toHaveProperty('CITY_HOPPING')
    expect(found('GEOGRAPHIC', [...habit(20), ...cities.slice(1)])).not.toHaveProperty('CITY_HOPPING')
    const away = habit(10, { city: 'Mumbai' }).slice(0, 7)
    const traveller = [...habit(20), ...away].sort((a, b) => a.event_time - b.event_time)
    expect(found('GEOGRAPHIC', [...traveller, ...cities])).not.toHaveProperty('CITY_HOPPING')
  })

  test('abroad', () => {
    expect(found('GEOGRAPHIC', [transaction({ country_code: 'AE', channel: 'POS' })])).toEqual({ FOREIGN: 0.3 })
  })
})

describe('time', () => {
  const midnight = { event_time: NOON + 14 * HOUR_MS }
  const daily = (count: number) => Array.from({ length: count }, (_, i) => at((count - i) * 12 * HOUR_MS))

  test('an hour that is never used, by night', () => {
    const night = found('TEMPORAL', [...daily(40), transaction(midnight)])
    const probability = 8 / 24 / 48
    const severity = 0.3 + 0.4 * (1 - probability / 0.01) + 0.2
    expect(night.RARE_HOUR).toBeCloseTo(severity, 12)
    expect(found('TEMPORAL', [...daily(10), transaction(midnight)])).toEqual({})
    expect(found('TEMPORAL', [...daily(40), transaction()])).toEqual({})
  })

  test('at night, of one who sleeps then', () => {
    const noons = Array.from({ length: 29 }, (_, i) => at((29 - i) * DAY_MS))
    const night = transaction({ event_time: NOON + 15 * HOUR_MS })
    expect(found('TEMPORAL', [...noons, night])).toHaveProperty('NIGHT')
    expect(found('TEMPORAL', [...noons, at(9 * HOUR_MS), night])).not.toHaveProperty('NIGHT')
  })

  test('more payments in an hour than chance makes at the own rate', () => {
    const minutes = (count: number) => Array.from({ length: count }, (_, i) => at((count - i) * MINUTE_MS))
    expect(found('TEMPORAL', [...habit(24), ...minutes(2), transaction()])).toEqual({})
    const burst = found('TEMPORAL', [...habit(24), ...minutes(3), transaction()])
    expect(burst.BURST).toBeCloseTo(0.3 + 0.4 * (1 - poissonTail(4, 0.3) / 0.01), 12)
  })

  test('a payment after a long silence', () => {
    const before = (lastMs: number) => Array.from({ length: 20 }, (_, i) => at(lastMs + (20 - i) * DAY_MS))
    expect(found('TEMPORAL', [...before(14 * DAY_MS), transaction()])).toHaveProperty('DORMANCY_BREAK')
    expect(found('TEMPORAL', [...before(60 * DAY_MS), transaction()])).toHaveProperty('DORMANCY_BREAK')
    expect(found('TEMPORAL', [...before(12 * DAY_MS), transaction()])).toEqual({})
    const rare = Array.from({ length: 20 }, (_, i) => at((20 - i) * 3 * DAY_MS + 14 * DAY_MS))
    expect(found('TEMPORAL', [...rare, transaction()])).toEqual({})
  })

  test('an instalment off its day', () => {
    const loan = { channel: 'AUTOPAY', category: 'LOANS_CARDS', merchant_id: 'LENDER' } as const
    const found30 = (agoDays: number) =>
      found('TEMPORAL', [at(agoDays * DAY_MS, loan), ...habit(24), transaction({ ...loan })])
    expect(found30(30)).toEqual({})
    expect(found30(38)).toHaveProperty('OFF_CALENDAR')
    expect(found30(2)).toEqual({})
  })
})

describe('amount', () => {
  const amounts = (...rupees: readonly number[]) =>
    rupees.map((amount, i) => at((rupees.length - i) * HOUR_MS, { amount_minor: amount * 100 }))
  const usual = amounts(100, 120, 130, 150, 160, 180, 200, 220, 260, 300, 350)

  test('a spike by median and median absolute deviation of logarithms', () => {
    const z = Math.log(4_000 / 180) / (1.4826 * Math.log(180 / 130))
    expect(found('AMOUNT', [...usual, transaction({ amount_minor: 400_000 })]).SPIKE).toBeCloseTo(
      0.3 + (0.6 * (z - 3)) / 5,
      12,
    )
    expect(found('AMOUNT', [...usual, transaction({ amount_minor: 80_000 })])).toEqual({})
    expect(found('AMOUNT', [...usual.slice(2), transaction({ amount_minor: 400_000 })])).toEqual({})
  })

  test('tiny where nothing is', () => {
    const tiny = { amount_minor: 800 } as const
    expect(found('AMOUNT', [...usual, transaction({ ...tiny, category: 'UTILITIES' })])).toHaveProperty('MICRO')
    expect(found('AMOUNT', [...usual, transaction({ amount_minor: 901, category: 'UTILITIES' })])).not.toHaveProperty(
      'MICRO',
    )
    expect(found('AMOUNT', [...usual, transaction(tiny)])).not.toHaveProperty('MICRO')
  })

  test('the third whole thousand of a day', () => {
    const thousands = amounts(...Array.from({ length: 10 }, () => 900), 2_000, 1_000)
    expect(found('AMOUNT', [...thousands, transaction({ amount_minor: 300_000 })])).toHaveProperty('ROUND_CLUSTER')
    expect(found('AMOUNT', [...thousands, transaction({ amount_minor: 300_100 })])).not.toHaveProperty('ROUND_CLUSTER')
    expect(found('AMOUNT', [...thousands.slice(0, -1), transaction({ amount_minor: 300_000 })])).not.toHaveProperty(
      'ROUND_CLUSTER',
    )
  })

  test.each([
    [979_999, false],
    [980_000, true],
    [999_999, true],
    [1_000_000, false],
    [4_950_000, true],
    [19_999_999, true],
  ])('%d paise just below a threshold: %s', (amount_minor, hugs) => {
    expect('THRESHOLD_HUG' in found('AMOUNT', [...usual, transaction({ amount_minor })])).toBe(hugs)
  })

  test('the payment that makes a day larger than all before', () => {
    const days = habit(12, { amount_minor: 100_000 })
    const large = transaction({ amount_minor: 60_000 })
    expect(found('AMOUNT', [...days, large])).toEqual({})
    expect(found('AMOUNT', [...days, at(HOUR_MS, { amount_minor: 60_000 }), large])).toHaveProperty('DAILY_SUM')
    const more = at(HOUR_MS, { amount_minor: 110_000 })
    expect(found('AMOUNT', [...days, more, large])).not.toHaveProperty('DAILY_SUM')
    expect(found('AMOUNT', [...days.slice(3), at(HOUR_MS, { amount_minor: 60_000 }), large])).toEqual({})
  })
})

test('the tail of a Poisson count', () => {
  expect(poissonTail(0, 2)).toBe(1)
  expect(poissonTail(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12)
  expect(poissonTail(3, 0.1)).toBeCloseTo(1 - Math.exp(-0.1) * (1 + 0.1 + 0.005), 12)
})
