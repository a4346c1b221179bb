import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { loadLine } from '#infra/cli/view/load-line.ts'
import { modelJson, paceInForce, type ViewModel } from '#infra/cli/view/model.ts'
import { paceText } from '#infra/cli/view/pace-text.ts'
import { renderView } from '#infra/cli/view/render.ts'
import { settingsSchema } from '#services/settings.ts'
import { injector, LIVE_FROM_MS, latestAlert, monitor, producer, statuses } from './statuses.ts'

const model: ViewModel = {
  phase: 'live',
  steps: ['starting Kafka', 'starting the services'],
  seed: 'rupeestream',
  pace: 'x600',
  elapsedMs: 42_000,
  ackedPerSecond: 500,
  statuses,
  page: 'http://127.0.0.1:9500/#token=abc',
  notes: [],
}

const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => line.length))
const ESCAPE = '\u001b'

describe('the live view', () => {
  test('fits 80 by 24', () => {
    expect(renderView(model, 80, 24)).toEqual([
      'Rupeestream  ● live  2025-10-13 09:42 IST  x600                             42 s',
      '─'.repeat(80),
      'Payments   scheduled 12,345   sent 12,340   acked 12,300   shortfall 5',
      'Fraud      1,530 of 153,000 transactions (1 %)   anomalous 5 %',
      '  velocity abuse             700  found   80 %  ████████████████░░░░',
      '  account takeover           630  found   50 %  ██████████░░░░░░░░░░',
      '  card cloning               200  found   10 %  ██░░░░░░░░░░░░░░░░░░',
      'Alerts     velocity 420   anomaly 210   fraud 840',
      'Severity   critical 140   high 700   medium 420   low 210',
      'Quality    precision 61 %   recall 72 %   found after 4 min',
      'Latency    p50 120 ms   p95 300 ms   p99 1 s',
      'Lag        injector 50   scorer 100   monitor 20',
      `─ Latest alerts ${'─'.repeat(64)}`,
      '03:06:00 CRITICAL fraud    CUST0000006 ₹49,999.00 Mumbai',
      '         A new device pays a new payee far more than this customer does. Amount…',
      '03:05:00 HIGH     fraud    CUST0000005 ₹49,999.00 Mumbai',
      '         A new device pays a new payee far more than this customer does. Amount…',
      '03:04:00 CRITICAL fraud    CUST0000004 ₹49,999.00 Mumbai',
      '         A new device pays a new payee far more than this customer does. Amount…',
      '03:03:00 HIGH     fraud    CUST0000003 ₹49,999.00 Mumbai',
      '         A new device pays a new payee far more than this customer does. Amount…',
      'Live page  http://127.0.0.1:9500/#token=abc',
      'seed rupeestream  152,300 transactions in all  http://127.0.0.1:9400/metrics',
    ])
  })

  test('says so when frauds are mostly found by their first payment', () => {
    const quality = { ...monitor.quality, medianTimeToDetectMs: 0 }
    const statuses = { ...model.statuses, monitor: { ...monitor, quality } }
    expect(renderView({ ...model, statuses }, 80, 24)).toContain(
      'Quality    precision 61 %   recall 72 %   found after the first payment',
    )
  })

  test('does not call late what disorder has kept from the scorer', () => {
    const disturbed = { ...injector, delivered: 152_910, faults: { DROPPED: 40, CORRUPT: 50 } }
    const statuses = { ...model.statuses, 'fraud-injector': disturbed }
    expect(renderView({ ...model, statuses }, 80, 25)).toContain('Lag        injector 50   scorer 10   monitor 20')
  })

  test('has room for the longest name of a type', () => {
    const byType = { ...injector.byType, AUTHORISED_PUSH_PAYMENT_SCAM: 1_100 }
    const statuses = { ...model.statuses, 'fraud-injector': { ...injector, byType } }
    const lines = renderView({ ...model, statuses }, 80, 25)
    expect(lines).toContain('  authorised push payment scam     1,100  found      –  ░░░░░░░░░░░░░░░░░░░░')
    expect(lines).toContain('  card cloning                       200  found   10 %  ██░░░░░░░░░░░░░░░░░░')
  })

  test('shows five alerts with their reasons on 120 by 40', () => {
    const lines = renderView(model, 120, 40)
    expect(lines.filter((line) => line.includes('₹49,999.00'))).toHaveLength(5)
    expect(lines.join('\n')).toContain(
      'far more than this customer does. Amount to the 95th percentile: 12 (ordinary: 1)',
    )
    expect(lines.at(-1)).toMatch(/^seed rupeestream .* Ctrl-C ends the run$/)
    expect(lines[0]).toHaveLength(120)
  })

  test.each([
    [20, 5],
    [40, 10],
    [80, 24],
    [120, 40],
    [200, 60],
  ])('never is wider or higher than the terminal: %i by %i', (width, height) => {
    for (const phase of ['starting', 'history', 'catching up', 'live', 'draining', 'stopping'] as const) {
      const notes = ['scorer ended with SIGKILL; started again', 'monitor ended with exit code 1; started again']
      for (const known of [{}, statuses]) {
        const lines = renderView({ ...model, phase, notes, statuses: known }, width, height)
        expect(widest(lines)).toBeLessThanOrEqual(width)
        expect(lines.length).toBeLessThan(height)
      }
    }
  })

  test('shows what the start-up does', () => {
    const lines = renderView({ ...model, page: undefined, phase: 'starting', statuses: {} }, 80, 24)
    expect(lines.slice(2)).toEqual([
      '✓ starting Kafka',
      '… starting the services',
      expect.stringContaining('seed rupeestream'),
    ])
  })

  test('shows how far history is', () => {
    const half = { ...producer, phase: 'history', clockMs: LIVE_FROM_MS - 7 * 86_400_000 } as const
    const [title] = renderView({ ...model, phase: 'history', statuses: { ...statuses, producer: half } }, 80, 24)
    expect(title).toContain('● history █████░░░░░ 50 %  2025-10-06 03:00 IST')
  })

  test('has no colours unless asked for, and then loses nothing to them', () => {
    const plain = renderView(model, 80, 24)
    const coloured = renderView(model, 80, 24, true)
    expect(plain.join('')).not.toContain(ESCAPE)
    expect(coloured.join('')).toContain(`${ESCAPE}[31mCRITICAL`)
    expect(coloured.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(plain)
  })

  test('a record cannot move the cursor', () => {
    const evil = { ...latestAlert(1), city: `${ESCAPE}[2JPune\n` }
    const lines = renderView(
      { ...model, statuses: { ...statuses, monitor: { ...monitor, latestAlerts: [evil] } } },
      80,
      24,
    )
    expect(lines.join('')).not.toContain(ESCAPE)
    expect(lines.join('')).not.toContain('\n')
  })
})

describe('the line of a load test', () => {
  const load: ViewModel = { ...model, statuses: { producer } }

  test('says what was due, acknowledged and missed, and how late', () => {
    expect(loadLine(load, 120)).toBe(
      'live x600  scheduled 12,345  acked 12,300 (500/s)  shortfall 5  p99 61 ms  2025-10-13 09:42 IST',
    )
    const unpaced = { ...producer, shortfall: 0, ackLatencyMs: null }
    expect(loadLine({ ...load, pace: 'max', ackedPerSecond: null, statuses: { producer: unpaced } }, 120)).toBe(
      'live max  scheduled 12,345  acked 12,300  shortfall 0  2025-10-13 09:42 IST',
    )
  })

  test('says before that what is being done', () => {
    expect(loadLine({ ...load, phase: 'starting', statuses: {} }, 80)).toBe('… starting the services')
    const half = { ...producer, clockMs: LIVE_FROM_MS - 7 * 86_400_000 }
    expect(loadLine({ ...load, phase: 'history', statuses: { producer: half } }, 80)).toBe(
      'history █████░░░░░ 50 % 2025-10-06 03:00 IST',
    )
  })

  test('never is wider than the terminal', () => {
    for (const width of [10, 40, 80]) expect(loadLine(load, width).length).toBeLessThanOrEqual(width)
  })
})

describe('the line of JSON', () => {
  test('holds the statuses and the lag', () => {
    const line = modelJson(model, 0)
    expect(line).not.toContain('\n')
    expect(JSON.parse(line)).toMatchObject({
      time: '1970-01-01T00:00:00.000Z',
      phase: 'live',
      simulatedTime: '2025-10-13T04:12:00.000Z',
      producer: { acked: 12_300 },
      lag: { injector: 50, scorer: 100, monitor: 20 },
    })
  })

  test('knows of no lag where nobody reads', () => {
    expect(JSON.parse(modelJson({ ...model, statuses: { producer } }, 0))).not.toHaveProperty('lag')
  })

  test('says what the start-up does', () => {
    expect(JSON.parse(modelJson({ ...model, phase: 'starting', statuses: {} }, 0)).step).toBe('starting the services')
  })
})

test.each([
  [{ speed: 600 }, 'x600'],
  [{ rate: 500 }, '500/s'],
  [{ rate: { from: 0, stages: [{ for: 1, to: 2 }], loop: false } }, 'rate in 1 stage'],
  [{ rate: { shape: 'wave' as const, low: 100, high: 1_000, period: 60_000 } }, 'wave 100..1000/s'],
  [{ max: true as const }, 'max'],
])('pace %o is shown as %s', (pace, text) => {
  expect(paceText({ pace })).toBe(text)
})

test('the pace in force is the producer’s, once it has spoken', () => {
  const settings = settingsSchema.parse({ pace: { speed: 60 } })
  expect(paceInForce(undefined, settings)).toBe('x60')
  expect(paceInForce({ ...producer, pace: { rate: 500 } }, settings)).toBe('500/s')
  expect(paceInForce({ ...producer, isPaused: true }, settings)).toBe('paused')
})
