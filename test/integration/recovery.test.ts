import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Report } from '#infra/cli/start/report.ts'
import { type LocalStack, startLocalStack } from '#infra/local/stack.ts'
import { Child, connectedTo } from '../helpers/child.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

const services = ['producer', 'fraud-injector', 'scorer', 'monitor'] as const

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-recovery-'))
const dataDir = join(folder, 'run')
const scenarioFile = join(folder, 'scenario.yaml')
const reportFile = join(folder, 'report.json')
const scenario = {
  partitions: 2,
  population: { customers: 300 },
  clock: { history: '1d' },
  pace: { rate: 50 },
  fraud: { rate: 0.05 },
}
/** Two seconds of the stream. */
const PROGRESS = 100

let stack: LocalStack | undefined

afterAll(async () => {
  await Child.endAll()
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function run({ connection }: LocalStack): Child {
  writeFileSync(scenarioFile, stringify(scenario))
  const files = ['--scenario', scenarioFile, '--data-dir', dataDir, '--report', reportFile]
  return new Child('infra/cli/main.ts', ['start', ...files, '--metrics-port', '0', '--json'], connectedTo(connection))
}

/** The processes of the services that `parent` has started, by their pids. */
function childrenOf(parent: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return table.split('\n').flatMap((line) => {
    const [, pid, ppid, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(ppid) === parent && /services\/[a-z-]+\/main\.ts/.test(command) ? [Number(pid)] : []
  })
}

interface Reached {
  readonly judged: number
  readonly scored: number
}

/** What has come out at the far end, as the newest monitor counts it; nothing while there is none. */
async function reached(): Promise<Reached> {
  const log = readFileSync(join(dataDir, 'logs/monitor.log'), 'utf8')
  const url = [...log.matchAll(/metrics on (http:[^",]*)/g)].at(-1)?.[1]
  const text =
    url === undefined
      ? ''
      : await fetch(url).then(
          (answer) => answer.text(),
          () => '',
        )
  const total = (name: string): number =>
    Number(new RegExp(`^rupeestream_monitor_${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return { judged: total('judged_total'), scored: total('scored_total') }
}

/** Truth comes by way of the injector, scores by way of the scorer: both must move. */
async function goesOn(pipeline: Child, what: string, from: Reached): Promise<Reached> {
  let now = from
  await pipeline.until(what, async () => {
    now = await reached()
    return now.judged >= from.judged + PROGRESS && now.scored >= from.scored + PROGRESS
  })
  return now
}

describeOnStack('a pipeline that is disturbed', () => {
  test('comes back by itself from the loss of broker, registry and each service', { timeout: 240_000 }, async ({
    skip,
  }) => {
    skip(sharedStack().java === undefined, 'Docker runs the stack here')
    stack = await startLocalStack({ dataDir: join(folder, 'stack') })
    const pipeline = run(stack)
    await pipeline.until('live', () => pipeline.out.some((line) => JSON.parse(line).phase === 'live'))
    let now = await goesOn(pipeline, 'the stream flows', await reached())

    await stack.broker.kill()
    await stack.broker.start()
    now = await goesOn(pipeline, 'the broker was killed and is back', await reached())

    await stack.registry.kill()
    now = await goesOn(pipeline, 'there is no registry', now)
    await stack.registry.start()

    const before = childrenOf(pipeline.pid)
    expect(before).toHaveLength(services.length)
    for (const pid of before) process.kill(pid, 'SIGKILL')
    now = await goesOn(pipeline, 'all services were killed and are back', now)
    expect(childrenOf(pipeline.pid).filter((pid) => before.includes(pid))).toEqual([])

    pipeline.signal('SIGINT')
    expect(await pipeline.ended, pipeline.errors.join('\n')).toEqual({ code: 130, signal: null })
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
    // Nothing missing: read, scored and judged are as many as were sent, by each one's own count.
    expect(report.missing).toEqual([])
    expect(report.restarts).toBe(services.length)
    expect(report.scorer.scored).toBe(report.injector.transactions)
    expect(report.injector.transactions).toBeGreaterThanOrEqual(report.producer.transactions)
    expect(report.producer.transactions).toBeGreaterThan(4 * PROGRESS)
  })
})
