import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import packs from '#services/market/data/packs.json' with { type: 'json' }
import { segments } from '#services/market/segments.ts'
import { distributionsSchema } from '#services/population-settings.ts'
import { distributionsOf } from '#services/producer/distributions.ts'
import { lifeEvents } from '#services/producer/life-events.ts'
import { World } from '#services/producer/world.ts'
import type { ScenarioFile } from '#services/settings.ts'
import { scenario, simulate } from './producer-world.ts'

type Own = NonNullable<NonNullable<ScenarioFile['population']>['distributions']>

const settingsWith = (distributions: Own) => scenario({ seed: 'own', population: { customers: 800, distributions } })
const share = (records: readonly Transaction[], test: (tx: Transaction) => boolean) =>
  records.filter(test).length / records.length

describe('a pack', () => {
  test.each(Object.entries(packs.packs))('%s has the form of a scenario’s own distributions', (_, pack) => {
    expect(distributionsSchema.parse(pack)).toEqual(pack)
  })

  test('knows every segment and life event', () => {
    const { shape } = distributionsSchema
    expect(shape.segments.unwrap().keyType.options).toEqual(segments.map(({ id }) => id))
    expect(shape.lifeEventsPerYear.unwrap().keyType.options).toEqual(lifeEvents.map(({ id }) => id))
  })

  test('that leaves a segment no way to pay is refused, by the name of the setting', () => {
    const others = { UPI: 0, CREDIT_CARD: 0, DEBIT_CARD: 0, WALLET_PPI: 0, BNPL: 0, CASH: 0 }
    const { population } = settingsWith({ paymentModes: { STUDENT: others } })
    expect(() => distributionsOf(population)).toThrow('population.distributions.paymentModes.STUDENT')
  })
})

describe('a scenario’s own distributions', () => {
  const plain = simulate(settingsWith({}), 0, 10).transactions

  test('decide who the customers are', () => {
    const weights = Object.fromEntries(segments.map(({ id }) => [id, id === 'STUDENT' ? 1 : 0]))
    const loyalty = { STUDENT: 0.9 }
    const customers = [...new World(settingsWith({ segments: weights, loyalty }), 0).customers()]
    expect(new Set(customers.map(({ segment }) => segment))).toEqual(new Set(['STUDENT']))
    const mean = customers.reduce((sum, customer) => sum + customer.merchant_loyalty, 0) / customers.length
    expect(mean).toBeCloseTo(0.9, 1)
  })

  test('decide how they pay, and what they draw in cash', () => {
    const noCash = Object.fromEntries(segments.map(({ id }) => [id, { CASH: 0 }]))
    const { transactions } = simulate(settingsWith({ paymentModes: noCash, withdrawals: 0, cardOwners: 0 }), 0, 5)
    for (const rail of ['CASH', 'CREDIT_CARD']) expect(transactions.map((tx) => tx.payment_rail)).not.toContain(rail)
    expect(transactions.map((tx) => tx.event_type)).not.toContain('CASH_WITHDRAWAL')
    expect(plain.map((tx) => tx.payment_rail)).toContain('CASH')
    expect(plain.map((tx) => tx.event_type)).toContain('CASH_WITHDRAWAL')
  })

  test('decide who travels, and what happens to them', () => {
    const tripsPerYear = Object.fromEntries(segments.map(({ id }) => [id, 0]))
    const lifeEventsPerYear = Object.fromEntries(lifeEvents.map(({ id }) => [id, id === 'MARRIAGE' ? 2 : 0]))
    const { transactions, events } = simulate(settingsWith({ tripsPerYear, lifeEventsPerYear }), 0, 20)
    expect(share(plain, (tx) => tx.location_type === 'TRAVEL')).toBeGreaterThan(0.01)
    expect(transactions.map((tx) => tx.location_type)).not.toContain('TRAVEL')
    const lives = events.filter(({ event_type }) => event_type === 'LIFE_EVENT')
    expect(lives.length).toBeGreaterThan(10)
    expect(new Set(lives.map(({ details }) => details.event))).toEqual(new Set(['MARRIAGE']))
  })

  test('decide whose prices hold', () => {
    const prices = (costOfLiving: 'tier' | 'hces' | 'blend') => {
      const { population } = settingsWith({ costOfLiving })
      return distributionsOf(population).prices
    }
    // Mumbai, Delhi and Kolkata.
    expect([0, 1, 5].map((city) => prices('tier')[city])).toEqual([1.3, 1.3, 1.3])
    expect([0, 1, 5].map((city) => prices('hces')[city])).toEqual([1.05, 1.22, 0.83])
    expect(prices('blend')[5]).toBeCloseTo(1.065)
  })
})
