import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { type Account, newAccount } from '#services/fraud-injector/account.ts'
import { accountCodec } from '#services/fraud-injector/account-codec.ts'
import { alter, giveBackAltered } from '#services/fraud-injector/anomalies/alter.ts'
import { amount } from '#services/fraud-injector/anomalies/amount.ts'
import { behavioral } from '#services/fraud-injector/anomalies/behavioral.ts'
import { geographic } from '#services/fraud-injector/anomalies/geographic.ts'
import { labelOf, worldLabelOf } from '#services/fraud-injector/anomalies/label.ts'
import { temporal } from '#services/fraud-injector/anomalies/temporal.ts'
import { remember } from '#services/fraud-injector/history.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS } from '../../helpers/genuine.ts'

const customer = new GenuineCustomer(7, 10_000_000)

/** So many payments of 80 to 120 rupees at a grocer's in Pune, at noon of as many days. */
function known(days: number): Account {
  const account = newAccount(7)
  for (let day = 0; day < days; day++) remember(account, customer.pay(NOON_MS + day * DAY_MS, 80 + (day % 5) * 10))
  return account
}

/** The day after, at noon and so many hours. */
const onDay = (days: number, hours = 0): number => NOON_MS + days * DAY_MS + hours * HOUR_MS
const paid = (rupees: number, fields: Partial<Transaction> = {}, atMs = onDay(40)): Transaction =>
  customer.pay(atMs, rupees, fields)

describe('of behaviour', () => {
  const account = known(40)

  test('a category under 2 per cent of the last month’s payments, the severer the more of others there are', () => {
    const gold = paid(100, { category: 'JEWELLERY' })
    // Ten payments and a month of 28 kinds: log2(38) bits; 40 payments, halved once after thirty days, 25: log2(53).
    expect(behavioral.shown(gold, known(10))).toEqual({ subtype: 'NEW_CATEGORY', severity: 0.69 })
    expect(behavioral.shown(gold, account)).toEqual({ subtype: 'NEW_CATEGORY', severity: 0.73 })
    expect(behavioral.shown(paid(100), account)).toBeUndefined()
  })

  test('a rail under 5 per cent of them', () => {
    const byCard = behavioral.shown(paid(100, { payment_rail: 'DEBIT_CARD', channel: 'POS' }), account)
    expect(byCard).toMatchObject({ subtype: 'INSTRUMENT_SWITCH' })
  })

  test('not before ten payments are known, and never of money that comes in or a mandate', () => {
    const gold = { category: 'JEWELLERY' } as const
    expect(behavioral.shown(paid(100, gold), known(9))).toBeUndefined()
    expect(behavioral.shown(paid(100, { ...gold, event_type: 'REFUND' }), account)).toBeUndefined()
    expect(behavioral.shown(paid(100, { ...gold, channel: 'AUTOPAY' }), account)).toBeUndefined()
  })

  test('what was usual is forgotten in the months after', () => {
    const later = known(40)
    for (let day = 40; day < 220; day++) remember(later, paid(100, { category: 'FUEL' }, onDay(day)))
    expect(behavioral.shown(paid(100, {}, onDay(220)), later)).toMatchObject({ subtype: 'NEW_CATEGORY' })
  })
})

describe('of place', () => {
  const account = known(3)
  const lastMs = onDay(2)
  const in_ = (city: string, hours: number, fields: Partial<Transaction> = {}) =>
    geographic.shown(paid(100, { city, location_type: 'TRAVEL', ...fields }, lastMs + hours * HOUR_MS), account)

  // Pune to Delhi is 1,170 km, to Mumbai 120.
  test.each([
    ['more than 2,000 km/h between two payments in person', 0.5, 'IMPOSSIBLE_TRAVEL', 0.9],
    ['more than 800', 1, 'IMPOSSIBLE_TRAVEL', 0.7],
    ['more than 400', 2, 'FAST_TRAVEL', 0.5],
    ['slower, but more than 300 km from home', 24, 'FAR_FROM_HOME', 0.46],
  ])('%s', (_what, hours, subtype, severity) => {
    expect(in_('Delhi', hours)).toEqual({ subtype, severity })
  })

  test('nothing within 300 km of home, nothing from afar, and no speed without presence', () => {
    expect(in_('Mumbai', 24)).toBeUndefined()
    expect(in_('Delhi', 0.5, { location_type: 'REMOTE', channel: 'MOBILE_APP' })).toBeUndefined()
    expect(in_('Delhi', 0.5, { channel: 'MOBILE_APP' })).toMatchObject({ subtype: 'FAR_FROM_HOME' })
  })

  test('a place is far no more once it is one of many', () => {
    const traveller = known(10)
    const there = (n: number) => paid(100, { city: 'Delhi', location_type: 'TRAVEL' }, onDay(11) + n * MINUTE_MS)
    for (let n = 0; n < 5; n++) {
      expect(geographic.shown(there(n), traveller)).toBeDefined()
      remember(traveller, there(n))
    }
    expect(geographic.shown(there(5), traveller)).toBeUndefined()
  })
})

describe('of time', () => {
  const account = known(40)

  test('at night, by a customer who sleeps then: an hour never used is graver', () => {
    // Of 25 payments none at 2 h: p = .25 / 31, so that .3 + .4 (1 - .81) + .2 are left.
    expect(temporal.shown(paid(100, {}, onDay(40, 14)), account)).toEqual({ subtype: 'NIGHT', severity: 0.58 })
  })

  test('in an hour of under 1 per cent of payments, once thirty are known', () => {
    expect(temporal.shown(paid(100, {}, onDay(40, 6)), account)).toMatchObject({ subtype: 'RARE_HOUR' })
    expect(temporal.shown(paid(100, {}, onDay(25, 6)), known(25))).toBeUndefined()
    expect(temporal.shown(paid(100), account)).toBeUndefined()
  })

  test('more in an hour than sixteen times the customer’s own rate would bring', () => {
    const hurried = known(40)
    let shownAt = 0
    for (let n = 1; shownAt === 0; n++) {
      const tx = paid(100, {}, onDay(40, 0) + n * MINUTE_MS)
      if (temporal.shown(tx, hurried)?.subtype === 'BURST') shownAt = n
      remember(hurried, tx)
    }
    // One a day is .04 an hour; of a mean of .67, four come in .5 per cent of hours, five in .06.
    expect(shownAt).toBe(5)
  })
})

describe('of the amount', () => {
  const account = known(40)

  test('3.5 deviations above the mean of the logarithm, or five times the mean', () => {
    expect(amount.shown(paid(495), account)).toBeUndefined()
    expect(amount.shown(paid(505), account)).toMatchObject({ subtype: 'SPIKE' })
    // ln(100) above, at the least deviation of .5, is 9.2.
    expect(amount.shown(paid(10_500), account)).toEqual({ subtype: 'SPIKE', severity: 1 })
  })

  test('next to nothing, at a shop where hardly anything costs less than 50 rupees', () => {
    const electricity = { merchant_id: 'MER0086' }
    expect(amount.shown(paid(4, electricity), account)?.subtype).toBe('MICRO')
    expect(amount.shown(paid(6, electricity), account)).toBeUndefined()
    expect(amount.shown(paid(4, { merchant_id: null }), account)).toBeUndefined()
  })

  test('the third whole thousand within a day', () => {
    const payer = known(40)
    for (let day = 0; day < 30; day++) remember(payer, paid(900, {}, onDay(40 + day)))
    const round = (hours: number) => paid(1_000, {}, onDay(70, hours))
    expect(amount.shown(round(0), payer)).toBeUndefined()
    for (const hours of [0, 1]) remember(payer, round(hours))
    expect(amount.shown(round(23), payer)).toMatchObject({ subtype: 'ROUND_CLUSTER' })
    expect(amount.shown(round(26), payer)).toBeUndefined()
  })

  test('just below a threshold at which somebody looks', () => {
    const payer = known(40)
    for (let day = 0; day < 60; day++) remember(payer, paid(9_000, {}, onDay(40 + day)))
    const at = (rupees: number) => amount.shown(paid(rupees, {}, onDay(101)), payer)?.subtype
    expect([9_799, 9_800, 9_999, 10_000].map(at)).toEqual([undefined, 'THRESHOLD_HUG', 'THRESHOLD_HUG', undefined])
  })
})

describe('a label', () => {
  test('names every family that a scenario’s payment shows, with the gravest severity', () => {
    const night = paid(10_500, { category: 'JEWELLERY' }, onDay(40, 14))
    expect(labelOf(night, known(40))).toEqual({
      anomaly_types: ['BEHAVIORAL', 'TEMPORAL', 'AMOUNT'],
      anomaly_severity: 1,
    })
  })

  test('says of the world’s own payments only what belongs to a trip', () => {
    const account = known(40)
    const night = paid(10_500, { category: 'JEWELLERY' }, onDay(40, 14))
    expect(worldLabelOf(night, account)).toEqual({ anomaly_types: [], anomaly_severity: 0 })
    const trip = { ...night, city: 'Delhi', location_type: 'TRAVEL' } as const
    expect(worldLabelOf(trip, account).anomaly_types).toEqual(['GEOGRAPHIC'])
  })
})

describe('a payment that is made another way', () => {
  const meant = paid(400, { payment_rail: 'CREDIT_CARD' })
  const giveBack = (rupees: number) =>
    paid(rupees, { event_type: 'REFUND', payment_rail: 'CREDIT_CARD', original_transaction_id: meant.transaction_id })

  test('earns the points of its own amount', () => {
    const tx = alter(newAccount(7), meant, { amount_minor: 1_000_00 })
    expect(tx).toMatchObject({ amount_minor: 1_000_00, loyalty_points_delta: 10 })
  })

  test('is given back by its own merchant, in proportion; others as they are', () => {
    const account = newAccount(7)
    const { merchant_id } = alter(account, meant, { amount_minor: 1_000_00, merchant_id: 'MER0086' })
    expect(giveBackAltered(account, giveBack(100))).toMatchObject({
      merchant_id,
      amount_minor: 250_00,
      loyalty_points_delta: -2,
    })
    expect(giveBackAltered(account, giveBack(400)).amount_minor).toBe(1_000_00)
    const other = { ...giveBack(100), original_transaction_id: 'another' }
    expect(giveBackAltered(account, other)).toBe(other)
  })
})

test('what is remembered of habits stays small, however long an account is known', () => {
  const sizeOf = (days: number): number => accountCodec.encode(known(days)).length
  expect(sizeOf(1_000)).toBeLessThan(sizeOf(100) + 40)
})
