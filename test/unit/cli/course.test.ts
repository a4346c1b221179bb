import { describe, expect, test } from 'vitest'
import { stillMissing } from '#infra/cli/start/drained.ts'
import { parseFor, parseUntil, reasonToEnd } from '#infra/cli/start/end-condition.ts'
import { HistoryGate } from '#infra/cli/start/history-gate.ts'
import { buildReport } from '#infra/cli/start/report.ts'
import { restartDelayMs } from '#infra/cli/start/restart-policy.ts'
import { serviceNames } from '#infra/cli/start/services.ts'
import { StatusBoard, type Statuses } from '#infra/cli/start/status-board.ts'
import { repeatCommand, summaryLines } from '#infra/cli/start/summary.ts'
import { worldDifferences } from '#infra/cli/start/world.ts'
import { defaultSettings } from '#services/settings.ts'
import { injector, LIVE_FROM_MS, monitor, producer, scorer, statuses } from './statuses.ts'

function boardOf({ producer: one, 'fraud-injector': two, scorer: three, monitor: four }: Statuses): StatusBoard {
  const board = new StatusBoard()
  for (const status of [one, two, three, four]) if (status !== undefined) board.update(status)
  return board
}

describe('the end of a run', () => {
  const board = boardOf(statuses)

  test('by wall time counts from the start of the live clock', () => {
    expect(reasonToEnd({ forMs: 60_000 }, board, 1_059_999)).toBeUndefined()
    expect(reasonToEnd({ forMs: 60_000 }, board, 1_060_000)).toBe('60 s of live time are over')
    const history = boardOf({ producer: { ...producer, phase: 'history', liveSinceMs: null } })
    expect(reasonToEnd({ forMs: 1 }, history, Number.MAX_SAFE_INTEGER)).toBeUndefined()
  })

  test('by simulated time and by transactions', () => {
    expect(reasonToEnd({ untilMs: producer.clockMs + 1 }, board, 0)).toBeUndefined()
    expect(reasonToEnd({ untilMs: producer.clockMs }, board, 0)).toBe(
      'the simulated clock has reached 2025-10-13T09:42 IST',
    )
    expect(reasonToEnd({ transactions: 12_301 }, board, 0)).toBeUndefined()
    expect(reasonToEnd({ transactions: 12_300 }, board, 0)).toBe('12300 live transactions are committed')
  })

  test('is not without a condition, nor before the first word of the producer', () => {
    expect(reasonToEnd({}, board, Number.MAX_SAFE_INTEGER)).toBeUndefined()
    expect(reasonToEnd({ transactions: 0 }, new StatusBoard(), 0)).toBeUndefined()
  })

  test('dates are Indian', () => {
    expect(parseUntil('2025-10-13T03:00')).toBe(LIVE_FROM_MS)
    expect(parseUntil('2025-10-13')).toBe(LIVE_FROM_MS - 3 * 3_600_000)
    for (const wrong of ['tomorrow', '2025-13-40', '2025-10-13T03:00Z'])
      expect(() => parseUntil(wrong)).toThrow('expected a date')
    expect(parseFor('1m30s')).toBe(90_000)
    for (const wrong of ['60', '0s', '-5s']) expect(() => parseFor(wrong)).toThrow('expected a duration')
  })
})

describe('draining', () => {
  const drained: Statuses = {
    producer: { ...producer, phase: 'drained' },
    'fraud-injector': { ...injector, consumed: producer.transactions },
    scorer: { ...scorer, scored: injector.transactions },
    monitor: { ...monitor, judged: injector.transactions, scored: injector.transactions },
  }

  const missing = (said: Statuses, services = serviceNames) => stillMissing({ services, statuses: said })

  test('is over when every count agrees', () => {
    expect(missing(drained)).toEqual([])
  })

  test('does not wait for what was damaged, dropped or is still on its way', () => {
    const delivered = injector.transactions - 7
    const disordered = {
      ...drained,
      'fraud-injector': { ...drained['fraud-injector']!, delivered },
      scorer: { ...scorer, scored: delivered },
      monitor: { ...drained.monitor!, scored: delivered },
    }
    expect(missing(disordered)).toEqual([])
    expect(missing({ ...disordered, scorer: drained.scorer! })).toContain(
      `the scorer has scored ${injector.transactions} of ${delivered}`,
    )
  })

  test('says what has not come through', () => {
    expect(missing(statuses)).toEqual([
      'the producer has not drained',
      'the fraud injector has read 152250 of 152300',
      'the scorer has scored 152900 of 153000',
      'the monitor has read scores 152880 of 152900',
    ])
    expect(missing({ ...drained, monitor: { ...drained.monitor!, alertsBySeverity: { LOW: 1 } } })).toEqual([
      'the monitor has read alerts 1 of 1470',
    ])
    expect(missing({ producer })).toEqual(['no word from fraud-injector, scorer, monitor'])
  })

  test('asks of a producer that runs alone no more than that it has drained', () => {
    expect(missing({ producer }, ['producer'])).toEqual(['the producer has not drained'])
    expect(missing({ producer: drained.producer! }, ['producer'])).toEqual([])
    expect(missing({}, ['producer'])).toEqual(['no word from producer'])
  })
})

describe('the live clock', () => {
  const held: Statuses = { ...statuses, producer: { ...producer, phase: 'held', liveSinceMs: null } }

  test('waits until history has come through', () => {
    const gate = new HistoryGate()
    expect(gate.mayGoLive(boardOf(held), 0)).toBe(false)
    const through: Statuses = {
      producer: held.producer!,
      'fraud-injector': { ...injector, consumed: producer.transactions },
      scorer: { ...scorer, scored: injector.transactions },
      monitor: { ...monitor, scored: injector.transactions },
    }
    expect(gate.mayGoLive(boardOf(through), 1)).toBe(true)
  })

  test('does not wait for a stage that stands still, nor in the live part', () => {
    const gate = new HistoryGate()
    expect(gate.mayGoLive(boardOf(held), 0)).toBe(false)
    expect(gate.mayGoLive(boardOf(held), 20_000)).toBe(false)
    expect(gate.mayGoLive(boardOf({ ...held, scorer: { ...scorer, scored: 1 } }), 20_001)).toBe(false)
    expect(gate.mayGoLive(boardOf({ ...held, scorer: { ...scorer, scored: 1 } }), 40_002)).toBe(true)
    const taken = boardOf(statuses)
    taken.update(held.producer!)
    expect(new HistoryGate().mayGoLive(taken, 0)).toBe(true)
    expect(new HistoryGate().mayGoLive(boardOf(statuses), 0)).toBe(false)
  })

  test('does not wait for anybody where the producer runs alone', () => {
    const alone = new StatusBoard(['producer'])
    alone.update(held.producer!)
    expect(new HistoryGate().mayGoLive(alone, 0)).toBe(true)
  })
})

describe('the board', () => {
  test('adds up what the processes of a producer did one after the other', () => {
    const board = boardOf(statuses)
    board.restarted('producer')
    board.update({ ...producer, liveSinceMs: 2_000_000, scheduled: 100, sent: 100, acked: 90, transactions: 152_390 })
    expect(board.statuses.producer).toMatchObject({ scheduled: 12_400, acked: 12_390, transactions: 152_390 })
    expect(board.liveSinceMs).toBe(1_000_000)
  })

  test('never tells less of the latency than either process of a producer did', () => {
    const board = boardOf(statuses)
    board.restarted('producer')
    board.update({ ...producer, ackedAtMs: null, ackLatencyMs: null })
    expect(board.statuses.producer).toMatchObject({ ackedAtMs: 1_024_600, ackLatencyMs: producer.ackLatencyMs })
    board.update({ ...producer, ackedAtMs: 2_000_000, ackLatencyMs: { p50: 10, p95: 50, p99: 60, max: 300 } })
    expect(board.statuses.producer).toMatchObject({
      ackedAtMs: 2_000_000,
      ackLatencyMs: { p50: 30, p95: 50, p99: 61, max: 300 },
    })
  })

  test('keeps what was commanded to the processes of a producer before', () => {
    const board = boardOf({ producer: { ...producer, paceChanges: [{ order: 'rate 5', atMs: 1, clockMs: 2 }] } })
    board.restarted('producer')
    board.update({ ...producer, paceChanges: [{ order: 'pause', atMs: 3, clockMs: 4 }] })
    board.update({ ...producer, paceChanges: [{ order: 'pause', atMs: 3, clockMs: 4 }] })
    expect(board.statuses.producer!.paceChanges.map(({ order }) => order)).toEqual(['rate 5', 'pause'])
  })

  test('takes the others at their word, who count by the data', () => {
    const board = boardOf(statuses)
    board.restarted('scorer')
    board.update({ ...scorer, scored: 7 })
    expect(board.statuses.scorer?.scored).toBe(7)
  })
})

test('a service that keeps dying is given up at the sixth time within a minute', () => {
  const restarts: number[] = []
  const delays: (number | null)[] = []
  for (let nowMs = 0; nowMs < 6_000; nowMs += 1_000) {
    delays.push(restartDelayMs(restarts, nowMs))
    restarts.push(nowMs)
  }
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, null])
  expect(restartDelayMs([0, 1, 2, 3, 4, 5], 60_004)).toBe(500)
})

describe('the report', () => {
  const facts = { seed: 's', thresholds: [], ended: 'because', missing: [], restarts: 0, command: 'again' }

  test('has the shape that programs rely on', () => {
    expect(buildReport(boardOf(statuses), facts)).toMatchObject({
      seed: 's',
      simulated: { from: '2025-09-28T21:30:00.000Z', to: '2025-10-13T04:12:00.000Z' },
      producer: {
        scheduled: 12_345,
        sent: 12_340,
        acked: 12_300,
        shortfall: 5,
        ackedPerSecond: 500,
        ackLatencyMs: { p50: 30, p95: 48, p99: 61, max: 240 },
      },
      injector: { transactions: 153_000, fraud: 1_530, byType: { CARD_CLONING: 200 } },
      scorer: { scored: 152_900, alerts: { velocity: 420, anomaly: 210, fraud: 840 } },
      quality: { precision: 0.614, recall: 0.72 },
      latencyMs: { p50: 120, p95: 300, p99: 1_200 },
    })
  })

  test('says what was commanded, and when by both clocks', () => {
    const paceChanges = [{ order: 'rate 500', atMs: Date.UTC(2026, 10, 21, 18), clockMs: LIVE_FROM_MS }]
    const report = buildReport(boardOf({ ...statuses, producer: { ...producer, paceChanges } }), facts)
    const [at, simulated] = ['2026-11-21T18:00:00.000Z', '2025-10-12T21:30:00.000Z']
    expect(report.paceChanges).toEqual([{ order: 'rate 500', at, simulated }])
    expect(summaryLines(report)).toContain(`Control    rate 500               at ${at}, simulated ${simulated}`)
  })

  test('is whole, too, when nobody said a word', () => {
    const report = buildReport(new StatusBoard(), facts)
    expect(report.producer.acked).toBe(0)
    expect(report.latencyMs).toBeNull()
    expect(summaryLines(report).join('\n')).toContain('recall –')
  })

  test('the summary says what is missing and how to repeat the run', () => {
    const lines = summaryLines(buildReport(boardOf(statuses), { ...facts, missing: ['a record'], restarts: 2 }))
    expect(lines).toContain('MISSING    a record')
    expect(lines).toContain('Restarts   2')
    expect(lines).toContain('Again      again')
    expect(lines).toContain(
      'Acked      500/s, p50 30 ms, p95 48 ms, p99 61 ms, longest 240 ms, from the intended moment to the commit',
    )
  })
})

test('the command that repeats a run names its seed', () => {
  expect(repeatCommand(['start', '--for', '60s'], "it's")).toBe(
    `npm run rupeestream -- start --for 60s --seed 'it'\\''s'`,
  )
  expect(repeatCommand(['start', '--seed=x'], 'x')).toBe('npm run rupeestream -- start --seed=x')
})

test('data of another world cannot be gone on with', () => {
  expect(worldDifferences(defaultSettings, { ...defaultSettings, pace: { max: true } })).toEqual([])
  expect(worldDifferences(defaultSettings, { ...defaultSettings, seed: 'other' })).toEqual([
    'seed: the data were made with "rupeestream", now it is "other"',
  ])
  const { fraud, population } = defaultSettings
  const reordered = { ...fraud, mix: Object.fromEntries(Object.entries(fraud.mix).reverse()) }
  expect(worldDifferences(defaultSettings, { ...defaultSettings, fraud: reordered })).toEqual([])
  const { MULE_ACCOUNT: mules, ...mix } = fraud.mix
  expect(
    worldDifferences(defaultSettings, {
      ...defaultSettings,
      population: { ...population, customers: 7 },
      fraud: { ...fraud, mix },
    }),
  ).toEqual([
    `population.customers: the data were made with ${population.customers}, now it is 7`,
    `fraud.mix.MULE_ACCOUNT: the data were made with ${mules}, now it is none`,
  ])
  expect(worldDifferences({ ...defaultSettings, fraud: { ...fraud, mix } }, defaultSettings)).toEqual([
    `fraud.mix.MULE_ACCOUNT: the data were made with none, now it is ${mules}`,
  ])
})
