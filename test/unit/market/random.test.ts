import { describe, expect, test } from 'vitest'
import { hash32, hash53, Random, streamKey } from '#services/random.ts'

const key = streamKey('seed', 'test')
const first = (entity: number, index: number): number => new Random().at(key, entity, index).uint32()

function bits(word: number): number {
  let count = 0
  for (let x = word >>> 0; x !== 0; x &= x - 1) count++
  return count
}

describe('a placed generator', () => {
  test.each([
    ['entity', (n: number, flip: number) => first(n ^ flip, 7)],
    ['index', (n: number, flip: number) => first(7, n ^ flip)],
  ])('changes half of its bits with any bit of the %s', (_, draw) => {
    for (let bit = 0; bit < 31; bit++) {
      let changed = 0
      for (let n = 1; n <= 400; n++) changed += bits(draw(n, 0) ^ draw(n, 1 << bit))
      expect(changed / 400).toBeGreaterThan(15)
      expect(changed / 400).toBeLessThan(17)
    }
  })

  test('neighbours are independent', () => {
    const pairs = Array.from({ length: 20_000 }, (_, n) => [first(n, 3) / 2 ** 32, first(n + 1, 3) / 2 ** 32] as const)
    const covariance = pairs.reduce((sum, [a, b]) => sum + (a - 0.5) * (b - 0.5), 0) / pairs.length
    expect(Math.abs(covariance * 12)).toBeLessThan(0.025)
  })

  test('draws the same again, and something else under another name or seed', () => {
    expect(first(1, 2)).toBe(first(1, 2))
    expect(streamKey('seed', 'other')).not.toEqual(key)
    expect(streamKey('see', 'dtest')).not.toEqual(key)
  })

  test('never repeats itself over entities and indexes', () => {
    const seen = new Set<string>()
    for (let entity = 0; entity < 200; entity++) {
      for (let index = 0; index < 200; index++) {
        const random = new Random().at(key, entity, index)
        seen.add(`${random.uint32()}/${random.uint32()}`)
      }
    }
    expect(seen.size).toBe(40_000)
  })
})

describe('distributions', () => {
  const random = new Random().at(key, 0, 0)
  const mean = (draw: () => number) => Array.from({ length: 40_000 }, draw).reduce((a, b) => a + b) / 40_000

  test.each([
    ['unit', () => random.unit(), 0.5, 0.01],
    ['exponential', () => random.exponential(), 1, 0.03],
    ['normal', () => random.normal(), 0, 0.03],
    ['poisson of 3', () => random.poisson(3), 3, 0.05],
    ['gamma of 4', () => random.gamma(4), 4, 0.06],
    ['beta of mean 0.55', () => random.beta(0.55, 12), 0.55, 0.01],
    ['integer from 1 to 6', () => random.integer(1, 6), 3.5, 0.05],
  ] as const)('%s has its mean', (_, draw, expected, tolerance) => {
    expect(Math.abs(mean(draw) - expected)).toBeLessThan(tolerance)
  })

  test('draws of a known place are known', () => {
    const placed = new Random().at(streamKey('golden', 'snapshot'), 12, 34)
    expect(Array.from({ length: 4 }, () => placed.uint32())).toMatchInlineSnapshot(`
      [
        966695453,
        1333034488,
        2942307422,
        600034488,
      ]
    `)
  })
})

test('text is hashed by FNV-1a', () => {
  expect(hash32('')).toBe(0x811c9dc5)
  expect(hash32('a')).toBe(0xe40c292c)
  expect(hash32('foobar')).toBe(0xbf9cf968)
})

test('53 bits are those of two hashes', () => {
  const basis = hash32('another')
  expect(hash53('foobar', basis)).toBe(0xbf9cf968 * 2 ** 21 + (hash32('anotherfoobar') >>> 11))
})
