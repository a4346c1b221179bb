import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Report } from '#infra/cli/start/report.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import { Child, connectedTo } from '../helpers/child.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

/** A line of the output, as far as it is looked at here. */
interface Line {
  readonly phase: string
  readonly producer?: ProducerStatus
}

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-start-'))
const scenarioFile = join(folder, 'scenario.yaml')
const prefix = uniquePrefix()

writeFileSync(
  scenarioFile,
  stringify({
    topicPrefix: prefix,
    partitions: 2,
    clock: { history: '2d' },
    pace: { speed: 10_000 },
    fraud: { rate: 0.05 },
  }),
)

afterEach(() => Child.endAll())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(...args: string[]): Child {
  const { brokers, registry } = sharedStack().connection
  const connection = ['--brokers', brokers.join(','), '--registry', registry]
  const own = ['--scenario', scenarioFile, '--data-dir', join(folder, 'data'), '--metrics-port', '0', '--json']
  // Flags shall do; nothing may come from the environment.
  const environment = connectedTo({ brokers: ['127.0.0.1:1'], registry: 'http://127.0.0.1:1' })
  return new Child('infra/cli/main.ts', ['start', ...own, ...connection, '--customers', '300', ...args], environment)
}

const linesOf = ({ out }: Child): Line[] => out.map((line) => JSON.parse(line) as Line)
const reportFile = (name: string): string => join(folder, `${name}.json`)
const reportOf = (name: string): Report => JSON.parse(readFileSync(reportFile(name), 'utf8')) as Report

/** Whatever went in has come out at the other end. */
function expectConsistent({ producer, injector, scorer, missing, restarts }: Report): void {
  expect(missing).toEqual([])
  expect(restarts).toBe(0)
  expect(producer.shortfall).toBe(0)
  expect(producer.acked).toBe(producer.scheduled)
  expect(producer.acked).toBe(producer.sent)
  expect(producer.acked).toBeGreaterThan(0)
  expect(injector.transactions).toBeGreaterThanOrEqual(producer.transactions)
  expect(scorer.scored).toBe(injector.transactions)
  expect(Object.values(injector.byType).reduce((sum, count) => sum + count, 0)).toBe(injector.fraud)
}

describeOnStack('the start command', () => {
  test('runs the pipeline, reports, goes on where it was, and is no way into another run', async () => {
    const thresholds = ['--threshold', 'alert_p99<600s', '--threshold', 'shortfall<=0']
    const first = start('--for', '8s', '--report', reportFile('first'), ...thresholds)
    expect(await first.ended, first.errors.join('\n')).toEqual({ code: 0, signal: null })
    const report = reportOf('first')
    expectConsistent(report)
    expect(report).toMatchObject({
      seed: 'rupeestream',
      simulated: { from: '2025-10-10T21:30:00.000Z', liveFrom: expect.stringMatching(/^2025-10-1[23]T/) },
      ended: '8 s of live time are over',
      command: expect.stringMatching(/--for 8s .*--seed rupeestream$/),
    })
    expect(Date.parse(report.simulated.to!)).toBeGreaterThan(Date.parse(report.simulated.liveFrom!))
    expect(report.injector.fraud).toBeGreaterThan(0)
    expect(report.scorer.alerts.velocity + report.scorer.alerts.anomaly + report.scorer.alerts.fraud).toBeGreaterThan(0)
    expect(report.latencyMs).toMatchObject({
      p50: expect.any(Number),
      p95: expect.any(Number),
      p99: expect.any(Number),
    })
    expect(report.thresholds).toEqual([
      { threshold: 'alert_p99<600s', value: report.latencyMs!.p99, unit: 'ms', met: true },
      { threshold: 'shortfall<=0', value: 0, unit: 'records', met: true },
    ])
    const { p50, p95, p99, max } = report.producer.ackLatencyMs!
    expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b))
    expect(max).toBeGreaterThan(0)
    expect(report.producer.ackedPerSecond).toBeGreaterThan(0)
    const { precision, recall, byType } = report.quality
    expect(precision).toBeGreaterThan(0)
    expect(recall).toBeGreaterThan(0)
    expect(Object.keys(byType).length).toBeGreaterThan(0)
    const phases = linesOf(first).map(({ phase }) => phase)
    expect(phases[0]).toBe('starting')
    expect(phases).toContain('live')
    expect(phases.at(-1)).toBe('stopping')

    const second = start('--report', reportFile('second'))
    await second.until('live again', () => linesOf(second).some(({ producer }) => (producer?.acked ?? 0) > 0))
    second.signal('SIGINT')
    expect(await second.ended, second.errors.join('\n')).toEqual({ code: 130, signal: null })
    const goneOn = reportOf('second')
    expectConsistent(goneOn)
    expect(goneOn.ended).toBe('interrupted by SIGINT')
    // All that was added is live: history is not made again.
    expect(goneOn.producer.transactions).toBe(report.producer.transactions + goneOn.producer.acked)
    expect(Date.parse(goneOn.simulated.to!)).toBeGreaterThan(Date.parse(report.simulated.to!))

    const other = start('--for', '8s', '--seed', 'another', '--report', reportFile('other'))
    expect(await other.ended).toEqual({ code: 1, signal: null })
    const text = other.errors.join('\n')
    // Without another try: a mistake in the settings does not go away.
    expect(text).toContain('producer ended with exit code 2. Its last lines:')
    expect(text).toContain('the topics hold another run')
    expect(text).toMatch(/another topicPrefix .*rupeestream reset/)
    expect(existsSync(reportFile('other'))).toBe(false)
  })
})
