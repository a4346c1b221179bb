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

interface Round {
  readonly perSecond: number
  readonly cpuSeconds: number
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

function round(world: World, emit: Emit): Round {
  const cpu = process.cpuUsage()
  const from = performance.now()
  for (let i = 0; i < PAYMENTS_PER_ROUND; i++) world.next(emit, null)
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: PAYMENTS_PER_ROUND / seconds, cpuSeconds: (user + system) / 1e6 / (PAYMENTS_PER_ROUND / 1e6) }
}

/** Generates and encodes payments of 10 thousand, 100 thousand and 1 million customers on one core; medians of several rounds. */
export async function generate(): Promise<Measure[]> {
  const measures: Measure[] = []
  let smallest = 0
  for (const [customers, name] of [
    [10_000, '10k'],
    [100_000, '100k'],
    [1_000_000, '1M'],
  ] as const) {
    const world = openWorld(customers)
    const emit = encoder()
    round(world, emit)
    const rounds = Array.from({ length: ROUNDS }, () => round(world, emit))
    const perSecond = median(rounds.map((r) => r.perSecond))
    const cpuSeconds = median(rounds.map((r) => r.cpuSeconds))
    if (smallest === 0) smallest = perSecond
    const bench = `generate and encode, ${name} customers`
    const add = (metric: string, value: number, unit: string, yardstick: string, ratio: number) =>
      measures.push({ bench, metric, value, unit, yardstick, ratio })
    add('rate', perSecond, 'transactions/s', '200 k/s', perSecond / ASKED_PER_SECOND)
    add('flatness', perSecond / smallest, 'of the rate at 10k', '1 / 1.5', (perSecond / smallest) * 1.5)
    add('cpu', cpuSeconds, 'CPU s per 1 M', '5 s', 5 / cpuSeconds)
    const rss = process.memoryUsage().rss / 2 ** 20
    add('memory', rss, 'MiB resident', '600 MiB', ASKED_MEBIBYTES / rss)
  }
  return measures
}

if (import.meta.main) console.table(await generate())
