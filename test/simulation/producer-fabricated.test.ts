import { describe, expect, test } from 'vitest'
import { cities } from '#services/market/cities.ts'
import { FabricatedCustomers } from '#services/market/fabricated.ts'
import { customerId } from '#services/market/identifiers.ts'
import { World } from '#services/producer/world.ts'
import { digest, scenario, simulate } from './producer-world.ts'

const population = { customers: 600, syntheticShare: 0.1 }
const settings = scenario({ seed: 'made up', population })
const { rings } = new FabricatedCustomers('made up', settings.population)
const made = new Set(rings.flatMap(({ members }) => members.map(customerId)))
const customers = [...new World(settings, 0).customers()]
const profiles = new Map(customers.map((customer) => [customer.customer_id, customer]))

describe('customers who do not exist', () => {
  test('have a profile among all others, in the order of their numbers', () => {
    expect(made.size).toBeGreaterThan(30)
    expect(customers.map(({ customer_id }) => customer_id)).toEqual(
      Array.from({ length: population.customers }, (_, i) => customerId(i + 1)),
    )
  })

  test('live with their ring: one city and one address, which nobody else has', () => {
    const homeOf = (id: string): string => `${profiles.get(id)!.address}, ${profiles.get(id)!.city}`
    const others = new Set(customers.flatMap(({ customer_id: id }) => (made.has(id) ? [] : [homeOf(id)])))
    for (const { members, city } of rings) {
      const homes = new Set(members.map((n) => homeOf(customerId(n))))
      expect(homes.size).toBe(1)
      expect(profiles.get(customerId(members[0]!))!.city).toBe(cities[city]!.name)
      for (const home of homes) expect(others.has(home)).toBe(false)
    }
    const names = new Set([...made].map((id) => profiles.get(id)!.name))
    expect(names.size).toBeGreaterThan(made.size * 0.9)
  })

  test('pay nothing, and nothing happens to them', () => {
    const { transactions, events, profiles: changed } = simulate(settings, 0, 20)
    expect(new Set(transactions.map(({ customer_id }) => customer_id)).size).toBeGreaterThan(500)
    for (const { customer_id } of [...transactions, ...events, ...changed]) expect(made.has(customer_id)).toBe(false)
  })

  test('change nothing about those who do', () => {
    const alone = simulate(scenario({ seed: 'made up', population: { ...population, syntheticShare: 0 } }), 0, 2)
    const genuine = alone.transactions.filter(({ customer_id }) => !made.has(customer_id))
    expect(genuine.length).toBeLessThan(alone.transactions.length)
    expect(simulate(settings, 0, 2).transactions).toEqual(genuine)
  })

  test('are the same in any number of partitions', () => {
    const profile = (partitions: number) =>
      Array.from({ length: partitions }, (_, p) => [...new World({ ...settings, partitions }, p).customers()])
        .flat()
        .sort((a, b) => a.customer_id.localeCompare(b.customer_id))
    expect(profile(2)).toEqual(customers)
    expect(profile(5)).toEqual(customers)
    const paid = (partitions: number) =>
      digest(
        Array.from({ length: partitions }, (_, p) => simulate({ ...settings, partitions }, p, 2).transactions).flat(),
      )
    expect(paid(5)).toBe(paid(1))
  })

  test('alone in a partition, leave it without payments', () => {
    const all = scenario({ seed: 'made up', partitions: 40, population: { customers: 60, syntheticShare: 0.5 } })
    const worlds = Array.from({ length: 40 }, (_, p) => new World(all, p))
    const ghosts = new FabricatedCustomers('made up', all.population)
    const silent = worlds.filter((world, p) => {
      const living = [...world.customers()].length - ghosts.inPartition(p, 40).length
      expect(world.peekMs() === Number.POSITIVE_INFINITY).toBe(living === 0)
      return living === 0 && ghosts.inPartition(p, 40).length > 0
    })
    expect(silent.length).toBeGreaterThan(0)
    for (const world of silent) expect(world.countDue(world.liveFromMs + 1e9)).toBe(0)
  })
})
