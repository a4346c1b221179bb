import { describe, expect, test } from 'vitest'
import { draw, drawAbove, shareAbove } from '#services/fraud-injector/spread.ts'
import { Random, streamKey } from '#services/random.ts'

const random = new Random().at(streamKey('spread', 'test'), 1, 1)
const incubation = { dist: 'lognormal', median: 9, sigma: 0.7, min: 1, max: 60 }
const many = (n: number, make: () => number): number[] => Array.from({ length: n }, make)

describe('draw', () => {
  test('integers include both ends and nothing else', () => {
    const values = new Set(many(500, () => draw({ dist: 'int', min: 2, max: 6 }, random)))
    expect([...values].sort()).toEqual([2, 3, 4, 5, 6])
  })

  test('a lognormal has its median, keeps to its limits and does not heap at them', () => {
    const values = many(4_000, () => draw(incubation, random)).sort((a, b) => a - b)
    expect(values[2_000]).toBeGreaterThan(8.5)
    expect(values[2_000]).toBeLessThan(9.5)
    expect(values[0]).toBeGreaterThan(1)
    expect(values.at(-1)).toBeLessThan(60)
  })

  test('a distribution that is not known is refused by name', () => {
    expect(() => draw({ dist: 'beta', min: 0, max: 1 }, random)).toThrow('got beta')
  })
})

test('shareAbove agrees with the draws, from all at the minimum to none at the maximum', () => {
  const values = many(20_000, () => draw(incubation, random))
  for (const days of [2, 5, 9, 14, 30]) {
    const counted = values.filter((value) => value > days).length / values.length
    expect(shareAbove(incubation, days)).toBeCloseTo(counted, 1.7)
  }
  expect(shareAbove(incubation, 0)).toBe(1)
  expect(shareAbove(incubation, 90)).toBe(0)
})

test('drawAbove answers what is longer than has passed already', () => {
  for (const days of [0, 3, 12]) {
    for (const value of many(200, () => drawAbove(incubation, days, random))) expect(value).toBeGreaterThan(days)
  }
})
