import { describe, expect, test } from 'vitest'
import { bootstrap, meanOf } from '#infra/learning/bootstrap.ts'
import { Random, streamKey } from '#services/random.ts'

/** Groups of some members, whose worth is that of the group: what is known of one is known of all. */
function alike(groups: number, each: number): { groups: number[][]; worth: number[] } {
  const random = new Random().at(streamKey('bootstrap test', 'worth'), 0, 0)
  const worth: number[] = []
  const members = Array.from({ length: groups }, () => {
    const own = random.unit()
    return Array.from({ length: each }, () => worth.push(own) - 1)
  })
  return { groups: members, worth }
}

const width = ({ low, high }: { low: number; high: number }): number => high - low

describe('an interval', () => {
  test('of a mean is about four standard errors wide', () => {
    const { groups, worth } = alike(400, 1)
    const interval = bootstrap(groups, meanOf(worth), 'seed')!
    // The deviation of a uniform draw is 0.2887: 2 times 1.96 times that over the root of 400.
    expect(width(interval)).toBeGreaterThan(0.85 * 0.0566)
    expect(width(interval)).toBeLessThan(1.15 * 0.0566)
    expect(interval.low).toBeLessThan(0.5)
    expect(interval.high).toBeGreaterThan(0.5)
  })

  test('takes no comfort from members that say the same: as many groups, as wide', () => {
    const [single, many] = [1, 25].map((each) => {
      const { groups, worth } = alike(100, each)
      return width(bootstrap(groups, meanOf(worth), 'seed')!)
    })
    expect(many).toBeCloseTo(single!, 9)
  })

  test('is the same for the same seed, and of one group nothing can be said', () => {
    const { groups, worth } = alike(20, 3)
    expect(bootstrap(groups, meanOf(worth), 'a')).toEqual(bootstrap(groups, meanOf(worth), 'a'))
    expect(bootstrap(groups, meanOf(worth), 'a')).not.toEqual(bootstrap(groups, meanOf(worth), 'b'))
    expect(bootstrap(groups.slice(0, 1), meanOf(worth), 'a')).toBeNull()
  })
})
