import { expect, test } from 'vitest'
import { MemoryScorer, type Scored } from '#infra/memory/memory-scorer.ts'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import { alertTopics } from '#schemas/topics.ts'
import { encodeFeatures } from '#services/scorer/features.ts'
import { operandIndex } from '#services/scorer/operands.ts'
import { isOutgoing } from '#services/scorer/payment.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'

const settings = settingsSchema.parse({
  seed: 'overheard',
  partitions: 1,
  population: { customers: 200 },
  clock: { history: '4d' },
  fraud: { rate: 0.05 },
})

/** Records that the scorer takes up at a time: another number than the pipeline's. */
const BATCH = 77

const pipeline = new MemoryPipeline(settings)
const fromMs = pipeline.sources[0]!.historyFromMs
for (let day = 1; day <= 3; day++) {
  pipeline.generate(fromMs + day * DAY_MS)
  pipeline.settle()
}
pipeline.generate(fromMs + 3 * DAY_MS + 1)
pipeline.settle()

const all = <Name extends Parameters<typeof pipeline.log.records>[0]>(topic: Name) =>
  [...pipeline.log.records(topic)].map(({ value }) => value)

const payments = all('transactions')
const scorer = new MemoryScorer(settings)
const scored: Scored[] = []
for (const report of all('fraud-reports')) scorer.report(report)
for (let from = 0; from < payments.length; from += BATCH)
  scored.push(...scorer.score(payments.slice(from, from + BATCH)))

test('the scorer that is overheard says what the pipeline writes', () => {
  const features = all('features')
  expect(features.length).toBeGreaterThan(1_000)
  expect(scored.slice(0, features.length).map(({ tx }) => tx.transaction_id)).toEqual(
    features.map(({ transaction_id }) => transaction_id),
  )
  for (const [i, { values }] of features.entries()) {
    expect(Buffer.from(encodeFeatures(scored[i]!.values))).toEqual(Buffer.from(values))
  }
  const plain = (record: object): unknown => JSON.parse(JSON.stringify(record))
  expect(plain(scored.slice(0, features.length).map(({ score }) => score))).toEqual(plain(all('scores')))
  const raised = Object.values(alertTopics).flatMap((topic) => all(topic))
  const said = scored.slice(0, features.length).flatMap(({ alerts }) => alerts)
  const inOrder = (alerts: typeof raised): unknown =>
    plain(alerts.toSorted((a, b) => (a.alert_id < b.alert_id ? -1 : 1)))
  expect(raised.length).toBeGreaterThan(20)
  expect(inOrder(said)).toEqual(inOrder(raised))
})

test('what rules compare and what is asked is there for attempts to pay, and for nothing else', () => {
  const amount = operandIndex('amount_minor')!
  for (const { tx, values, asked, answered } of scored) {
    const isAttempt = isOutgoing(tx)
    expect(values[amount]).toBe(isAttempt ? tx.amount_minor : 0)
    const entities = isAttempt ? [tx.merchant_id ?? tx.payee_id, tx.device_id].filter((id) => id !== null) : []
    expect(asked.map(({ entity_id }) => entity_id)).toEqual(entities)
    expect(answered).toHaveLength(entities.length)
  }
})

test('one partition is all that it has', () => {
  expect(() => new MemoryScorer({ ...settings, partitions: 2 })).toThrow('partitions: expected 1, got 2')
})
