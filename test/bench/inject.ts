import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { nodeFlags } from '#infra/cli/start/services.ts'
import { connectKafka } from '#infra/kafka/client.ts'
import { deployTopics } from '#infra/kafka/deploy-topics.ts'
import { type LocalStack, startLocalStack } from '#infra/local/stack.ts'
import { Codec } from '#infra/registry/codec.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { connectionEnvironment } from '#infra/service/connection.ts'
import type { InjectorStatus, ProducerStatus } from '#infra/service/status.ts'
import type { Transaction } from '#schemas/types.ts'
import { type ScenarioFile, settingsSchema } from '#services/settings.ts'
import { type Measure, machineCpuSeconds, median } from './measure.ts'

const ASKED_PER_SECOND = 25_000
const PREPARED = 1_500_000
const WARM_UP_MS = 12_000
const ROUND_MS = 20_000
const LATENCY_RATE = 2_000
const LATENCY_WARM_UP_MS = 40_000
const LATENCY_MS = 30_000
const ASKED_P50_MS = 40

const root = join(import.meta.dirname, '../..')
const log = pino({ level: 'silent' })
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The fraud injector alone, one process, exactly once, on what a producer has left; then what it adds to latency. */
export async function* inject(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-bench-'))
  const stack = await startLocalStack({ dataDir: join(folder, 'data') })
  try {
    yield* throughput(stack, join(folder, 'throughput.yaml'))
    yield* latency(stack, join(folder, 'latency.yaml'))
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* throughput(stack: LocalStack, file: string): AsyncGenerator<Measure> {
  await prepare(stack, file, { topicPrefix: 'throughput-', clock: { history: '0s' }, pace: { max: true } })
  const producer = start<ProducerStatus>('producer', file, stack)
  await producer.until(({ transactions }) => transactions >= PREPARED)
  await producer.stop()
  const injector = start<InjectorStatus>('fraud-injector', file, stack)
  try {
    await injector.until(({ consumed }) => consumed > 0)
    await wait(WARM_UP_MS)
    const before = { consumed: injector.newest().consumed, ms: performance.now(), cpu: machineCpuSeconds() }
    await Promise.race([wait(ROUND_MS), injector.until(({ consumed }) => consumed >= PREPARED)])
    const count = injector.newest().consumed - before.consumed
    const value = (count / (performance.now() - before.ms)) * 1_000
    const bench = 'inject, default batch, exactly once'
    const yardstick = `${ASKED_PER_SECOND}/s asked`
    yield { bench, metric: 'consumed', value, unit: 'transactions/s', yardstick, ratio: value / ASKED_PER_SECOND }
    const spent = (machineCpuSeconds() - before.cpu) / (count / 1e6)
    yield { bench, metric: 'cpu', value: spent, unit: 'CPU s per 1 M, broker incl.', yardstick: 'itself', ratio: 1 }
  } finally {
    await injector.stop()
  }
}

/** From when a reader of committed records sees a genuine payment to when it sees the same as it was sent on. */
async function* latency(stack: LocalStack, file: string): AsyncGenerator<Measure> {
  const topicPrefix = 'latency-'
  const settings = await prepare(stack, file, {
    topicPrefix,
    clock: { history: '0s' },
    pace: { rate: LATENCY_RATE },
  })
  const codec = new Codec(await lookUpSchemaIds(stack.connection, settings))
  const injector = start<InjectorStatus>('fraud-injector', file, stack)
  const producer = start<ProducerStatus>('producer', file, stack)
  const consumer = connectKafka(stack.connection, 'bench', log).consumer({ groupId: 'bench', maxWaitTimeInMs: 5 })
  const seen = new Map<string, number>()
  const added: number[] = []
  let counts = false
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: ['transactions.genuine', 'transactions'].map((name) => topicPrefix + name) })
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        const { transaction_id: id } = codec.decode('transactions', message.value!) as Transaction
        const nowMs = performance.now()
        if (topic.endsWith('.genuine')) seen.set(id, nowMs)
        const before = seen.get(id)
        if (topic.endsWith('.genuine') || before === undefined) return
        seen.delete(id)
        if (counts) added.push(nowMs - before)
      },
    })
    await wait(LATENCY_WARM_UP_MS)
    counts = true
    await wait(LATENCY_MS)
    const p50 = median(added)
    const p99 = [...added].sort((a, b) => a - b)[Math.floor(added.length * 0.99)]!
    const bench = `inject, ${LATENCY_RATE}/s, added latency`
    const yardstick = `${ASKED_P50_MS} ms asked`
    yield { bench, metric: 'p50', value: p50, unit: 'ms', yardstick, ratio: ASKED_P50_MS / p50 }
    yield { bench, metric: 'p99', value: p99, unit: 'ms', yardstick: 'itself', ratio: 1 }
    yield { bench, metric: 'paired', value: added.length, unit: 'transactions', yardstick: 'itself', ratio: 1 }
  } finally {
    await consumer.disconnect()
    await producer.stop()
    await injector.stop()
  }
}

/** Topics and schemas of a scenario, which is written to a file. */
export async function prepare(stack: LocalStack, file: string, scenario: ScenarioFile) {
  const settings = settingsSchema.parse(scenario)
  await deployTopics(stack.connection, settings, log)
  await deploySchemas(stack.connection, settings)
  writeFileSync(file, JSON.stringify(scenario))
  return settings
}

/** A service as a process of its own, with its newest status. */
export function start<Status>(name: string, file: string, { connection }: LocalStack) {
  const child: ChildProcess = fork(join(root, `services/${name}/main.ts`), ['--scenario', file], {
    env: { ...process.env, ...connectionEnvironment(connection), RUPEESTREAM_LOG_LEVEL: 'error' },
    execArgv: nodeFlags,
  })
  let newest: Status | undefined
  child.on('message', (status: Status) => {
    newest = status
  })
  return {
    newest: (): Status => newest!,
    async until(isReached: (status: Status) => boolean): Promise<void> {
      while (newest === undefined || !isReached(newest)) {
        if (child.exitCode !== null) throw new Error(`the ${name} ended with ${child.exitCode}`)
        await wait(50)
      }
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
