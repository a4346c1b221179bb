import { afterEach, beforeAll, expect, test } from 'vitest'
import { connectKafka } from '#infra/kafka/client.ts'
import type { MemoryRecord } from '#infra/memory/memory-log.ts'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { partitionOf } from '#schemas/partition.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Transaction, Watermark } from '#schemas/types.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import type { MonitorShared } from '#services/monitor/counts.ts'
import { monitorFold } from '#services/monitor/fold.ts'
import { monitorFigures } from '#services/monitor/quality.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import type { Settings } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'
import { type BadRecord, badRecords, framed, type RawRecord, type SchemaIds } from '../helpers/bad-records.ts'
import { CommittedCounter } from '../helpers/chaos/committed-counter.ts'
import { type Message, readCommitted } from '../helpers/chaos/read-committed.ts'
import { PATIENCE } from '../helpers/child.ts'
import { byPlace, expectedLetters, letterOf, text } from '../helpers/dead-letters.ts'
import { deploy, ownSettings, silent } from '../helpers/deployed.ts'
import { type AnyFold, anyFold, RunningFolds } from '../helpers/running-folds.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

interface Service {
  readonly name: string
  readonly folds: (settings: Settings) => AnyFold[]
  /** Filled before it starts; and written by itself to be read again. */
  readonly inputs: readonly TopicName[]
  readonly own: readonly TopicName[]
  readonly outputs: readonly TopicName[]
  /** Records that decode and make no sense. */
  readonly senseless?: (codec: Codec) => Partial<Record<TopicName, BadRecord>>
}

const alerts = ['alerts.velocity', 'alerts.anomaly', 'alerts.fraud'] as const

const services: readonly Service[] = [
  {
    name: 'fraud injector',
    folds: (settings) => [anyFold(fraudInjector(settings))],
    inputs: ['transactions.genuine', 'watermarks'],
    own: [],
    outputs: ['transactions', 'ground-truth', 'fraud-reports'],
    senseless: (codec) => ({ 'transactions.genuine': fromNobody(codec) }),
  },
  {
    name: 'scorer',
    folds: (settings) => [anyFold(customerFold(settings)), anyFold(entityFold(settings, settings.partitions))],
    inputs: ['transactions', 'fraud-reports', 'watermarks'],
    own: ['scorer.questions', 'scorer.answers'],
    outputs: ['features', 'scores', ...alerts],
    senseless: (codec) => ({ 'scorer.questions': aboutNothing(codec) }),
  },
  {
    name: 'monitor',
    folds: (settings) => [anyFold(monitorFold(settings))],
    inputs: ['ground-truth', 'scores', 'fraud-reports', ...alerts],
    own: [],
    outputs: [],
  },
]

/** Few people, and a seed with which each topic has a record to spoil in both partitions. */
const scenario = {
  seed: 'bad inputs',
  population: { customers: 120 },
  clock: { history: '14d' },
  fraud: { rate: 0.05 },
} as const

/** What becomes of good records alone. */
const memory = new MemoryPipeline(ownSettings(scenario))

const decode = <Name extends TopicName>(topic: Name, record: MemoryRecord): TopicRecords[Name] =>
  memory.log.decode(topic, record).value as TopicRecords[Name]

/** A customer_id that no population has, in its own partition, with the right key. */
function fromNobody(codec: Codec): BadRecord {
  const key = Array.from({ length: 20 }, (_, i) => `NOBODY${i}`).find((id) => partitionOf(id, 2) === 0)!
  const value: Transaction = {
    ...decode('transactions.genuine', memory.log.log('transactions.genuine', 0)[0]!),
    customer_id: key,
  }
  return bad('of nobody', key, codec.encode('transactions.genuine', value), value.event_time)
}

/** Questions of a partition that this run does not have. */
function aboutNothing(codec: Codec): BadRecord {
  const record = memory.log.log('scorer.questions', 0)[0]!
  const elsewhere = JSON.stringify(decode('scorer.questions', record)).replaceAll(
    /"source_partition":\d+/g,
    '"source_partition":9',
  )
  const value = codec.encode('scorer.questions', JSON.parse(elsewhere))
  return bad('from a partition that is not there', record.key, value, record.timestampMs)
}

const bad = (why: string, key: string, value: Buffer, timeMs: number): BadRecord => ({
  why,
  cause: 'INVALID',
  key,
  value,
  timestamp: String(timeMs),
})

/** What stands in a partition before the service starts. */
interface Filling {
  readonly topic: TopicName
  readonly partition: number
  readonly records: readonly RawRecord[]
  readonly bad: readonly BadRecord[]
  /** Offset of the first bad record; the others follow. */
  readonly badFrom: number
}

/** All good records with the bad ones in the middle of partition 0. A topic of the service's own holds only these. */
function fillingsOf({ inputs, own, senseless }: Service, ids: SchemaIds): Filling[] {
  const codec = new Codec(ids)
  const badOf = (topic: TopicName): BadRecord[] => {
    const one = senseless?.(codec)[topic]
    return [...badRecords(memory.log, topic, ids), ...(one === undefined ? [] : [one])]
  }
  const good = (topic: TopicName, partition: number): RawRecord[] => {
    const records = memory.log.log(topic, partition)
    if (own.includes(topic)) return []
    if (topic !== 'watermarks') return records.map((record) => framed(record, ids[topic]))
    // Whoever counts his records counts the bad ones, too.
    return records.map((record) => {
      const told: Watermark = decode('watermarks', record)
      const more =
        partition === 0 && inputs.includes(told.topic as TopicName) ? badOf(told.topic as TopicName).length : 0
      const value = codec.encode('watermarks', { ...told, records: told.records + more })
      return { key: record.key, value, timestamp: String(record.timestampMs) }
    })
  }
  return [...inputs, ...own].flatMap((topic) =>
    Array.from({ length: memory.log.partitions }, (_, partition) => {
      const records = good(topic, partition)
      const unreadable = partition === 0 ? badOf(topic) : []
      const badFrom = records.length >> 1
      return { topic, partition, records: records.toSpliced(badFrom, 0, ...unreadable), bad: unreadable, badFrom }
    }),
  )
}

const kafka = () => connectKafka(sharedStack().connection, 'bad-input', silent)

async function fill({ topicPrefix }: Settings, fillings: readonly Filling[]): Promise<void> {
  const producer = kafka().producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const { topic, partition, records } of fillings) {
    const messages = records.map((record) => ({ ...record, partition }))
    if (messages.length > 0) await producer.send({ topic: topicPrefix + topic, acks: -1, messages })
  }
  await producer.disconnect()
}

/** Records without the schema's id, which differs from registry to registry. */
const linesInMemory = (topic: TopicName, partition: number): string[] =>
  memory.log
    .log(topic, partition)
    .map(({ key, timestampMs, value }) => `${key} ${timestampMs} ${text(value.subarray(5))}`)

const linesFound = (messages: readonly Message[] = []): string[] =>
  messages.map(({ key, timestamp, value }) => `${key} ${timestamp} ${text(value?.subarray(5) ?? null)}`)

const endings: (() => Promise<void>)[] = []

beforeAll(() => {
  memory.generate(memory.sources[0]!.historyFromMs + 12 * DAY_MS)
  memory.settle()
})

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function run(service: Service, settings: Settings): Promise<RunningFolds> {
  const running = await RunningFolds.start(sharedStack().connection, settings, service.folds(settings))
  endings.push(() => running.stop())
  return running
}

async function counterOf({ topicPrefix }: Settings, topics: readonly TopicName[]): Promise<CommittedCounter> {
  const counter = new CommittedCounter()
  endings.push(() => counter.stop())
  await counter.start(
    kafka(),
    topics.map((topic) => topicPrefix + topic),
  )
  return counter
}

describeOnStack('records that cannot be read', () => {
  test.for(services)('are put aside by the $name, and nothing else is lost', async (service) => {
    const { connection } = sharedStack()
    const settings = ownSettings(scenario)
    await deploy(connection, settings)
    const ids = await lookUpSchemaIds(connection, settings)
    const fillings = fillingsOf(service, ids)
    const letters = expectedLetters(fillings)
    await fill(settings, fillings)

    const read = [...service.outputs, 'dead-letters'] as const
    const counter = await counterOf(settings, read)
    const running = await run(service, settings)
    const total = service.outputs.flatMap((topic) => [linesInMemory(topic, 0), linesInMemory(topic, 1)]).flat().length
    await expect.poll(() => counter.count, PATIENCE).toBeGreaterThanOrEqual(total + letters.length)
    if (service.name === 'monitor') {
      const undisturbed = memory.stages.find(({ inputs }) => inputs.includes('scores'))!.tasks
      const expected = monitorFigures(undisturbed.map((task) => task.shared as MonitorShared))
      await expect.poll(() => monitorFigures(running.shared()), PATIENCE).toEqual(expected)
    }
    // It went on; at this very moment its group may be sharing partitions out anew.
    await expect.poll(() => running.isReady, PATIENCE).toBe(true)
    await running.stop()

    const prefixed = read.map((topic) => settings.topicPrefix + topic)
    const found = await readCommitted(kafka(), prefixed, settings.partitions)
    const codec = new Codec(ids)
    const put = found.get(`${settings.topicPrefix}dead-letters/0`) ?? []
    const decoded = put.map(({ value }) => codec.decode('dead-letters', value))
    expect(decoded.map(letterOf).sort(byPlace)).toEqual(letters.sort(byPlace))
    expect(decoded.filter(({ message }) => message === '')).toEqual([])
    for (const topic of service.outputs) {
      for (const partition of [0, 1]) {
        const lines = linesFound(found.get(`${settings.topicPrefix}${topic}/${partition}`))
        expect(lines, `${topic}/${partition}`).toEqual(linesInMemory(topic, partition))
      }
    }
  })

  test('stop a service when they are too many', async () => {
    const { connection } = sharedStack()
    const settings = ownSettings({ ...scenario, runner: { deadLettersPerThousandMax: 3 } })
    await deploy(connection, settings)
    const [service] = services as [Service]
    const records = Array.from({ length: 4 }, (_, i) => ({ key: `K${i}`, value: Buffer.from('junk'), timestamp: '1' }))
    await fill(settings, [{ topic: 'transactions.genuine', partition: 1, records, bad: [], badFrom: 0 }])
    const running = await run(service, settings)
    await expect(running.done).rejects.toMatchObject({
      name: 'FatalError',
      message: expect.stringMatching(
        /^more than 3 dead letters among a thousand .*partition 1.*transactions.genuine@3/,
      ),
    })
  })
})
