import { describe, expect, test } from 'vitest'
import type { MemoryPipeline } from '#infra/memory/pipeline.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { FaultKind, Transaction } from '#schemas/types.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import type { MonitorShared } from '#services/monitor/counts.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { type Course, digests, orderedTopics, runPipeline, unorderedTopics } from '../helpers/pipeline-run.ts'

const DAYS = 4
const PARTITIONS = 4

/** A few hundred customers with much fraud, so that every topic has something to say. */
const scenario = (seed: string): Settings =>
  settingsSchema.parse({
    seed,
    partitions: PARTITIONS,
    population: { customers: 300 },
    clock: { history: `${DAYS}d` },
    fraud: { rate: 0.08 },
  })

const run = (seed: string, course: Partial<Course> = {}): MemoryPipeline =>
  runPipeline(scenario(seed), DAYS, { order: 'calm', shards: 1, restarts: 0, ...course })

const transactionIds = (pipeline: MemoryPipeline, topic: TopicName): string[] =>
  [...pipeline.log.records(topic)].map(({ value }) => (value as { transaction_id: string }).transaction_id)

describe.each(['monsoon', 'diwali', 'holi'])('seed %s', (seed) => {
  const pipeline = run(seed)
  const expected = digests(pipeline)

  test('every topic has records', () => {
    for (const topic of [...orderedTopics, ...unorderedTopics]) {
      expect(transactionIds(pipeline, topic).length, `seed ${seed}: ${topic}`).toBeGreaterThan(0)
    }
  })

  test.each([
    [1, 'one'],
    [2, 'two'],
    [5, 'five'],
  ])('%i producers, and stages that work in another order and in other slices: the same bytes', (shards, order) => {
    expect(digests(run(seed, { shards, order })), `seed ${seed}, order ${order}`).toEqual(expected)
  })

  test.each(['first', 'second'])('restarts of any stage, anywhere, change nothing (%s)', (order) => {
    const disturbed = run(seed, { shards: 2, order, restarts: 0.1 })
    expect(digests(disturbed), `seed ${seed}, order ${order}`).toEqual(expected)
  })

  test('each transaction has one truth, one row of features and one score, in its order', () => {
    const transactions = transactionIds(pipeline, 'transactions')
    expect(transactions.length, `seed ${seed}`).toBeGreaterThan(1_000)
    expect(new Set(transactions).size, `seed ${seed}`).toBe(transactions.length)
    for (const topic of ['ground-truth', 'features', 'scores'] as const) {
      expect(transactionIds(pipeline, topic), `seed ${seed}: ${topic}`).toEqual(transactions)
    }
  })

  test('every alert and every report speaks of a transaction', () => {
    const transactions = new Set(transactionIds(pipeline, 'transactions'))
    for (const topic of ['alerts.velocity', 'alerts.anomaly', 'alerts.fraud', 'fraud-reports'] as const) {
      const strangers = transactionIds(pipeline, topic).filter((id) => !transactions.has(id))
      expect(strangers, `seed ${seed}: ${topic}`).toEqual([])
    }
  })

  test('event times never fall within a partition, and are the timestamps', () => {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const log = pipeline.log.log('transactions', partition)
      const times = log.map((record) => pipeline.log.decode('transactions', record).value.event_time)
      expect(times, `seed ${seed}`).toEqual(log.map(({ timestampMs }) => timestampMs))
      expect(times, `seed ${seed}`).toEqual([...times].sort((a, b) => a - b))
    }
  })

  test('statements add up', () => {
    const balances = new Map<string, number>()
    for (const { value } of pipeline.log.records('transactions')) {
      const tx: Transaction = value
      if (tx.balance_after_minor === null) continue
      const before = balances.get(tx.account_id)
      const expectedMinor = before === undefined ? tx.balance_after_minor : before + signedAmountMinor(tx)
      expect(tx.balance_after_minor, `seed ${seed}: ${tx.transaction_id}`).toBe(expectedMinor)
      balances.set(tx.account_id, tx.balance_after_minor)
    }
    expect(balances.size).toBeGreaterThan(200)
  })
})

describe('with disorder on the way to the scorer', () => {
  const disorder = { late: 0.05, outOfOrder: 0.1, duplicate: 0.05, corrupt: 0.02, dropped: 0.02 }
  const disordered = (course: Partial<Course> = {}): MemoryPipeline => {
    const calm = { order: 'calm', shards: 1, restarts: 0 } as const
    return runPipeline({ ...scenario('monsoon'), disorder }, DAYS, { ...calm, ...course })
  }
  const pipeline = disordered()
  const expected = digests(pipeline, ['delivery-faults'])
  const faults = [...pipeline.log.records('delivery-faults')].map(({ value }) => value)
  /** Ids on `transactions` that can be read, in their order, partition by partition. */
  const readable = Array.from({ length: PARTITIONS }, (_, partition) =>
    pipeline.log.log('transactions', partition).flatMap((record) => {
      const opened = pipeline.log.open('transactions', record)
      return 'cause' in opened ? [] : [opened.value.transaction_id]
    }),
  ).flat()
  const idsOf = (kind: FaultKind): Set<string> =>
    new Set(faults.filter((fault) => fault.kind === kind).map((fault) => fault.transaction_id))

  test.each([
    [2, 0, 'two'],
    [5, 0, 'five'],
    [2, 0.1, 'first'],
    [1, 0.1, 'second'],
  ])('%i producers, restarts at %d of turns, order %s: the same bytes', (shards, restarts, order) => {
    expect(digests(disordered({ shards, restarts, order }), ['delivery-faults']), order).toEqual(expected)
  })

  test('each transaction that comes readably is scored once, in the order in which it comes', () => {
    const first = [...new Set(readable)]
    expect(first.length).toBeLessThan(readable.length)
    expect(transactionIds(pipeline, 'scores')).toEqual(first)
    expect(transactionIds(pipeline, 'features')).toEqual(first)
  })

  test('what is damaged is a dead letter, and what is dropped is scored by nobody', () => {
    const scored = new Set(transactionIds(pipeline, 'scores'))
    const corrupt = idsOf('CORRUPT')
    expect(corrupt.size).toBeGreaterThan(20)
    for (const id of [...corrupt, ...idsOf('DROPPED')]) expect(scored.has(id)).toBe(false)
    const letters = [...pipeline.log.records('dead-letters')].filter(
      ({ value }) => value.source_topic === 'transactions',
    )
    expect(letters.length).toBe(corrupt.size)
  })

  test('every truth is judged; the monitor waits for no score that never comes', () => {
    const shared = pipeline.stages[3]!.tasks.map((task) => task.shared as MonitorShared)
    const truths = transactionIds(pipeline, 'ground-truth')
    expect(shared.reduce((sum, { all }) => sum + all.judged, 0)).toBe(truths.length)
    expect(shared.reduce((sum, { all }) => sum + all.scored, 0)).toBe(new Set(readable).size)
  })
})

test('another seed makes other bytes on every topic that depends on it', () => {
  const [one, other] = [digests(run('monsoon')), digests(run('holi'))]
  for (const topic of [...orderedTopics, ...unorderedTopics]) {
    if (topic !== 'merchants') expect(one[topic], topic).not.toBe(other[topic])
  }
})

/**
 * The bytes of all topics for seed "golden". Other digests mean that the streams of every seed have changed: if that is
 * meant, say so in the commit, and write them anew: npm run test:unit -- pipeline -u
 */
test('the golden seed gives the golden bytes on every topic', async () => {
  const golden = `${JSON.stringify(digests(run('golden')), null, 2)}\n`
  await expect(golden).toMatchFileSnapshot('./pipeline-golden.json')
})
