import { describe, expect, test } from 'vitest'
import { scheduleOf } from '#services/producer/schedule.ts'
import { Random, streamKey } from '#services/random.ts'
import { settingsSchema } from '#services/settings.ts'

type Input = NonNullable<Parameters<typeof settingsSchema.parse>[0]>
const schedule = (pace: unknown, share = 1) => scheduleOf(settingsSchema.parse({ pace } as Input).pace, 1000, share)

describe('a speed', () => {
  const { dueTimeMs, momentOfTime } = schedule({ speed: 600 })

  test('maps wall time to event time and back', () => {
    expect(dueTimeMs!(10)).toBe(7000)
    for (const elapsed of [0, 1, 17, 12_345]) expect(momentOfTime!(dueTimeMs!(elapsed))).toBeCloseTo(elapsed, 9)
  })
})

test('as fast as it goes has no schedule', () => expect(schedule({ max: true })).toEqual({}))

const stages = [
  { for: '10s', to: 100 },
  { for: '5s', to: 100 },
  { for: '0s', to: 400 },
  { for: '2s', to: 0 },
]

describe.each([
  ['constant', { rate: 250 }, 1],
  ['a third of a constant', { rate: 250 }, 1 / 3],
  ['stages', { rate: { from: 0, stages: [...stages, { for: '4s', to: 50 }] } }, 1],
  ['a share of stages', { rate: { from: 20, stages: [...stages, { for: '4s', to: 50 }] } }, 0.5],
  ['stages that begin again', { rate: { from: 0, stages, loop: true } }, 1],
])('a rate: %s', (_, pace, share) => {
  const { dueCount, momentOfCount } = schedule(pace, share)

  test('the n-th record is due at its moment and not before', () => {
    for (let n = 1; n < 4000; n += 7) {
      const moment = momentOfCount!(n)
      expect(dueCount!(moment + 0.01)).toBeGreaterThanOrEqual(n)
      if (moment > 1) expect(dueCount!(moment - 1)).toBeLessThan(n)
    }
  })

  test('counts never fall, nor do moments', () => {
    const random = new Random().at(streamKey('seed', 'schedule'), 1, 1)
    for (let i = 0; i < 500; i++) {
      const a = random.uniform(0, 60_000)
      expect(dueCount!(a + random.uniform(0, 500))).toBeGreaterThanOrEqual(dueCount!(a))
    }
    for (let n = 1; n < 2000; n++) expect(momentOfCount!(n + 1)).toBeGreaterThanOrEqual(momentOfCount!(n))
  })
})

test('a ramp adds up to half of its end times its length', () => {
  const { dueCount, momentOfCount } = schedule({ rate: { from: 0, stages: [{ for: '10s', to: 100 }] } })
  expect(dueCount!(10_000)).toBe(500)
  expect(dueCount!(11_000)).toBe(600)
  expect(momentOfCount!(125)).toBeCloseTo(5000, 6)
})

test('what ends at nothing is never due again', () => {
  const { momentOfCount } = schedule({ rate: { from: 10, stages: [{ for: '1s', to: 0 }] } })
  expect(momentOfCount!(5)).toBeCloseTo(1000, 6)
  expect(momentOfCount!(6)).toBe(Number.POSITIVE_INFINITY)
})
