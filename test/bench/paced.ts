import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { LoadReport } from '#infra/cli/start/report.ts'
import { AckLatency } from '#infra/kafka/ack-latency.ts'
import { Generator } from '#infra/kafka/generator.ts'
import { startLocalStack } from '#infra/local/stack.ts'
import { Codec } from '#infra/registry/codec.ts'
import { connectionEnvironment } from '#infra/service/connection.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { Emit } from '#services/fold.ts'
import { scheduleOf } from '#services/producer/schedule.ts'
import { World } from '#services/producer/world.ts'
import { type ScenarioFile, settingsSchema } from '#services/settings.ts'
import { NullLane } from '../helpers/null-lane.ts'
import type { Measure } from './measure.ts'

const RATES = [1_000, 10_000, 50_000]
const SECONDS = 10
/** Off the schedule at the most, as a share. */
const ASKED_OFF = 0.005
const KAFKA_RATE = 10_000
const KAFKA_SECONDS = 60
/** A run before the one that counts, while the JVM compiles. */
const WARM_UP_SECONDS = 40
const ASKED_P99_MS = 100

const scenario = {
  partitions: 6,
  population: { customers: 100_000 },
  clock: { history: '0s' },
  runner: { lingerMs: 10 },
} satisfies ScenarioFile

const root = join(import.meta.dirname, '../..')

/** How well the schedule is kept: into nothing at three rates, and on Kafka at ten thousand a second. */
export async function* paced(): AsyncGenerator<Measure> {
  for (const rate of RATES) yield* intoNothing(rate)
  yield* onKafka()
}

/** Generated, encoded and thrown away, so that what is measured is the pacing. */
async function* intoNothing(rate: number): AsyncGenerator<Measure> {
  const settings = settingsSchema.parse({ ...scenario, pace: { rate } })
  const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)
  const emit: Emit = (topic, _key, value) => void codec.encode(topic, value as never)
  const ackLatency = new AckLatency()
  const lanes = Array.from(
    { length: settings.partitions },
    (_, partition) => new NullLane(partition, new World(settings, partition), emit, ackLatency),
  )
  const generator = new Generator({
    lanes,
    pace: settings.pace,
    schedule: scheduleOf,
    ...settings.runner,
    nowMs: () => performance.timeOrigin + performance.now(),
    log: pino({ level: 'silent' }),
  })
  generator.goLive()
  await generator.start()
  while (generator.status.liveSinceMs === null) await wait(100)
  await wait(SECONDS * 1_000)
  await generator.drain()
  const { acked, ackedAtMs, liveSinceMs, shortfall } = generator.status
  await generator.stop()
  const perSecond = (acked / (ackedAtMs! - liveSinceMs!)) * 1_000
  const off = Math.abs(perSecond / rate - 1)
  const bench = `paced, ${rate.toLocaleString('en-GB')}/s into nothing`
  yield {
    bench,
    metric: 'rate',
    value: perSecond,
    unit: 'transactions/s',
    yardstick: `${rate}/s`,
    ratio: perSecond / rate,
  }
  const asked = { yardstick: `${ASKED_OFF * 100} % asked`, ratio: ASKED_OFF / off }
  yield { bench, metric: 'off the schedule', value: off * 100, unit: '%', ...asked }
  yield { bench, metric: 'shortfall', value: shortfall, ...none(shortfall) }
}

/** `load` against a broker of its own, for a minute, after another one that warms the broker up. */
async function* onKafka(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-bench-'))
  const stack = await startLocalStack({ dataDir: join(folder, 'data') })
  const run = (name: string, seconds: number): Promise<LoadReport> =>
    load(folder, name, seconds, { ...process.env, ...connectionEnvironment(stack.connection) })
  try {
    await run('warm-up', WARM_UP_SECONDS)
    const { producer } = await run('paced', KAFKA_SECONDS)
    const bench = `paced, ${KAFKA_RATE.toLocaleString('en-GB')}/s on Kafka, ${KAFKA_SECONDS} s`
    const { shortfall, ackedPerSecond, ackLatencyMs } = producer
    const perSecond = ackedPerSecond ?? 0
    const p99 = ackLatencyMs?.p99 ?? Number.POSITIVE_INFINITY
    const rate = { yardstick: `${KAFKA_RATE}/s`, ratio: perSecond / KAFKA_RATE }
    yield { bench, metric: 'acked', value: perSecond, unit: 'transactions/s', ...rate }
    yield { bench, metric: 'shortfall', value: shortfall, ...none(shortfall) }
    const asked = { yardstick: `${ASKED_P99_MS} ms asked`, ratio: ASKED_P99_MS / p99 }
    yield { bench, metric: 'intended to ack, p99', value: p99, unit: 'ms', ...asked }
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function load(folder: string, name: string, seconds: number, env: NodeJS.ProcessEnv): Promise<LoadReport> {
  const file = join(folder, `${name}.yaml`)
  const report = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify({ ...scenario, topicPrefix: `${name}-` }))
  const args = ['--rate', String(KAFKA_RATE), '--for', `${seconds}s`, '--data-dir', join(folder, name), '--json']
  const all = [join(root, 'infra/cli/main.ts'), 'load', '--scenario', file, '--report', report, ...args]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { cwd: root, env, maxBuffer: 1 << 28 }, (_error, _out, errors) => {
      if (existsSync(report)) resolve(JSON.parse(readFileSync(report, 'utf8')) as LoadReport)
      else reject(new Error(`the run ended without a report: ${errors.slice(-1_000)}`))
    })
  })
}

const none = (shortfall: number) => ({ unit: 'transactions', yardstick: '0 asked', ratio: shortfall === 0 ? 1 : 0 })

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
