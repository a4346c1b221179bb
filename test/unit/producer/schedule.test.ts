import { describe, expect, test } from 'vitest'
import { nationalHours } from '#services/market/calendar.ts'
import { scheduleOf } from '#services/producer/schedule.ts'
import { Random, streamKey } from '#services/random.ts'
import { settingsSchema } from '#services/settings.ts'
import { mistakesOf, mistakeText } from '#services/settings-errors.ts'

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

const up = { low: 20, high: 200, period: '10s' }

describe.each([
  ['constant', { rate: 250 }, 1],
  ['a third of a constant', { rate: 250 }, 1 / 3],
  ['stages', { rate: { from: 0, stages: [...stages, { for: '4s', to: 50 }] } }, 1],
  ['a share of stages', { rate: { from: 20, stages: [...stages, { for: '4s', to: 50 }] } }, 0.5],
  ['a share of steps', { rate: { ...up, shape: 'steps' } }, 0.75],
  ['a spike', { rate: { ...up, shape: 'spike' } }, 1],
  ['a wave', { rate: { ...up, shape: 'wave' } }, 1],
  ['a share of a day', { rate: { ...up, shape: 'day' } }, 0.75],
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

describe('a shape', () => {
  const shape = (name: string, low = 100, high = 1_000) =>
    schedule({ rate: { shape: name, low, high, period: '60s' } }).dueCount!

  test('a ramp rises in a straight line, and stays', () => {
    const due = shape('ramp')
    expect(due(30_000)).toBe(30 * ((100 + 550) / 2))
    expect(due(60_000)).toBe(60 * 550)
    expect(due(61_000) - due(60_000)).toBe(1_000)
  })

  test('steps are five of equal length and height, and the last one stays', () => {
    const due = shape('steps')
    for (const [step, rate] of [100, 325, 550, 775, 1_000, 1_000].entries()) {
      expect(due((step + 1) * 12_000) - due(step * 12_000)).toBe(12 * rate)
      expect(due(step * 12_000 + 2_000) - due(step * 12_000 + 1_000)).toBe(rate)
    }
  })

  test('a spike lasts a tenth of each period, in its middle', () => {
    const due = shape('spike')
    for (const from of [0, 60_000, 600_000]) {
      expect(due(from + 27_000) - due(from)).toBe(27 * 100)
      expect(due(from + 33_000) - due(from + 27_000)).toBe(6 * 1_000)
      expect(due(from + 60_000) - due(from + 33_000)).toBe(27 * 100)
    }
  })

  test('a wave goes from low to high and back, as much above its middle as below', () => {
    const due = shape('wave', 0, 1_000)
    expect(due(60_000)).toBe(60 * 500)
    expect(due(660_000)).toBe(11 * 60 * 500)
    // What it lacks of the middle in its outer quarters it has above it in the inner ones, to the record.
    expect(Math.abs(due(45_000) - due(15_000) - (30_000 - 2 * due(15_000)))).toBeLessThanOrEqual(1)
    // The integral of the cosine itself: 7,500 less 1,000 · 60 s / 4π, 4,774.6.
    expect(Math.abs(due(15_000) - (7_500 - 4_774.6))).toBeLessThan(0.01 * 7_500)
    expect(due(30_100) - due(29_900)).toBeGreaterThan(0.99 * 200)
  })

  test('a day has the hours of Indian payments, low in the quietest and high in the busiest', () => {
    const due = schedule({ rate: { shape: 'day', low: 28, high: 1_004, period: '24s' } }).dueCount!
    const [least, most] = [Math.min(...nationalHours), Math.max(...nationalHours)]
    const rates = nationalHours.map((weight) => 28 + (976 * (weight - least)) / (most - least))
    const total = rates.reduce((sum, rate) => sum + rate, 0)
    expect(due(24_000)).toBe(Math.floor(total + 1e-6))
    expect(due(240_000)).toBe(Math.floor(10 * total + 1e-6))
    // The busiest hour is that of 19:23, the minute of most payments; half past seven comes 16 hours after half past three.
    expect(nationalHours.indexOf(most)).toBe(19)
    const around = (hour: number): number =>
      due(((hour + 21) % 24) * 1_000 + 100) - due(((hour + 21) % 24) * 1_000 - 100)
    expect(around(19)).toBeGreaterThan(0.97 * 200)
    expect(around(14)).toBeLessThan(around(12))
    expect(around(12)).toBeLessThan(around(19))
  })

  test.each([
    [
      { shape: 'wve', low: 1, high: 2, period: '60s' },
      'pace.rate.shape: expected one of ramp, steps, spike, wave, day',
    ],
    [{ shape: 'wave', low: 5, high: 5, period: '60s' }, 'pace.rate.high: expected more than low, came 5'],
    [{ shape: 'wave', low: 5, high: 6, period: '0s' }, 'pace.rate.period: expected more than nothing'],
    [{ shape: 'wave', low: 5, high: 6 }, 'pace.rate.period: expected'],
    [{ shape: 'wave', low: -5, high: 6, period: '1s' }, 'pace.rate.low: expected 0 or more, came -5'],
  ])('%o is refused', (rate, mistake) => {
    const input = { pace: { rate } }
    const { error } = settingsSchema.safeParse(input)
    expect(mistakesOf(settingsSchema, error!, input).map(mistakeText).join('\n')).toContain(mistake)
  })
})

test('what ends at nothing is never due again', () => {
  const { momentOfCount } = schedule({ rate: { from: 10, stages: [{ for: '1s', to: 0 }] } })
  expect(momentOfCount!(5)).toBeCloseTo(1000, 6)
  expect(momentOfCount!(6)).toBe(Number.POSITIVE_INFINITY)
})
