import { describe, expect, test } from 'vitest'
import { partitionOf } from '#schemas/partition.ts'
import { FabricatedCustomers } from '#services/market/fabricated.ts'
import { customerId } from '#services/market/identifiers.ts'

const population = { customers: 50_000, syntheticShare: 0.005 }
const seeds = ['rings-1', 'rings-2', 'rings-3']
const worlds = seeds.map((seed) => new FabricatedCustomers(seed, population))
const numbers = (fabricated: FabricatedCustomers): number[] => fabricated.rings.flatMap(({ members }) => members)

describe('customers who do not exist', () => {
  test('are the share that is asked for, in rings of 3 to 20 who share 1 to 3 phones', () => {
    for (const { rings } of worlds) {
      const sizes = rings.map(({ members }) => members.length)
      expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) / 250 - 1)).toBeLessThan(0.25)
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(20)
      for (const { devices } of rings) {
        expect(devices.length).toBeGreaterThanOrEqual(1)
        expect(devices.length).toBeLessThanOrEqual(3)
      }
    }
  })

  test('follow from seed and population, and another seed makes others', () => {
    expect(new FabricatedCustomers(seeds[0]!, population).rings).toEqual(worlds[0]!.rings)
    const others = new Set(numbers(worlds[1]!))
    expect(numbers(worlds[0]!).filter((n) => others.has(n)).length).toBeLessThan(10)
  })

  test('are strewn over the numbers, a ring too', () => {
    for (const fabricated of worlds) {
      const tenths = new Array<number>(10).fill(0)
      for (const n of numbers(fabricated)) tenths[Math.floor((n - 1) / 5_000)]!++
      expect(Math.min(...tenths)).toBeGreaterThan(8)
      expect(Math.max(...tenths)).toBeLessThan(50)
      const large = fabricated.rings.filter(({ members }) => members.length > 8)
      for (const { members } of large) expect(Math.max(...members) - Math.min(...members)).toBeGreaterThan(15_000)
    }
  })

  test('belong to one ring each, and are found by their number', () => {
    for (const fabricated of worlds) {
      const all = numbers(fabricated)
      expect(new Set(all).size).toBe(all.length)
      for (const ring of fabricated.rings) for (const n of ring.members) expect(fabricated.ringOf(n)).toBe(ring)
      const made = new Set(all)
      for (let n = 1; n < 1_000; n++) expect(fabricated.ringOf(n) === undefined).toBe(!made.has(n))
    }
  })

  test('are known to the partition of their key, ring by ring', () => {
    const [fabricated] = worlds
    const parts = [0, 1, 2].map((partition) => fabricated!.inPartition(partition, 3))
    expect(parts.flat().sort()).toEqual(numbers(fabricated!).sort())
    parts.forEach((part, partition) => {
      for (const n of part) expect(partitionOf(customerId(n), 3)).toBe(partition)
      const rings = part.map((n) => fabricated!.ringOf(n)!.number)
      expect(rings).toEqual([...rings].sort((a, b) => a - b))
    })
  })

  test('are nobody where there would be fewer than three, or none are wanted', () => {
    expect(new FabricatedCustomers('few', { customers: 2, syntheticShare: 0.5 }).rings).toEqual([])
    expect(new FabricatedCustomers('none', { customers: 5_000, syntheticShare: 0 }).rings).toEqual([])
  })
})
