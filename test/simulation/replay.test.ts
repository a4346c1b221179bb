import { expect, test } from 'vitest'
import type { MemoryLog } from '#infra/memory/memory-log.ts'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import { Codec } from '#infra/registry/codec.ts'
import { isOutput, type OutputTopic, outputTopics, ParityCheck } from '#infra/replay/parity.ts'
import { parityText } from '#infra/replay/print.ts'
import { Recomputation } from '#infra/replay/recompute.ts'
import { type TopicName, type TopicRecords, topicNames } from '#schemas/topics.ts'
import type { Received } from '#services/fold.ts'
import { shippedScoring } from '#services/scorer/score.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'

const settings: Settings = settingsSchema.parse({
  seed: 'replayed',
  partitions: 3,
  population: { customers: 200 },
  clock: { history: '4d' },
  fraud: { rate: 0.08 },
  disorder: { late: 0.05, outOfOrder: 0.1, duplicate: 0.05, corrupt: 0.01 },
})

const ids = Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>

function runOf(days: number): MemoryLog {
  const pipeline = new MemoryPipeline(settings)
  const fromMs = pipeline.sources[0]!.historyFromMs
  for (let hour = 1; hour <= days * 24; hour++) {
    pipeline.generate(fromMs + (hour / 24) * DAY_MS)
    pipeline.settle()
  }
  return pipeline.log
}

const log = runOf(4)

interface Written {
  readonly topic: OutputTopic
  readonly partition: number
  readonly value: TopicRecords[OutputTopic]
}

const all: readonly Written[] = outputTopics.flatMap((topic) =>
  Array.from({ length: settings.partitions }, (_, partition) =>
    log.log(topic, partition).map((record) => ({ topic, partition, value: log.decode(topic, record).value })),
  ).flat(),
)

function* recordsOf(partition: number): Generator<Received<'transactions'> | undefined> {
  for (const record of log.log('transactions', partition)) {
    const opened = log.open('transactions', record)
    yield 'cause' in opened ? undefined : opened
  }
}

/** Holds records, as a run would have written them, against what is recomputed of the run's transactions. */
async function checked(written: readonly Written[], changedRules: readonly string[] = []): Promise<ParityCheck> {
  const check = new ParityCheck(new Codec(ids), settings.partitions, new Set(changedRules))
  for (const { topic, partition, value } of written) check.written(topic, partition, value)
  const logs = Array.from({ length: settings.partitions }, (_, partition) => ({
    records: () => recordsOf(partition),
    watermarks: log.log('watermarks', partition).map((record) => log.decode('watermarks', record)),
    reports: log.log('fraud-reports', partition).map((record) => log.decode('fraud-reports', record)),
  }))
  const recomputation = new Recomputation(settings, shippedScoring(), logs, (partition, topic, value) => {
    if (isOutput(topic)) check.recomputed(topic, partition, value as TopicRecords[OutputTopic])
  })
  while ((await recomputation.advance()) !== undefined);
  check.finish()
  return check
}

const countsOf = (check: ParityCheck) =>
  Object.fromEntries(
    check.topics.map(({ topic, examples: _, ...counts }) => [
      topic,
      Object.fromEntries(Object.entries(counts).filter(([name, n]) => n > 0 && name !== 'compared')),
    ]),
  )

const countOf = (topic: OutputTopic): number => all.filter((one) => one.topic === topic).length
const equal = Object.fromEntries(outputTopics.map((topic) => [topic, { equal: countOf(topic) }]))

test('a run with disorder is recomputed to the byte', async () => {
  for (const topic of outputTopics) expect(countOf(topic), topic).toBeGreaterThan(5)
  const check = await checked(all)
  expect(countsOf(check)).toEqual(equal)
  expect(check.holds).toBe(true)
})

test('a feature that was changed is named with both of its values', async () => {
  const [first] = all
  const { values, ...head } = first!.value as TopicRecords['features']
  const changed = Uint8Array.from(values)
  new DataView(changed.buffer).setFloat32(0, 77, true)
  const check = await checked([{ ...first!, value: { ...head, values: changed } }, ...all.slice(1)])
  expect(countsOf(check)).toEqual({ ...equal, features: { equal: countOf('features') - 1, different: 1 } })
  expect(check.holds).toBe(false)
  expect(check.topics[0]!.examples).toEqual([
    {
      partition: 0,
      id: head.transaction_id,
      what: 'different',
      fields: [{ field: 'txn_count_1m', written: 77, recomputed: expect.any(Number) }],
    },
  ])
  const text = parityText({ transactions: countOf('features'), parity: check }, new Set())
  expect(text).toContain(`features[0] ${head.transaction_id}: different\n    txn_count_1m: written 77, recomputed `)
  expect(text).toMatch(/What the run wrote is NOT what is recomputed\.\n$/)
})

test('what is not there, there twice, or of no transaction, is found; what was still to be written is not missing', async () => {
  const features = all.filter(({ topic }) => topic === 'features')
  const alert = all.find(({ topic }) => topic === 'alerts.fraud')!
  const last = features.findLast(({ partition }) => partition === 0)!
  const lost = features[10]!
  const stranger = { ...features[0]!, value: { ...features[0]!.value, transaction_id: 'nobody' } }
  const of = (one: Written) => one.value.transaction_id
  const left = all.filter((one) => one !== lost && one !== alert && of(one) !== of(last))
  const check = await checked([...left, features[5]!, stranger])
  expect(countsOf(check)).toMatchObject({
    features: { missing: 1, extra: 2, notYetWritten: 1 },
    scores: { notYetWritten: 1 },
    'alerts.fraud': { missing: 1 },
  })
  const what = check.topics.flatMap(({ examples }) => examples.map((one) => `${one.what} ${one.id}`))
  const alertId = (alert.value as TopicRecords['alerts.fraud']).alert_id
  expect(what.sort()).toEqual(
    [`extra nobody`, `missing ${of(lost)}`, `missing ${alertId}`, `twice ${of(features[5]!)}`].sort(),
  )
})

test('alerts of a rule that was changed meanwhile are left out, and nothing else', async () => {
  const { rule_id } = all.find(({ topic }) => topic === 'alerts.velocity')!.value as TopicRecords['alerts.velocity']
  const isOfRule = ({ value }: Written) => 'rule_id' in value && value.rule_id === rule_id
  const check = await checked(
    all.map((one) => (isOfRule(one) ? { ...one, value: { ...one.value, text: 'otherwise' } } : one)),
    [rule_id],
  )
  expect(check.holds).toBe(true)
  expect(check.topics.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(all.filter(isOfRule).length)
})
