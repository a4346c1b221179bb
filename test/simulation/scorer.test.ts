import { describe, expect, test } from 'vitest'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { MonitorShared } from '#services/monitor/counts.ts'
import { monitorFigures } from '#services/monitor/quality.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'

const DAYS = 24
const settings = settingsSchema.parse({
  seed: 'scorer',
  partitions: 2,
  population: { customers: 500 },
  clock: { history: `${DAYS}d` },
  fraud: { rate: 'lab', mix: { CARD_CLONING: 0.05, ACCOUNT_TAKEOVER: 0.13, VELOCITY_ABUSE: 0.09 } },
})

/** Some weeks of some hundred customers through the whole pipeline, in memory. */
function simulate(): MemoryPipeline {
  const pipeline = new MemoryPipeline(settings)
  const fromMs = pipeline.sources[0]!.historyFromMs
  for (let day = 1; day <= DAYS; day++) {
    pipeline.generate(fromMs + day * DAY_MS)
    pipeline.settle()
  }
  // Time is told a little further, once no timer is left to fire, so that the very last questions are answered.
  for (let ms = 1; ms <= 3; ms++) {
    pipeline.generate(fromMs + DAYS * DAY_MS + ms)
    pipeline.settle()
  }
  return pipeline
}

describe('on a simulated stream with 1 % fraud of three types', () => {
  const pipeline = simulate()
  const ids = (topic: TopicName) =>
    [...pipeline.log.records(topic)].map(({ value }) => (value as { transaction_id: string }).transaction_id)
  const monitor = pipeline.stages.find(({ inputs }) => inputs.includes('scores'))!
  const { quality } = monitorFigures(monitor.tasks.map(({ shared }) => shared as MonitorShared))

  test('every transaction has its score and its features, once', () => {
    const transactions = ids('transactions').sort()
    expect(transactions.length).toBeGreaterThan(10_000)
    expect(ids('scores').sort()).toEqual(transactions)
    expect(ids('features').sort()).toEqual(transactions)
  })

  test('most frauds are found, and alerts are right ten times as often as chance', () => {
    expect(quality.recall).toBeGreaterThan(0.6)
    // Here the rules for a dozen other types, and the one on the raised score, have nothing to find.
    expect(quality.precision).toBeGreaterThan(0.1)
  })

  test.each(['VELOCITY_ABUSE', 'ACCOUNT_TAKEOVER', 'CARD_CLONING'] as const)('%s is found', (type) => {
    const { fraud, detected } = quality.byType[type]!
    expect(fraud).toBeGreaterThan(10)
    expect(detected / fraud).toBeGreaterThan(0.4)
  })

  test('innocent doubles are told apart from what they look like', () => {
    expect(quality.twins.seen).toBeGreaterThan(100)
    expect(quality.twins.alerted / quality.twins.seen).toBeLessThan(0.6 * quality.recall!)
  })
})
