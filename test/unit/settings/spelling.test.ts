import { describe, expect, test } from 'vitest'
import { closest, editDistance } from '#services/spelling.ts'

describe('edit distance', () => {
  test.each([
    ['', '', 0],
    ['speed', 'speed', 0],
    ['sped', 'speed', 1],
    ['sped', 'sepd', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s to %s is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })
})

describe('the closest word', () => {
  test('is suggested when it is near', () => {
    expect(closest('custmers', ['pack', 'customers'])).toBe('customers')
    expect(closest('topicprefix', ['topicPrefix'])).toBe('topicPrefix')
  })

  test('is not when nothing is near, or the input is no word', () => {
    expect(closest('weather', ['pack', 'customers'])).toBeUndefined()
    expect(closest('x'.repeat(1_000), ['x'.repeat(999)])).toBeUndefined()
  })
})
