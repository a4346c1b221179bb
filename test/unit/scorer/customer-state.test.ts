import { expect, test } from 'vitest'
import { contextOf } from '#services/scorer/context-of.ts'
import { customerStateCodec, learn, newCustomerState } from '#services/scorer/customer-state.ts'
import { KnownKeys } from '#services/scorer/known-keys.ts'
import { MoneyIn } from '#services/scorer/money-in.ts'
import { paymentOf } from '#services/scorer/payment.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { NOON, transaction } from './helpers.ts'

const nothing = { counterparty: undefined, device: undefined }
const cities = ['Pune', 'Delhi', 'Jaipur', 'Surat', 'Mumbai', 'Kolkata', 'Chennai', 'Ahmedabad', 'Hyderabad']

/** As busy as can be: everything new, large, and far from the place before. */
function restless(payments: number) {
  const customer = newCustomerState()
  for (let i = 0; i < payments; i++) {
    const tx = transaction({
      transaction_id: String(i).padStart(26, '0'),
      event_time: NOON + i * 30 * MINUTE_MS,
      event_type: i % 3 === 0 ? 'CREDIT' : 'AUTHORISATION',
      amount_minor: 1_000_000_000 + i,
      merchant_id: `MER${i}`,
      device_id: `DEV${i}`,
      account_id: `AC${i}`,
      city: cities[i % cities.length]!,
    })
    const payment = paymentOf(tx)
    contextOf(payment, customer, false, nothing)
    learn(customer, payment)
    customer.alerts.fire(i % 20, DAY_MS, payment)
  }
  return customer
}

test('the busiest customer takes no more than 8 kB', () => {
  const bytes = customerStateCodec.encode(restless(1_000)).length
  expect(bytes).toBeGreaterThan(5_000)
  expect(bytes).toBeLessThan(8_192)
})

test('a state comes back from its bytes as it was', () => {
  const bytes = customerStateCodec.encode(restless(500))
  expect(customerStateCodec.encode(customerStateCodec.decode(bytes))).toEqual(bytes)
})

test('of more keys than it keeps, the latest are known, whatever order they come in', () => {
  const known = new KnownKeys(2)
  for (const [key, time] of [
    [1, 3_000],
    [2, 5_000],
    [3, 1_000],
    [4, 4_000],
  ] as const) {
    known.see(key, time)
  }
  expect([1, 2, 3, 4].map((key) => known.lastMs(key))).toEqual([undefined, 5_000, undefined, 4_000])
})

test('of what came in, the newest 64 count, those that came late in their place', () => {
  const money = new MoneyIn()
  const refund = (hours: number) =>
    paymentOf(transaction({ event_type: 'REFUND', event_time: NOON + hours * HOUR_MS, amount_minor: 100 }))
  const { account, flags } = refund(0)
  for (let hour = 1; hour <= 64; hour++) money.insert(refund(hour))
  money.insert(refund(0.5))
  expect(money.sum(account, NOON, NOON + HOUR_MS)).toBe(100)
  money.insert(refund(1.5))
  expect(money.sum(account, NOON, NOON + 2 * HOUR_MS)).toBe(200)
  expect(money.count(flags & 4096, NOON, NOON + 64 * HOUR_MS)).toBe(64)
})
