import { describe, expect, test } from 'vitest'
import { unlimited } from '#infra/kafka/due.ts'
import type { Control } from '#schemas/types.ts'
import { setAside } from '#services/producer/commanded.ts'
import { scheduleOf } from '#services/producer/schedule.ts'
import { settingsSchema } from '#services/settings.ts'
import { Clockwork, LIVE_FROM_MS } from '../../helpers/clockwork.ts'

type Command = Control['command']

const control = (command: Command, number: number | null = null, text: string | null = null): Control => ({
  target: 'PRODUCER',
  command,
  number,
  text,
  customer_id: null,
})

function begin(...args: ConstructorParameters<typeof Clockwork>): Clockwork {
  const clockwork = new Clockwork(...args)
  clockwork.pace.begin(clockwork.nowMs, unlimited)
  return clockwork
}

/** A transaction leaves within the tick in which it was meant to, or when there is room. */
function expectOnTime({ left }: Clockwork, tickMs = 5): void {
  for (const { intendedMs, atMs } of left) {
    expect(atMs - intendedMs!).toBeGreaterThanOrEqual(-0.5)
    expect(atMs - intendedMs!).toBeLessThanOrEqual(tickMs)
  }
}

const intended = ({ left }: Clockwork, from: number): number[] => left.slice(from).map(({ intendedMs }) => intendedMs!)
const gaps = (moments: readonly number[]): number[] => moments.slice(1).map((ms, i) => ms - moments[i]!)

describe('from one speed to another', () => {
  test('the simulated clock goes on where it stands, and what was due is due no sooner and no later', () => {
    const clockwork = begin({ speed: 60 })
    clockwork.run(1_000)
    expect(clockwork.simulatedMs).toBe(60_000)
    clockwork.pace.command(control('SPEED', 600))
    expect(clockwork.simulatedMs).toBe(60_000)
    clockwork.run(1_000)
    expect(clockwork.simulatedMs).toBe(660_000)
    // At a speed a transaction is due once the clock is past it.
    expect(clockwork.left).toHaveLength(660)
    expectOnTime(clockwork)
    expect(clockwork.left.at(-1)!.intendedMs).toBe(Math.round(6_000 + (659_000 - 60_000) / 600))
  })
})

describe('from one rate to another', () => {
  test('the count goes on from what was due so far', () => {
    const clockwork = begin({ rate: 100 })
    clockwork.run(2_000)
    expect(clockwork.scheduled).toBe(200)
    clockwork.pace.command(control('RATE', 500))
    expect(clockwork.scheduled).toBe(200)
    clockwork.run(1_000)
    expect(clockwork.scheduled).toBe(700)
    expect(clockwork.left).toHaveLength(700)
    expectOnTime(clockwork)
    expect(intended(clockwork, 198)).toEqual([6_990, 7_000, ...Array.from({ length: 500 }, (_, i) => 7_002 + 2 * i)])
  })

  test('several processes, each with its share, come to the rate together', () => {
    const shares = [1 / 4, 3 / 4]
    const processes = shares.map((share) => begin({ rate: 100 }, (pace, fromMs) => scheduleOf(pace, fromMs, share)))
    const scheduled = (): number => processes.reduce((sum, process) => sum + process.scheduled, 0)
    for (const [i, process] of processes.entries()) {
      // Each hears of it in its own time.
      process.run(1_000 + i * 200)
      process.pace.command(control('RATE', 800))
      process.run(1_000 - i * 200)
    }
    expect(scheduled()).toBe(25 + 200 + 90 + 480)
    for (const process of processes) process.run(1_000)
    expect(scheduled()).toBe(25 + 200 + 90 + 480 + 800)
  })
})

describe('between speed and rate', () => {
  test('there and back, neither the count nor the clock ever falls or leaps', () => {
    const clockwork = begin({ speed: 100 })
    clockwork.run(1_000)
    expect([clockwork.scheduled, clockwork.simulatedMs]).toEqual([100, 100_000])
    clockwork.pace.command(control('RATE', 50))
    expect([clockwork.scheduled, clockwork.simulatedMs]).toEqual([100, 100_000])
    clockwork.run(1_000)
    // The next transaction is the 151st, which happens at 150 s.
    expect([clockwork.scheduled, clockwork.simulatedMs]).toEqual([150, 150_000])
    clockwork.pace.command(control('SPEED', 200))
    expect([clockwork.scheduled, clockwork.simulatedMs]).toEqual([150, 150_000])
    clockwork.run(1_000)
    expect([clockwork.scheduled, clockwork.simulatedMs]).toEqual([350, 350_000])
    expectOnTime(clockwork)
    expect(new Set(gaps(intended(clockwork, 100).slice(0, 50)))).toEqual(new Set([20]))
  })
})

describe('with a backlog', () => {
  test.each([
    ['rate to rate', { rate: 100 }, control('RATE', 200), 300],
    ['rate to speed', { rate: 100 }, control('SPEED', 200), 300],
    ['speed to rate', { speed: 100 }, control('RATE', 200), 300],
    ['speed to speed', { speed: 100 }, control('SPEED', 200), 300],
    ['rate to pause', { rate: 100 }, control('PAUSE'), 100],
    ['speed to pause', { speed: 100 }, control('PAUSE'), 100],
  ])('%s: what was due before keeps the moment that was meant for it', (_, scenario, command, scheduled) => {
    const clockwork = begin(scenario)
    clockwork.allow(30)
    clockwork.run(1_000)
    expect(clockwork.left).toHaveLength(30)
    const before = clockwork.scheduled
    clockwork.pace.command(command)
    expect(clockwork.scheduled).toBe(before)
    clockwork.run(500)
    clockwork.allow(Number.POSITIVE_INFINITY)
    clockwork.run(500)
    expect(clockwork.scheduled).toBe(scheduled)
    expect(clockwork.left).toHaveLength(scheduled)
    const moments = intended(clockwork, 0).toSorted((a, b) => a - b)
    // A rate makes the first due after its interval, a speed at once.
    const first = 'rate' in scenario ? 5_010 : 5_000
    expect(moments.slice(0, before)).toEqual(Array.from({ length: before }, (_, n) => first + 10 * n))
    for (const gap of gaps(moments.slice(before))) expect(gap).toBe(5)
    for (const moment of moments.slice(before)) expect(moment).toBeGreaterThanOrEqual(6_000)
  })
})

describe('a pause', () => {
  test.each([
    ['speed', { speed: 100 }],
    ['rate', { rate: 100 }],
    [
      'stages',
      {
        rate: {
          from: 0,
          stages: [
            { for: 1_000, to: 100 },
            { for: 1_000, to: 0 },
          ],
          loop: true,
        },
      },
    ],
  ])('of a %s makes nothing due, and then goes on where it stood', (_, scenario) => {
    const paused = begin(scenario)
    const straight = begin(scenario)
    for (const clockwork of [paused, straight]) clockwork.run(1_303)
    const { scheduled, simulatedMs } = paused
    paused.pace.command(control('PAUSE'))
    paused.run(10_000)
    expect([paused.scheduled, paused.simulatedMs, paused.left.length]).toEqual([scheduled, simulatedMs, scheduled])
    expect(paused.pace.commanded.isPaused).toBe(true)
    paused.pace.command(control('RESUME'))
    for (const clockwork of [paused, straight]) clockwork.run(2_000)
    expect(paused.scheduled).toBe(straight.scheduled)
    expect(paused.simulatedMs).toBe(straight.simulatedMs)
    expectOnTime(paused)
    const later = straight.left.map(({ intendedMs }, n) => intendedMs! + (n < scheduled ? 0 : 10_000))
    for (const [n, moment] of intended(paused, 0).entries()) expect(Math.abs(moment - later[n]!)).toBeLessThanOrEqual(1)
  })

  test('ends with a new pace, too, and a second pause changes nothing', () => {
    const clockwork = begin({ speed: 100 })
    clockwork.run(1_000)
    clockwork.pace.command(control('PAUSE'))
    clockwork.run(1_000)
    clockwork.pace.command(control('PAUSE'))
    clockwork.run(1_000)
    clockwork.pace.command(control('RATE', 10))
    clockwork.run(1_000)
    expect(clockwork.scheduled).toBe(110)
    expectOnTime(clockwork)
    expect(clockwork.pace.changes.map(({ order }) => order)).toEqual(['pause', 'rate 10'])
  })

  test('of a run as fast as it goes holds it, and lets it go', () => {
    const clockwork = begin({ max: true })
    clockwork.allow(100)
    clockwork.run(5)
    clockwork.pace.command(control('PAUSE'))
    clockwork.allow(100)
    clockwork.run(100)
    expect(clockwork.left).toHaveLength(100)
    clockwork.pace.command(control('RATE', 100))
    clockwork.run(500)
    expect(clockwork.left).toHaveLength(150)
  })
})

describe('a command', () => {
  test('that came before the live part shapes its beginning, and the newest wins', () => {
    const clockwork = new Clockwork({ speed: 600 })
    for (const order of [control('RATE', 7), control('PAUSE'), control('RATE', 100)]) clockwork.pace.command(order)
    clockwork.pace.begin(clockwork.nowMs, unlimited)
    clockwork.run(1_000)
    expect(clockwork.scheduled).toBe(100)
    expect(clockwork.pace.changes).toEqual([{ order: 'rate 100', atMs: 5_000, clockMs: LIVE_FROM_MS }])
  })

  test('to resume that names its pace holds for a process that knows nothing of the time before', () => {
    const clockwork = new Clockwork({ speed: 600 })
    clockwork.pace.command(control('RESUME', 100, 'RATE'))
    clockwork.pace.begin(clockwork.nowMs, unlimited)
    expect(clockwork.pace.commanded).toEqual({ pace: { rate: 100 }, isPaused: false })
    expect(clockwork.pace.changes.map(({ order }) => order)).toEqual(['resume rate 100'])
  })

  test('that is taken back leaves the scenario’s pace', () => {
    const clockwork = begin({ speed: 100 })
    clockwork.pace.command(control('SPEED', 1_000))
    clockwork.run(100)
    clockwork.pace.command(null)
    clockwork.run(100)
    expect(clockwork.simulatedMs).toBe(110_000)
    expect(clockwork.pace.changes.map(({ order, atMs, clockMs }) => [order, atMs, clockMs - LIVE_FROM_MS])).toEqual([
      ['speed 1000', 5_000, 0],
      ['clear', 5_100, 100_000],
    ])
  })

  test.each([
    [control('RATE', -5), 'rate: expected more than 0, came -5'],
    [control('RATE', null), 'rate: expected'],
    [control('SPEED', 0), 'speed: expected 1 or more, came 0'],
    [control('SPEED', 1e9), 'speed: expected 100000 or less, came 1000000000'],
    [control('RESUME', 5, 'MAX'), 'text: expected SPEED or RATE to resume at, came "MAX"'],
    [control('SETTINGS', 0.1), 'command: expected SPEED, RATE, PAUSE or RESUME, came SETTINGS'],
    [{ ...control('PAUSE'), target: 'SCORER' as const }, 'target: expected PRODUCER, as the record’s key says'],
  ])('%o with a mistake is told what is wrong and changes nothing', (order, mistake) => {
    const clockwork = begin({ rate: 100 })
    clockwork.run(500)
    expect(clockwork.pace.command(order).join().replaceAll("'", '’')).toContain(mistake)
    clockwork.run(500)
    expect(clockwork.scheduled).toBe(100)
    expect(clockwork.pace.changes).toEqual([])
  })
})

test('what is set aside for a resumption is the pace that a command named, and nothing else', () => {
  const nothing = { text: null, number: null }
  expect(setAside(control('SPEED', 60))).toEqual({ text: 'SPEED', number: 60 })
  expect(setAside(control('RATE', 500))).toEqual({ text: 'RATE', number: 500 })
  expect(setAside(control('PAUSE', 500, 'RATE'))).toEqual({ text: 'RATE', number: 500 })
  expect(setAside(control('RESUME', 500, 'RATE'))).toEqual({ text: 'RATE', number: 500 })
  for (const other of [null, control('PAUSE'), control('SETTINGS', 0.1)]) expect(setAside(other)).toEqual(nothing)
})

test('limits hold across a change', () => {
  const clockwork = new Clockwork({ rate: 100 })
  clockwork.pace.begin(clockwork.nowMs, { ...unlimited, transactions: 150 })
  clockwork.run(1_000)
  clockwork.pace.command(control('RATE', 1_000))
  clockwork.run(1_000)
  expect([clockwork.scheduled, clockwork.left.length]).toEqual([150, 150])
  clockwork.pace.command(control('SPEED', 1_000))
  clockwork.run(1_000)
  expect([clockwork.scheduled, clockwork.left.length]).toEqual([150, 150])
})

test('a scenario’s stages can be left and come back to from their beginning', () => {
  const { pace } = settingsSchema.parse({ pace: { rate: { from: 10, stages: [{ for: '10s', to: 10 }] } } })
  const clockwork = begin(pace)
  clockwork.run(1_000)
  clockwork.pace.command(control('RATE', 100))
  clockwork.run(1_000)
  clockwork.pace.command(null)
  clockwork.run(1_000)
  expect(clockwork.scheduled).toBe(120)
})
