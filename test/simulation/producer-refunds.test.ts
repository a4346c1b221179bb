import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { refundShare } from '#services/market/refunds.ts'
import { isInward } from '#services/market/statement.ts'
import { DAY_MS } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const { transactions } = simulate(scenario({ seed: 'returns', population: { customers: 1500 } }), 0, 45)
const byId = new Map(transactions.map((tx) => [tx.transaction_id, tx]))
const refunds = transactions.filter((tx) => tx.event_type === 'REFUND')
const reversals = transactions.filter((tx) => tx.event_type === 'REVERSAL')
const originalOf = (tx: Transaction): Transaction => byId.get(tx.original_transaction_id!)!

test('money that comes back names an approved payment of the same customer, account, rail, counterparty and terminal', () => {
  expect(refunds.length).toBeGreaterThan(300)
  expect(reversals.length).toBeGreaterThan(50)
  for (const tx of [...refunds, ...reversals]) {
    const original = originalOf(tx)
    expect(original).toMatchObject({
      status_response: { status: 'APPROVED' },
      customer_id: tx.customer_id,
      account_id: tx.account_id,
      instrument_token: tx.instrument_token,
      payment_rail: tx.payment_rail,
      channel: tx.channel,
      merchant_id: tx.merchant_id,
      merchant_name: tx.merchant_name,
      mcc: tx.mcc,
      category: tx.category,
      payee_id: tx.payee_id,
    })
    expect(isInward(original.event_type)).toBe(false)
    expect(tx.event_time).toBeGreaterThan(original.event_time)
    expect(tx.status_response.status).toBe('APPROVED')
    if (tx.terminal_id !== null) expect(tx.terminal_id).toBe(original.terminal_id)
  }
})

test('only what names an original gives money back', () => {
  for (const tx of transactions) {
    expect(tx.original_transaction_id !== null).toBe(tx.event_type === 'REFUND' || tx.event_type === 'REVERSAL')
  }
})

describe('refunds', () => {
  test('come to no more than the purchase: mostly all of it, sometimes parts', () => {
    const sums = new Map<string, number>()
    for (const tx of refunds) {
      sums.set(tx.original_transaction_id!, (sums.get(tx.original_transaction_id!) ?? 0) + tx.amount_minor)
    }
    for (const [id, sum] of sums) expect(sum).toBeLessThanOrEqual(byId.get(id)!.amount_minor)
    const whole = refunds.filter((tx) => tx.amount_minor === originalOf(tx).amount_minor).length / refunds.length
    expect(whole).toBeGreaterThan(0.6)
    expect(whole).toBeLessThan(0.9)
    expect(refunds.length).toBeGreaterThan(sums.size)
  })

  test('of clothes bought online come about as often as shops say, days later', () => {
    const bought = transactions.filter(
      (tx) =>
        tx.event_type === 'AUTHORISATION' &&
        tx.category === 'FASHION' &&
        tx.channel !== 'POS' &&
        tx.channel !== 'QR' &&
        tx.status_response.status === 'APPROVED' &&
        tx.event_time < transactions[0]!.event_time + 20 * DAY_MS,
    )
    const returned = new Set(refunds.map((tx) => tx.original_transaction_id))
    const share = bought.filter((tx) => returned.has(tx.transaction_id)).length / bought.length
    expect(share).toBeGreaterThan(0.6 * refundShare('FASHION', true))
    expect(share).toBeLessThan(1.1 * refundShare('FASHION', true))
    const waits = refunds
      .filter((tx) => tx.category === 'FASHION')
      .map((tx) => (tx.event_time - originalOf(tx).event_time) / DAY_MS)
      .sort((a, b) => a - b)
    expect(waits[waits.length >> 1]).toBeGreaterThan(5)
    expect(waits[waits.length >> 1]).toBeLessThan(13)
  })

  test('take back the points that the purchase earned', () => {
    const onCards = refunds.filter((tx) => tx.payment_rail === 'CREDIT_CARD')
    expect(onCards.some((tx) => tx.loyalty_points_delta < 0)).toBe(true)
    for (const tx of onCards) expect(-tx.loyalty_points_delta).toBeLessThanOrEqual(originalOf(tx).loyalty_points_delta)
  })
})

test('reversals undo all of a payment, by UPI to shops and people and at cash machines', () => {
  for (const tx of reversals) expect(tx.amount_minor).toBe(originalOf(tx).amount_minor)
  expect(reversals.some((tx) => tx.merchant_id !== null)).toBe(true)
  expect(reversals.some((tx) => tx.payee_id !== null)).toBe(true)
  expect(reversals.some((tx) => tx.channel === 'ATM' && tx.terminal_id !== null)).toBe(true)
})
