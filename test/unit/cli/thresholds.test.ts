import { describe, expect, test } from 'vitest'
import { buildReport } from '#infra/cli/start/report.ts'
import { StatusBoard } from '#infra/cli/start/status-board.ts'
import { loadLines, summaryLines } from '#infra/cli/start/summary.ts'
import {
  judge,
  loadMetrics,
  type Measured,
  pipelineMetrics,
  readThresholds,
  type Verdict,
} from '#infra/cli/start/thresholds.ts'
import { SettingsError } from '#infra/service/settings-error.ts'
import { statuses } from './statuses.ts'

const measured: Measured = {
  producer: {
    scheduled: 2_000,
    sent: 1_995,
    acked: 1_990,
    shortfall: 10,
    transactions: 90_000,
    ackedPerSecond: 199,
    ackLatencyMs: { p50: 20, p95: 48, p99: 50, max: 1_200 },
  },
  latencyMs: { p50: 120, p95: 300, p99: 1_200 },
}

const verdict = (text: string, on: Measured = measured): Verdict =>
  judge(readThresholds([text], pipelineMetrics), on)[0]!

function mistakes(...texts: string[]): readonly string[] {
  try {
    readThresholds(texts, loadMetrics)
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes
  }
  throw new Error('nothing was found wrong')
}

describe('a threshold', () => {
  test.each([
    ['ack_p50<20ms', false],
    ['ack_p50<=20ms', true],
    ['ack_p95 < 0.05s', true],
    ['ack_p99<50ms', false],
    ['ack_p99<=50ms', true],
    ['ack_max<1.2s', false],
    ['ack_max<=1.2s', true],
    ['ack_max>1s', true],
    ['shortfall<=10', true],
    ['shortfall<10', false],
    ['shortfall<0.5%', false],
    ['shortfall<=0.5%', true],
    ['shortfall<1 %', true],
    ['acked_rate>=199', true],
    ['acked_rate>199/s', false],
    ['alert_p50<1s', true],
    ['alert_p95<=300ms', true],
    ['alert_p99<1s', false],
  ])('%s is met: %s', (text, met) => expect(verdict(text).met).toBe(met))

  test('tells the value in the unit that it was held against', () => {
    expect(verdict('ack_max<2s')).toEqual({ threshold: 'ack_max<2s', value: 1_200, unit: 'ms', met: true })
    expect(verdict('shortfall<1%')).toMatchObject({ value: 0.5, unit: '%' })
    expect(verdict('shortfall<1')).toMatchObject({ value: 10, unit: 'records' })
    expect(verdict('acked_rate>1')).toMatchObject({ value: 199, unit: '/s' })
  })

  test('is missed where there was nothing to measure, whatever its direction', () => {
    const producer = { ...measured.producer, scheduled: 0, ackedPerSecond: null, ackLatencyMs: null }
    for (const text of ['ack_p99<1s', 'ack_p99>=0ms', 'acked_rate>=0', 'shortfall<1%', 'alert_p99<1s']) {
      expect(verdict(text, { producer, latencyMs: null }), text).toMatchObject({ value: null, met: false })
    }
    expect(verdict('shortfall<=0', { producer: { ...producer, shortfall: 0 } }).met).toBe(true)
  })
})

test('what is wrong with thresholds is told all at once, with what is expected and what came', () => {
  const of = 'ack_p50, ack_p95, ack_p99, ack_max, shortfall, acked_rate'
  const such = 'such as ack_p99<50ms, shortfall<=0, shortfall<0.5% or acked_rate>=1000'
  expect(
    mistakes(
      'ack_p99',
      'ack_p98<5ms',
      'alert_p99<1s',
      'shortfall<1%',
      'ack_p99<50',
      'shortfall<1ms',
      'acked_rate>5rps',
    ),
  ).toEqual([
    `--threshold: expected a metric, one of < <= > >= and a limit, ${such}, came "ack_p99"`,
    expect.stringMatching(
      `^--threshold: expected one of the metrics ${of}; did you mean ack_p9\\d\\?, came "ack_p98<5ms"$`,
    ),
    `--threshold: expected one of the metrics ${of}; alert_p99 is measured by \`start\`, came "alert_p99<1s"`,
    `--threshold: expected ack_p99 in ms or s, ${such}, came "ack_p99<50"`,
    `--threshold: expected shortfall in a number or %, ${such}, came "shortfall<1ms"`,
    `--threshold: expected acked_rate in a number or a number with /s, ${such}, came "acked_rate>5rps"`,
  ])
})

test('the summary says of each threshold what was found, and whether it is met', () => {
  const board = new StatusBoard()
  for (const status of Object.values(statuses)) board.update(status)
  const thresholds = readThresholds(['ack_p99<50ms', 'shortfall<1%', 'acked_rate>=400'], pipelineMetrics)
  const report = buildReport(board, { seed: 's', thresholds, ended: '', missing: [], restarts: 0, command: '' })
  expect(report.thresholds.map(({ met }) => met)).toEqual([false, true, true])
  for (const lines of [summaryLines(report), loadLines(report)]) {
    expect(lines.filter((line) => line.startsWith('Threshold'))).toEqual([
      'Threshold  ack_p99<50ms           61 ms              MISSED',
      'Threshold  shortfall<1%           0.0405 %           met',
      'Threshold  acked_rate>=400        500 /s             met',
    ])
  }
})
