import { describe, expect, test } from 'vitest'
import { limits } from '#services/market/limits.ts'
import { DAY_MS } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

// From the middle of September 2025 over the first of October, when a quarter's interest is credited.
const settings = scenario({
  seed: 'income',
  population: { customers: 1500 },
  clock: { start: '2025-09-15', history: '1d' },
})
const { transactions } = simulate(settings, 0, 30)
const received = transactions.filter((tx) => tx.event_type === 'CREDIT')
const called = (subcategory: string) => received.filter((tx) => tx.subcategory === subcategory)

test('money comes in as pay, from people, from the bank and in cash', () => {
  const kinds = ['Salary', 'Pension', 'Wages', 'Business income', 'Family support', 'Interest', 'Cash deposit']
  for (const kind of [...kinds, 'Person to person, received']) expect(called(kind).length, kind).toBeGreaterThan(10)
})

test('interest comes once a quarter to everybody who has savings, in whole rupees, and is little', () => {
  const interest = called('Interest')
  expect(interest.length).toBeGreaterThan(1_400)
  expect(new Set(interest.map((tx) => tx.customer_id)).size).toBe(interest.length)
  for (const tx of interest) {
    expect(new Date(tx.local_time).toISOString().slice(0, 10)).toBe('2025-10-01')
    expect(tx.amount_minor % 100).toBe(0)
    expect(tx.amount_minor).toBeLessThan(0.0064 * tx.balance_after_minor! + 100)
  }
})

describe('cash deposits', () => {
  const deposits = called('Cash deposit')

  test('are made at machines, in notes, below what a PAN is asked for', () => {
    for (const tx of deposits) {
      expect(tx).toMatchObject({ channel: 'ATM', mcc: '6011', category: 'CASH', pos_entry_mode: '05' })
      expect(tx.terminal_id).toMatch(/^A/)
      expect(tx.amount_minor % 10_000).toBe(0)
      expect(tx.amount_minor).toBeLessThanOrEqual(limits.cashDepositMinor)
    }
  })

  test('are made by business owners, a week apart', () => {
    const trade = new Set(called('Business income').map((tx) => tx.customer_id))
    const last = new Map<string, number>()
    for (const tx of deposits) {
      expect(trade.has(tx.customer_id)).toBe(true)
      const before = last.get(tx.customer_id)
      // Give or take a day: whoever is on the way goes before or after.
      if (before !== undefined) expect(((tx.event_time - before) / DAY_MS + 1) % 7).toBeLessThan(2)
      last.set(tx.customer_id, tx.event_time)
    }
  })
})
