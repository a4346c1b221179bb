import { describe, expect, test } from 'vitest'
import { World } from '#services/producer/world.ts'
import { digest, openStream, scenario, simulate } from './producer-world.ts'

const small = { seed: 'partitions', population: { customers: 600 } }

test('the union over partitions is the same, whether there are 1, 2 or 5', () => {
  const digests = [1, 2, 5].map((partitions) => {
    const settings = scenario({ ...small, partitions })
    const streams = Array.from({ length: partitions }, (_, p) => simulate(settings, p, 3))
    const all = streams.flatMap(({ transactions }) => transactions)
    expect(all.length).toBeGreaterThan(3000)
    expect(new Set(all.map((tx) => tx.transaction_id)).size).toBe(all.length)
    return [digest(all), digest(streams.flatMap(({ events }) => events))]
  })
  expect(digests[1]).toEqual(digests[0])
  expect(digests[2]).toEqual(digests[0])
})

test('over a month, too, with refunds, bills and loads under way: the union is the same, and a restart continues exactly', () => {
  const month = { seed: 'month', population: { customers: 120 } }
  const digests = [1, 3].map((partitions) => {
    const settings = scenario({ ...month, partitions })
    return digest(Array.from({ length: partitions }, (_, p) => simulate(settings, p, 30).transactions).flat())
  })
  expect(digests[1]).toBe(digests[0])

  const whole = new World(scenario(month), 0)
  const ignore = openStream().emit
  for (let i = 0; i < 7000; i++) whole.next(ignore, null)
  const restored = new World(scenario(month), 0)
  restored.restore(whole.progress(), whole.ledgerAtDayStart().slice())
  const [expected, actual] = [openStream(), openStream()]
  for (let i = 0; i < 7000; i++) {
    whole.next(expected.emit, null)
    restored.next(actual.emit, null)
  }
  expect(expected.transactions.filter((tx) => tx.original_transaction_id !== null).length).toBeGreaterThan(20)
  expect(actual.transactions).toEqual(expected.transactions)
  expect(actual.events).toEqual(expected.events)
})

test('another seed gives another stream', () => {
  const [a, b] = ['one', 'two'].map((seed) => simulate(scenario({ ...small, seed }), 0, 1).transactions)
  expect(digest(a!)).not.toBe(digest(b!))
  const accounts = new Set(a!.map((tx) => tx.account_id))
  expect(b!.some((tx) => accounts.has(tx.account_id))).toBe(false)
})

test.each([0, 1, 37, 700, 1800, 3100])('a restart after %i payments continues exactly', (emitted) => {
  const settings = scenario(small)
  const whole = new World(settings, 0)
  const before = openStream()
  for (let i = 0; i < emitted; i++) whole.next(before.emit, null)
  const progress = JSON.parse(JSON.stringify(whole.progress()))
  const ledger = whole.ledgerAtDayStart().slice()

  const restored = new World(settings, 0)
  restored.restore(progress, ledger)
  expect(restored.progress()).toEqual(progress)
  expect(restored.peekMs()).toBe(whole.peekMs())
  const [expected, actual] = [openStream(), openStream()]
  for (let i = 0; i < 2500; i++) {
    whole.next(expected.emit, null)
    restored.next(actual.emit, null)
  }
  expect(actual.transactions).toEqual(expected.transactions)
  expect(actual.events).toEqual(expected.events)
  expect(restored.progress()).toEqual(whole.progress())
})

test('a ledger of another population is refused', () => {
  const world = new World(scenario(small), 0)
  expect(() => world.restore(world.progress(), new Uint8Array(7))).toThrow(RangeError)
})

describe('what is due can be counted', () => {
  test('within the day and far beyond it, without disturbing anything', () => {
    const settings = scenario(small)
    const counted = new World(settings, 0)
    const undisturbed = new World(settings, 0)
    const [a, b] = [openStream(), openStream()]
    const hour = 3_600_000
    for (const ahead of [0, hour, 5 * hour, 24 * hour, 25.5 * hour, 60 * hour, 61 * hour]) {
      const until = counted.historyFromMs + ahead
      const due = counted.countDue(until)
      let emitted = 0
      for (; undisturbed.peekMs() <= until; emitted++) undisturbed.next(b.emit, null)
      expect(due).toBe(emitted)
      for (let i = 0; i < due; i++) counted.next(a.emit, null)
      expect(counted.countDue(until)).toBe(0)
      expect(counted.countDue(until - 10 * hour)).toBe(0)
    }
    expect(a.transactions).toEqual(b.transactions)
  })

  test('a partition without customers has none', () => {
    const settings = scenario({ partitions: 200, population: { customers: 1 } })
    const worlds = Array.from({ length: 200 }, (_, p) => new World(settings, p))
    expect(worlds.filter((world) => world.peekMs() === Number.POSITIVE_INFINITY)).toHaveLength(199)
    const empty = worlds.find((world) => world.peekMs() === Number.POSITIVE_INFINITY)!
    expect(empty.countDue(empty.liveFromMs + 1e9)).toBe(0)
    expect([...empty.customers()]).toEqual([])
  })
})

test('time never goes back, and the moment intended is passed on', () => {
  const world = new World(scenario(small), 0)
  const { emit, transactions } = openStream()
  for (let i = 0; i < 2000; i++) {
    const peeked = world.peekMs()
    world.next(emit, 1000 + i)
    expect(transactions.at(-1)).toMatchObject({ event_time: peeked, intended_at: 1000 + i })
  }
  for (let i = 1; i < 2000; i++) {
    expect(transactions[i]!.event_time).toBeGreaterThanOrEqual(transactions[i - 1]!.event_time)
  }
  expect(world.transactions).toBe(2000)
})
