import { describe, expect, test } from 'vitest'
import type { Customer } from '#schemas/types.ts'
import { segments } from '#services/market/segments.ts'
import { Lives } from '#services/producer/lives.ts'
import { Population } from '#services/producer/population.ts'
import { fraudVulnerabilityScore, isHighValueCustomer, profileOf, spendingPower } from '#services/producer/profile.ts'
import { Random, streamKey } from '#services/random.ts'
import { settingsSchema } from '#services/settings.ts'

const START = 20_000
const people = new Population(settingsSchema.parse({ partitions: 1, population: { customers: 4000 } }), 0)
const lives = new Lives('profiles', people, START)
const random = new Random()
const key = streamKey('profiles', 'profiles')

function profile(row: number, day: number): Customer {
  lives.look(row, day)
  return profileOf(people, lives, row, random, key)
}

const someone = profile(0, START)
const earning = (rupees: number): Customer => ({ ...someone, monthly_income_minor: rupees * 100 })

test('spending power is the logarithm of income, from 10 thousand to 10 lakh rupees', () => {
  expect([5_000, 10_000, 100_000, 1_000_000, 5_000_000].map((rupees) => spendingPower(earning(rupees)))).toEqual([
    0, 0, 0.5, 1, 1,
  ])
})

test('high value is a high bracket, or a lakh of payments a month', () => {
  const modest = { ...someone, income_bracket: 'LOW', avg_transaction_amount_minor: 50_000 } as const
  expect(isHighValueCustomer({ ...modest, monthly_transaction_count: 199 })).toBe(false)
  expect(isHighValueCustomer({ ...modest, monthly_transaction_count: 200 })).toBe(true)
  expect(isHighValueCustomer({ ...modest, monthly_transaction_count: 1, income_bracket: 'PREMIUM' })).toBe(true)
})

test('vulnerability is the segment’s, less for the savvy, more for the old', () => {
  const senior = segments.find(({ id }) => id === 'SENIOR_CONSERVATIVE')!
  const kinds = Object.values(senior.fraud_vulnerability)
  const mean = kinds.reduce((sum, value) => sum + value, 0) / kinds.length
  const base = { ...someone, segment: senior.id, digital_savviness: 'MEDIUM', age: 60 } as const
  expect(fraudVulnerabilityScore(base)).toBeCloseTo(mean)
  expect(fraudVulnerabilityScore({ ...base, age: 61 })).toBeCloseTo(1.15 * mean)
  expect(fraudVulnerabilityScore({ ...base, digital_savviness: 'HIGH' })).toBeCloseTo(0.8 * mean)
  expect(fraudVulnerabilityScore({ ...base, digital_savviness: 'LOW', age: 70 })).toBeLessThanOrEqual(1)
})

describe('a profile follows the life', () => {
  const rows = Array.from({ length: people.count }, (_, row) => row)
  const happening = (event: 'income' | 'home' | 'occupation') =>
    rows.filter((row) => {
      lives.look(row, START)
      const before = lives[event]
      lives.look(row, START + 300)
      return lives[event] !== before && lives.income > 0
    })

  test('a changed income shows in income and bracket, and in what is spent', () => {
    const changed = happening('income')
    expect(changed.length).toBeGreaterThan(50)
    const brackets = changed.map((row) => [profile(row, START), profile(row, START + 300)] as const)
    for (const [before, after] of brackets) expect(after.monthly_income_minor).not.toBe(before.monthly_income_minor)
    expect(brackets.some(([before, after]) => before.income_bracket !== after.income_bracket)).toBe(true)
  })

  test('home and occupation are those of the day, the rest is the customer’s for good', () => {
    const moved = happening('home')
    expect(moved.length).toBeGreaterThan(20)
    for (const row of moved) {
      const [before, after] = [profile(row, START), profile(row, START + 300)]
      expect(after.city).not.toBe(before.city)
      const { customer_id, age, gender, segment, digital_savviness, risk_profile, impulse_buyer } = before
      expect(after).toMatchObject({ customer_id, age, gender, segment, digital_savviness, risk_profile, impulse_buyer })
    }
    const retired = happening('occupation')
    expect(retired.length).toBeGreaterThan(3)
    for (const row of retired) expect(profile(row, START + 300).occupation).toBe('RETIRED')
  })
})
