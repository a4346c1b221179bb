import { describe, expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import { WakeHeap } from '#services/wake-heap.ts'

const dice = (seed: string): Random => new Random().at(streamKey(seed, 'wake-heap'), 0, 0)

/** The next wish by looking at all of them. */
function nextOf(wishes: Map<string, number>, untilMs: number) {
  const due = [...wishes].filter(([, timeMs]) => timeMs <= untilMs)
  due.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  return due[0] === undefined ? undefined : { key: due[0][0], timeMs: due[0][1] }
}

describe('wishes come up in the order of time, then key', () => {
  test.each(['a', 'b', 'c', 'd', 'e'])('as a plain search finds them (seed %s)', (seed) => {
    const random = dice(seed)
    const heap = new WakeHeap()
    const wishes = new Map<string, number>()
    for (let i = 0; i < 5_000; i++) {
      const key = `k${random.below(40)}`
      if (random.chance(0.5)) {
        const timeMs = random.below(200)
        heap.set(key, timeMs)
        wishes.set(key, timeMs)
      } else if (random.chance(0.4)) {
        heap.set(key, undefined)
        wishes.delete(key)
      } else {
        const untilMs = random.below(100)
        const next = nextOf(wishes, untilMs)
        expect(heap.take(untilMs), `seed ${seed}, step ${i}`).toEqual(next)
        if (next !== undefined) wishes.delete(next.key)
      }
      expect(heap.size).toBe(wishes.size)
    }
  })
})

test('what is overwritten does not pile up', () => {
  const heap = new WakeHeap()
  for (let i = 0; i < 100_000; i++) {
    heap.set(`k${i % 100}`, i)
    expect(heap.entries).toBeLessThanOrEqual(300)
  }
  for (let i = 0; i < 100; i++) heap.set(`k${i}`, undefined)
  expect(heap.entries).toBeLessThanOrEqual(64)
  expect(heap.take(Number.POSITIVE_INFINITY)).toBeUndefined()
})
