import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import amounts from '#services/market/data/amounts.json' with { type: 'json' }
import { lifeEvents } from '#services/producer/life-events.ts'
import { DAY_MS, simulatedDay } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const share = (records: readonly Transaction[], test: (tx: Transaction) => boolean) =>
  records.filter(test).length / records.length
const between = (records: readonly Transaction[], from: string, to: string) =>
  records.filter(({ event_time }) => {
    const day = simulatedDay(event_time) * DAY_MS
    return day >= Date.parse(from) && day <= Date.parse(to)
  })
const auspicious: ReadonlySet<number> = new Set(amounts.upi.price_point_heaping.festival_p2p)
const isGift = (tx: Transaction) => auspicious.has(tx.amount_minor / 100)
const transfers = (records: readonly Transaction[]) =>
  records.filter(({ subcategory }) => subcategory.startsWith('Person to person'))

describe('sales', () => {
  test.each([
    [
      'Big Billion Days and Great Indian Festival',
      '2025-09-24',
      ['2025-09-22', '2025-09-23'],
      ['2025-09-15', '2025-09-18'],
    ],
    ['the sales before Republic Day', '2026-01-19', ['2026-01-16', '2026-01-18'], ['2026-01-08', '2026-01-12']],
    ['the sales before Independence Day', '2025-08-05', ['2025-08-01', '2025-08-03'], ['2025-07-24', '2025-07-29']],
  ] as const)('%s sell more online shopping and electronics', (_, start, sale, before) => {
    const settings = scenario({ seed: 'sale', population: { customers: 3000 }, clock: { start, history: '14d' } })
    const { transactions } = simulate(settings, 0, 14)
    const on = (days: readonly [string, string]) =>
      share(between(transactions, ...days), (tx) => tx.category === 'ECOMMERCE' || tx.category === 'ELECTRONICS')
    expect(on(before)).toBeGreaterThan(0)
    expect(on(sale)).toBeGreaterThan(1.3 * on(before))
  })
})

describe('gifts end in one', () => {
  test('on a festival of gifts far more than on other days', () => {
    const clock = { start: '2025-10-22', history: '12d' }
    const { transactions } = simulate(scenario({ seed: 'gifts', population: { customers: 2000 }, clock }), 0, 12)
    expect(share(transfers(between(transactions, '2025-10-20', '2025-10-20')), isGift)).toBeGreaterThan(0.25)
    const ordinary = scenario({
      seed: 'gifts',
      population: { customers: 2000 },
      clock: { start: '2025-11-24', history: '12d' },
    })
    const rare = share(transfers(simulate(ordinary, 0, 12).transactions), isGift)
    expect(rare).toBeGreaterThan(0)
    expect(rare).toBeLessThan(0.02)
  })

  test('at a wedding the couple receives them, for some days', () => {
    const only = Object.fromEntries(lifeEvents.map(({ id }) => [id, id === 'MARRIAGE' ? 2 : 0]))
    const settings = scenario({
      seed: 'weddings',
      population: { customers: 1500, distributions: { lifeEventsPerYear: only } },
      clock: { start: '2026-07-05', history: '40d' },
    })
    const { transactions, events } = simulate(settings, 0, 40)
    const weddings = new Map(
      events.filter(({ event_type }) => event_type === 'LIFE_EVENT').map((e) => [e.customer_id, e.details.date!]),
    )
    expect(weddings.size).toBeGreaterThan(50)
    const daysSince = (tx: Transaction) =>
      simulatedDay(tx.event_time) - Date.parse(weddings.get(tx.customer_id)!) / DAY_MS
    const couples = transfers(transactions).filter((tx) => weddings.has(tx.customer_id))
    const during = couples.filter((tx) => daysSince(tx) >= -1 && daysSince(tx) < 4)
    const received = (tx: Transaction) => tx.event_type === 'CREDIT'
    expect(during.length).toBeGreaterThan(100)
    expect(share(during, received)).toBeGreaterThan(0.7)
    expect(share(during.filter(received), isGift)).toBeGreaterThan(0.7)
    const otherwise = couples.filter((tx) => daysSince(tx) < -1 || daysSince(tx) >= 4)
    expect(share(otherwise, received)).toBeLessThan(0.4)
    expect(share(otherwise, isGift)).toBeLessThan(0.02)
  })
})

describe('phones', () => {
  const { transactions, events } = simulate(scenario({ seed: 'phones', population: { customers: 1500 } }), 0, 45)
  const byCustomer = Map.groupBy(transactions, ({ customer_id }) => customer_id)
  const release = (version: string) => {
    const [major, minor] = version.split('.').map(Number)
    return major! * 100 + minor!
  }

  test('have applications that are brought up to date, and never older ones than before', () => {
    let updates = 0
    for (const payments of byCustomer.values()) {
      const versions = payments.flatMap(({ app_version }) => (app_version === null ? [] : [release(app_version)]))
      for (let i = 1; i < versions.length; i++) {
        expect(versions[i]).toBeGreaterThanOrEqual(versions[i - 1]!)
        if (versions[i]! > versions[i - 1]!) updates++
      }
    }
    // A release every two weeks.
    expect(updates / byCustomer.size).toBeGreaterThan(2)
    expect(updates / byCustomer.size).toBeLessThan(4)
  })

  test('are replaced about once in three years, and bound before they pay', () => {
    const bound = events.filter(({ event_type }) => event_type === 'DEVICE_BOUND')
    const aYear = (bound.length / 1500) * (365 / 45)
    expect(aYear).toBeGreaterThan(0.2)
    expect(aYear).toBeLessThan(0.5)
    for (const { customer_id, device_id, event_time } of bound) {
      const first = byCustomer.get(customer_id)!.find((tx) => tx.device_id === device_id)
      if (first !== undefined) expect(first.event_time).toBeGreaterThan(event_time)
    }
  })
})
