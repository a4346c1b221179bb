import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { nodeFlags } from '#infra/cli/start/services.ts'
import { connectKafka } from '#infra/kafka/client.ts'
import { deployTopics } from '#infra/kafka/deploy-topics.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { type LocalStack, startLocalStack } from '#infra/local/stack.ts'
import { Codec } from '#infra/registry/codec.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { connectionEnvironment } from '#infra/service/connection.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import { World } from '#services/producer/world.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { type Measure, machineCpuSeconds, median } from './measure.ts'

const PARTITIONS = 6
const CUSTOMERS = 100_000
const ROUNDS = 3
const WARM_UP_MS = 5_000
const ROUND_MS = 10_000
const YARDSTICK_RECORDS = 1_500_000
const ASKED_RATIO = 0.25

const root = join(import.meta.dirname, '../..')
const log = pino({ level: 'silent' })
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Acknowledged payments of one producer process, acks=all and transactional, against Kafka's own performance producer
 * with acks=all, the same bytes a record and as many partitions, in turn on the same broker.
 */
export async function* produce(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-bench-'))
  const stack = await startLocalStack({ dataDir: join(folder, 'data') })
  try {
    const bytes = await recordBytes(stack)
    const ours: number[] = []
    const theirs: number[] = []
    const cpu: number[] = []
    for (let n = 0; n < ROUNDS; n++) {
      const round = await ownRound(stack, join(folder, `${n}.yaml`), `bench-${n}-`)
      ours.push(round.perSecond)
      cpu.push(round.cpuSecondsPerMillion)
      theirs.push(await theirRound(stack, `yardstick-${n}`, bytes))
    }
    const yardstick = `ProducerPerformance (${Math.round(median(theirs)).toLocaleString('en-GB')}/s)`
    const bench = `produce, ${PARTITIONS} partitions, ${bytes} B, acks=all`
    const ratio = median(ours) / median(theirs)
    yield { bench, metric: 'acked', value: median(ours), unit: 'transactions/s', yardstick, ratio }
    const asked = { yardstick: `ratio ${ASKED_RATIO} asked`, ratio: ratio / ASKED_RATIO }
    yield { bench, metric: 'ratio', value: ratio, unit: 'of ProducerPerformance', ...asked }
    const spent = { value: median(cpu), unit: 'CPU s per 1 M, broker incl.' }
    yield { bench, metric: 'cpu', ...spent, yardstick: 'itself', ratio: 1 }
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function settingsOf(topicPrefix: string): Settings {
  return settingsSchema.parse({ topicPrefix, ...scenario })
}

const scenario = {
  partitions: PARTITIONS,
  population: { customers: CUSTOMERS },
  clock: { history: '0s' },
  pace: { max: true as const },
  runner: { transactionRecordsMax: 2_000, lingerMs: 5 },
}

async function ownRound(stack: LocalStack, file: string, topicPrefix: string) {
  const settings = settingsOf(topicPrefix)
  await deployTopics(stack.connection, settings, log)
  await deploySchemas(stack.connection, settings)
  writeFileSync(file, JSON.stringify({ topicPrefix, ...scenario }))
  const child = fork(join(root, 'services/producer/main.ts'), ['--scenario', file], {
    env: { ...process.env, ...connectionEnvironment(stack.connection), RUPEESTREAM_LOG_LEVEL: 'error' },
    execArgv: nodeFlags,
  })
  try {
    let acked = 0
    const live = Promise.withResolvers<void>()
    child.on('message', (status: ProducerStatus) => {
      acked = status.acked
      if (acked > 0) live.resolve()
    })
    await Promise.race([live.promise, once(child, 'exit').then(() => Promise.reject(new Error('the producer ended')))])
    await wait(WARM_UP_MS)
    const before = { acked, ms: performance.now(), cpu: machineCpuSeconds() }
    await wait(ROUND_MS)
    const count = acked - before.acked
    return {
      perSecond: (count / (performance.now() - before.ms)) * 1_000,
      cpuSecondsPerMillion: (machineCpuSeconds() - before.cpu) / (count / 1e6),
    }
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
}

async function theirRound(stack: LocalStack, topic: string, bytes: number): Promise<number> {
  if (stack.java === undefined || stack.kafkaClassPath === undefined) throw new Error('the yardstick needs a JDK')
  const admin = connectKafka(stack.connection, 'bench', log).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: false })
  await admin.disconnect()
  const { code, output } = await runCommand(
    stack.java,
    [
      ...['-cp', stack.kafkaClassPath, 'org.apache.kafka.tools.ProducerPerformance', '--topic', topic],
      ...['--num-records', String(YARDSTICK_RECORDS), '--record-size', String(bytes), '--throughput', '-1'],
      ...['--producer-props', `bootstrap.servers=${stack.connection.brokers[0]}`, 'acks=all'],
    ],
    { timeoutMs: 120_000 },
  )
  const last = output
    .trim()
    .split('\n')
    .findLast((text) => text.includes('records sent'))
  const rate = /([\d.]+) records\/sec/.exec(last ?? '')?.[1]
  if (code !== 0 || rate === undefined) throw new Error(`ProducerPerformance failed: ${output.slice(-500)}`)
  return Number(rate)
}

/** Key and value of a payment, on average. */
async function recordBytes(stack: LocalStack): Promise<number> {
  const settings = settingsOf('size-')
  await deploySchemas(stack.connection, settings)
  const codec = new Codec(await lookUpSchemaIds(stack.connection, settings))
  const world = new World(settings, 0)
  const sample = 2_000
  let bytes = 0
  for (let n = 0; n < sample; n++) {
    world.next((topic, key, value) => {
      if (topic === 'transactions.genuine') bytes += key.length + codec.encode(topic, value).length
    }, null)
  }
  return Math.round(bytes / sample)
}
