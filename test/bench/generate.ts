import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { nodeFlags } from '#infra/cli/start/services.ts'
import { Codec } from '#infra/registry/codec.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { Emit } from '#services/fold.ts'
import { World } from '#services/producer/world.ts'
import { settingsSchema } from '#services/settings.ts'
import { type Measure, median } from './measure.ts'

const ROUNDS = 5
const PAYMENTS_PER_ROUND = 200_000
/** What the design asks for on one core, and of memory at a million customers. */
const ASKED_PER_SECOND = 200_000
const ASKED_MEBIBYTES = 600

interface Figures {
  readonly perSecond: number
  readonly cpuSeconds: number
  readonly mebibytes: number
}

function openWorld(customers: number): World {
  return new World(settingsSchema.parse({ partitions: 1, population: { customers } }), 0)
}

/** Bytes of every record, as they go to Kafka. */
function encoder(): Emit {
  const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)
  return (topic, _key, value) => {
    if (topic === 'transactions.genuine') codec.encode(topic, value)
  }
}

function round(world: World, emit: Emit): { perSecond: number; cpuSeconds: number } {
  const cpu = process.cpuUsage()
  const from = performance.now()
  for (let i = 0; i < PAYMENTS_PER_ROUND; i++) world.next(emit, null)
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: PAYMENTS_PER_ROUND / seconds, cpuSeconds: (user + system) / 1e6 / (PAYMENTS_PER_ROUND / 1e6) }
}

/** Medians of several rounds after one that does not count. */
function measure(customers: number): Figures {
  const world = openWorld(customers)
  const emit = encoder()
  round(world, emit)
  const rounds = Array.from({ length: ROUNDS }, () => round(world, emit))
  return {
    perSecond: median(rounds.map((r) => r.perSecond)),
    cpuSeconds: median(rounds.map((r) => r.cpuSeconds)),
    mebibytes: process.memoryUsage().rss / 2 ** 20,
  }
}

/**
 * Generates and encodes payments of 10 thousand, 100 thousand and 1 million customers on one core, each population in
 * a process of its own, started as a producer is: one after another in one process, each would pay for those before it.
 */
export async function* generate(): AsyncGenerator<Measure> {
  let smallest = 0
  for (const [customers, name] of [
    [10_000, '10k'],
    [100_000, '100k'],
    [1_000_000, '1M'],
  ] as const) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...nodeFlags,
      import.meta.filename,
      String(customers),
    ])
    const { perSecond, cpuSeconds, mebibytes } = JSON.parse(stdout) as Figures
    if (smallest === 0) smallest = perSecond
    const bench = `generate and encode, ${name} customers`
    const measured = (metric: string, value: number, unit: string, yardstick: string, ratio: number): Measure => ({
      bench,
      metric,
      value,
      unit,
      yardstick,
      ratio,
    })
    yield measured('rate', perSecond, 'transactions/s', '200 k/s', perSecond / ASKED_PER_SECOND)
    yield measured('flatness', perSecond / smallest, 'of the rate at 10k', '1 / 1.5', (perSecond / smallest) * 1.5)
    yield measured('cpu', cpuSeconds, 'CPU s per 1 M', '5 s', 5 / cpuSeconds)
    yield measured('memory', mebibytes, 'MiB resident', '600 MiB', ASKED_MEBIBYTES / mebibytes)
  }
}

if (import.meta.main) process.stdout.write(JSON.stringify(measure(Number(process.argv[2]))))
