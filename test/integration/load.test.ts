import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { LoadReport } from '#infra/cli/start/report.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import { Child, connectedTo } from '../helpers/child.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-load-'))
const reportFile = join(folder, 'report.json')

afterEach(() => Child.endAll())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** On topics of its own unless told otherwise. */
function load(args: readonly string[], topicPrefix = uniquePrefix()): Child {
  const own = ['--topic-prefix', topicPrefix, '--data-dir', join(folder, 'data'), '--report', reportFile]
  const small = ['--customers', '300', '--history', '0s']
  return new Child('infra/cli/main.ts', ['load', ...own, ...small, ...args], connectedTo(sharedStack().connection))
}

interface Line {
  readonly phase: string
  readonly producer?: ProducerStatus
}

const newest = ({ out }: Child): Line => JSON.parse(out.at(-1) ?? '{}') as Line
const report = (): LoadReport => JSON.parse(readFileSync(reportFile, 'utf8')) as LoadReport

describeOnStack('the load command', () => {
  test('runs the producer alone on a schedule, and ends with 0 when its thresholds are met', async () => {
    const thresholds = ['ack_p99<600s', 'shortfall<=0', 'acked_rate>0'].flatMap((text) => ['--threshold', text])
    const child = load(['--rate', '200', '--transactions', '600', ...thresholds])
    expect(await child.ended, child.errors.join('\n')).toEqual({ code: 0, signal: null })
    const { producer, thresholds: verdicts, missing, command, ...rest } = report()
    expect(producer).toMatchObject({ scheduled: 600, sent: 600, acked: 600, shortfall: 0 })
    expect(producer.ackLatencyMs!.max).toBeGreaterThan(0)
    expect(producer.ackedPerSecond).toBeLessThan(201)
    expect(verdicts.map(({ met }) => met)).toEqual([true, true, true])
    expect({ missing, command }).toEqual({ missing: [], command: expect.stringMatching(/-- load .*--rate 200/) })
    expect(Object.keys(rest)).not.toContain('scorer')
    expect(child.errors.join('\n')).toContain('600 scheduled live, 600 sent, 600 acked, shortfall 0')
    expect(child.errors.join('\n')).toMatch(/^Threshold +shortfall<=0 +0 records +met$/m)
  })

  test('ends with 4 when one of them is missed, with a whole report', async () => {
    const child = load([
      '--rate',
      '200',
      '--transactions',
      '400',
      '--threshold',
      'ack_max<=0ms',
      '--threshold',
      'shortfall<=0',
    ])
    expect(await child.ended, child.errors.join('\n')).toEqual({ code: 4, signal: null })
    expect(report()).toMatchObject({ missing: [], producer: { acked: 400 } })
    expect(report().thresholds).toEqual([
      { threshold: 'ack_max<=0ms', value: report().producer.ackLatencyMs!.max, unit: 'ms', met: false },
      { threshold: 'shortfall<=0', value: 0, unit: 'records', met: true },
    ])
    expect(child.errors.join('\n')).toMatch(/^Threshold +ack_max<=0ms .* MISSED$/m)
  })

  test('refuses a threshold that it cannot measure before anything is started', async () => {
    const child = load(['--threshold', 'alert_p99<1s', '--threshold', 'ack_p99'])
    expect(await child.ended).toEqual({ code: 2, signal: null })
    expect(child.out).toEqual([])
    expect(child.errors.join('\n')).toMatch(/^2 mistakes in the thresholds:\n.*is measured by `start`/)
  })

  test('drains when it is interrupted, and goes on behind what it had sent', async () => {
    const prefix = uniquePrefix()
    const first = load(['--speed', '20000'], prefix)
    await first.until('live', () => (newest(first).producer?.acked ?? 0) > 0)
    first.signal('SIGINT')
    expect(await first.ended, first.errors.join('\n')).toEqual({ code: 130, signal: null })
    const { producer } = report()
    expect(producer.shortfall).toBe(0)
    expect(producer.acked).toBe(producer.scheduled)

    const second = load(['--max', '--transactions', '100'], prefix)
    expect(await second.ended, second.errors.join('\n')).toEqual({ code: 0, signal: null })
    const { acked, transactions, ackLatencyMs } = report().producer
    // Partitions that were behind the others are brought to the same time at the end.
    expect(acked).toBeGreaterThanOrEqual(100)
    expect(transactions).toBe(producer.transactions + acked)
    expect(ackLatencyMs).toBeNull()
  })
})
