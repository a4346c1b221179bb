import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { issuerIndex } from '#services/market/issuers.ts'
import { limits } from '#services/market/limits.ts'
import { Outages } from '#services/market/outages.ts'
import { isInward } from '#services/market/statement.ts'
import { DAY_MS, SECOND_MS } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const { transactions } = simulate(scenario({ seed: 'rails', population: { customers: 2500 } }), 0, 45)
const by = (test: (tx: Transaction) => boolean): Transaction[] => transactions.filter(test)
const isApproved = (tx: Transaction): boolean => tx.status_response.status === 'APPROVED'

function byCustomer(records: readonly Transaction[]): Map<string, Transaction[]> {
  const groups = new Map<string, Transaction[]>()
  for (const tx of records) groups.set(tx.customer_id, [...(groups.get(tx.customer_id) ?? []), tx])
  return groups
}

describe.each([
  ['UPI Lite', 'UPI_LITE', 'UPI Lite load', limits.liteBalanceMinor],
  ['the wallet', 'PREPAID_WALLET', 'Wallet load', limits.walletBalanceMinor],
] as const)('%s', (_, rail, subcategory, mostMinor) => {
  const records = by((tx) => tx.payment_rail === rail)

  test('has an account of its own, never above what it may hold, and is paid from without a PIN', () => {
    expect(records.length).toBeGreaterThan(1_000)
    const savings = new Set(by((tx) => tx.payment_rail === 'NEFT').map((tx) => tx.account_id))
    for (const tx of records) {
      expect(savings.has(tx.account_id)).toBe(false)
      expect(tx.balance_after_minor! >= 0 && tx.balance_after_minor! <= mostMinor).toBe(true)
      expect(['NONE', 'BIOMETRIC']).toContain(tx.authentication_method)
    }
  })

  test('is loaded from the savings account, and what leaves that arrives seconds later', () => {
    const loads = byCustomer(by((tx) => tx.subcategory === subcategory && isApproved(tx)))
    expect(loads.size).toBeGreaterThan(200)
    for (const records of loads.values()) {
      for (let i = 0; i + 1 < records.length; i += 2) {
        const [sent, arrived] = [records[i]!, records[i + 1]!]
        expect([sent.event_type, arrived.event_type]).toEqual(['TRANSFER', 'CREDIT'])
        expect(arrived.amount_minor).toBe(sent.amount_minor)
        expect(arrived.payment_rail).toBe(rail)
        expect(arrived.event_time - sent.event_time).toBeLessThan(10 * SECOND_MS)
      }
    }
  })
})

describe('transfers between banks', () => {
  const sent = by((tx) => tx.subcategory === 'Bank transfer')

  test('go by RTGS from two lakh only, and by IMPS up to five', () => {
    const amounts = (rail: string) => sent.filter((tx) => tx.payment_rail === rail).map((tx) => tx.amount_minor)
    expect(amounts('RTGS').length).toBeGreaterThan(20)
    expect(Math.min(...amounts('RTGS'))).toBeGreaterThanOrEqual(limits.rtgsMinimumMinor)
    expect(Math.max(...amounts('IMPS'))).toBeLessThanOrEqual(limits.impsMinor)
    expect(amounts('NEFT').some((amount) => amount > limits.rtgsMinimumMinor)).toBe(true)
  })

  test('are larger by NEFT than by IMPS, in the mean', () => {
    const mean = (rail: string) => {
      const found = sent.filter((tx) => tx.payment_rail === rail)
      return found.reduce((sum, tx) => sum + tx.amount_minor, 0) / found.length
    }
    expect(mean('NEFT')).toBeGreaterThan(1.5 * mean('IMPS'))
  })
})

test('a mandate that was returned is presented once more, two days later, and no other is', () => {
  const collected = byCustomer(by((tx) => tx.payment_rail === 'NACH' && !isInward(tx.event_type)))
  let again = 0
  for (const records of collected.values()) {
    for (const [i, tx] of records.entries()) {
      const first = records.slice(0, i).find(({ merchant_id, category, event_time }) => {
        const days = (tx.event_time - event_time) / DAY_MS
        return merchant_id === tx.merchant_id && category === tx.category && days < 20
      })
      if (first === undefined) continue
      expect(isApproved(first)).toBe(false)
      expect(tx.amount_minor).toBe(first.amount_minor)
      expect(Math.abs((tx.event_time - first.event_time) / DAY_MS - 2)).toBeLessThan(0.3)
      again++
    }
  }
  expect(again).toBeGreaterThan(50)
})

test('while a bank is down, a good part of its payments fail for technical reasons, and few at other times', () => {
  const outages = new Outages('rails')
  const technical = new Set(['UB', 'UP', '91', '96'])
  const [down, up] = [
    { all: 0, failed: 0 },
    { all: 0, failed: 0 },
  ]
  for (const tx of by(({ payment_rail, event_type }) => payment_rail === 'UPI' && !isInward(event_type))) {
    const count = outages.shareAt(issuerIndex(tx.issuer_code), 'UPI', tx.event_time) > 0 ? down : up
    count.all++
    if (technical.has(tx.status_response.response_code)) count.failed++
  }
  expect(down.all).toBeGreaterThan(150)
  expect(down.failed / down.all).toBeGreaterThan(0.1)
  expect(up.failed / up.all).toBeLessThan(0.008)
})
