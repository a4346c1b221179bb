import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { segments } from '#services/market/segments.ts'
import { isInward } from '#services/market/statement.ts'
import { fraudVulnerabilityScore, isHighValueCustomer, spendingPower } from '#services/producer/profile.ts'
import { World } from '#services/producer/world.ts'
import { scenario, simulate } from './producer-world.ts'

const share = (records: readonly Transaction[], test: (tx: Transaction) => boolean) =>
  records.filter(test).length / records.length

const outward = (records: readonly Transaction[]) => records.filter((tx) => !isInward(tx.event_type))
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

describe('the national pack', () => {
  const settings = scenario({ seed: 'mix', population: { customers: 2500 } })
  const all = simulate(settings, 0, 28).transactions
  const paid = outward(all)
  const nonCash = paid.filter((tx) => tx.payment_rail !== 'CASH')
  const toMerchants = paid.filter((tx) => tx.payment_rail === 'UPI' && tx.merchant_id !== null)

  test("is paid by UPI for the nation's .86 of what is not cash", () => {
    const upi = share(nonCash, (tx) => tx.payment_rail === 'UPI' || tx.payment_rail === 'UPI_LITE')
    expect(upi).toBeGreaterThan(0.83)
    expect(upi).toBeLessThan(0.9)
  })

  test('uses every rail', () => {
    const rails = new Set(all.map((tx) => tx.payment_rail))
    for (const rail of [
      'UPI',
      'UPI_LITE',
      'CREDIT_CARD',
      'DEBIT_CARD',
      'PREPAID_WALLET',
      'NET_BANKING',
      'IMPS',
      'NEFT',
      'RTGS',
      'NACH',
      'BNPL',
      'CASH',
    ] as const) {
      expect(rails).toContain(rail)
    }
  })

  test('pays merchants small sums: national buckets and mean', () => {
    expect(share(toMerchants, (tx) => tx.amount_minor <= 50_000)).toBeGreaterThan(0.78)
    const mean = toMerchants.reduce((sum, tx) => sum + tx.amount_minor, 0) / toMerchants.length / 100
    expect(mean).toBeGreaterThan(500)
    expect(mean).toBeLessThan(800)
  })

  test('is refused as often as banks refuse', () => {
    const declined = share(
      paid.filter((tx) => tx.payment_rail === 'UPI'),
      (tx) => tx.status_response.status === 'DECLINED',
    )
    expect(declined).toBeGreaterThan(0.04)
    expect(declined).toBeLessThan(0.1)
  })

  test('is spent at home for four fifths, nearby, and on trips', () => {
    const present = all.filter((tx) => tx.lat !== null)
    expect(share(present, (tx) => tx.location_type === 'HOME')).toBeCloseTo(0.8, 1)
    expect(share(present, (tx) => tx.location_type === 'NEARBY')).toBeCloseTo(0.15, 1)
    expect(share(present, (tx) => tx.location_type === 'TRAVEL')).toBeCloseTo(0.05, 1)
  })

  test('peaks in the evening and comes in spells', () => {
    const evening = share(all, (tx) => {
      const minutes = Math.floor((tx.local_time % 86_400_000) / 60_000)
      return minutes >= 17 * 60 && minutes < 21.5 * 60
    })
    expect(evening).toBeGreaterThan(0.27)
    expect(evening).toBeLessThan(0.4)
    const times = new Map<string, number[]>()
    for (const tx of paid) times.set(tx.customer_id, [...(times.get(tx.customer_id) ?? []), tx.event_time])
    const burstiness = [...times.values()].filter((t) => t.length > 20).map(burstinessOf)
    expect(median(burstiness)).toBeGreaterThan(0.15)
    expect(median(burstiness)).toBeLessThan(0.45)
  })
})

function burstinessOf(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  const mean = gaps.reduce((a, b) => a + b) / gaps.length
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  return (deviation - mean) / (deviation + mean)
}

test('the card-heavy pack has its shares of rails', () => {
  const settings = scenario({ seed: 'mix', population: { customers: 1500, pack: 'seed-mix' } })
  const paid = outward(simulate(settings, 0, 14).transactions)
  expect(share(paid, (tx) => tx.payment_rail === 'CREDIT_CARD')).toBeCloseTo(0.36, 1)
  expect(share(paid, (tx) => tx.payment_rail === 'UPI' || tx.payment_rail === 'UPI_LITE')).toBeCloseTo(0.257, 1)
  expect(share(paid, (tx) => tx.payment_rail === 'DEBIT_CARD')).toBeCloseTo(0.13, 1)
})

describe('the population', () => {
  const customers = [...new World(scenario({ seed: 'people', population: { customers: 8000 } }), 0).customers()]

  test('has the segments’ shares, ages and incomes', () => {
    for (const segment of segments) {
      const members = customers.filter((customer) => customer.segment === segment.id)
      expect(members.length / customers.length).toBeCloseTo(segment.share, 1)
      expect(Math.abs(members.length / customers.length - segment.share)).toBeLessThan(0.02)
      for (const member of members) {
        expect(member.age).toBeGreaterThanOrEqual(segment.age.min)
        expect(member.age).toBeLessThanOrEqual(segment.age.max)
      }
    }
  })

  test('has 23 fields a profile, a name and an address, the same at every call', () => {
    const again = [...new World(scenario({ seed: 'people', population: { customers: 8000 } }), 0).customers()]
    expect(Object.keys(customers[0]!)).toHaveLength(25)
    expect(again).toEqual(customers)
    for (const { name, address } of customers) {
      expect(name).toMatch(/^\S+ \S/)
      expect(address).toMatch(/^\d+, \S+ \S/)
    }
    const names = new Set(customers.map(({ name }) => name))
    expect(names.size / customers.length).toBeGreaterThan(0.9)
  })

  test('helpers stay within their scales and tell people apart', () => {
    for (const customer of customers) {
      for (const score of [spendingPower(customer), fraudVulnerabilityScore(customer)]) {
        expect(score >= 0 && score <= 1).toBe(true)
      }
    }
    const highValue = customers.filter(isHighValueCustomer).length / customers.length
    expect(highValue).toBeGreaterThan(0.03)
    expect(highValue).toBeLessThan(0.5)
  })
})
