import { expect, test } from 'vitest'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import type { FraudReport, Watermark } from '#schemas/types.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import { settingsSchema } from '#services/settings.ts'
import { HOUR_MS } from '#services/time.ts'

const settings = settingsSchema.parse({
  seed: 'report time',
  partitions: 2,
  population: { customers: 200 },
  clock: { history: '10d' },
  fraud: { rate: 0.08 },
})
const HOURS = 10 * 24

const pipeline = new MemoryPipeline(settings)
for (let hour = 1; hour <= HOURS; hour++) {
  pipeline.generate(pipeline.sources[0]!.historyFromMs + hour * HOUR_MS)
  pipeline.settle()
}
const { log } = pipeline

/** Watermarks of `fraud-reports` after which a report is older than they say, or before which one is newer. */
function broken(reports: readonly FraudReport[], watermarks: readonly Watermark[]): Watermark[] {
  return watermarks.filter(
    ({ records, time }) =>
      reports.slice(0, records).some(({ report_time }) => report_time > time) ||
      reports.slice(records).some(({ report_time }) => report_time <= time),
  )
}

test.each([0, 1])(
  'partition %i: a watermark has all reports up to its time before it, and later ones after it',
  (partition) => {
    const reports = log.log('fraud-reports', partition).map((one) => log.decode('fraud-reports', one).value)
    const watermarks = log
      .log('watermarks', partition)
      .map((one) => log.decode('watermarks', one).value)
      .filter(({ topic }) => topic === 'fraud-reports')
    expect(reports.length).toBeGreaterThan(10)
    expect(watermarks.length).toBeGreaterThan(100)
    expect(broken(reports, watermarks)).toEqual([])
    const early = watermarks.map((one) => ({ ...one, records: one.records - 1 })).filter(({ records }) => records >= 0)
    expect(broken(reports, early).length).toBeGreaterThan(0)
  },
)

test('a payment knows of reports at its merchant as soon as there are some, and never earlier', () => {
  const first = new Map<string, number>()
  for (const { value } of log.records('fraud-reports')) {
    const { merchant_id, claimed_type, report_time } = value
    if (merchant_id === null || claimed_type === 'NONE') continue
    first.set(merchant_id, Math.min(report_time, first.get(merchant_id) ?? report_time))
  }
  const features = new Map(
    [...log.records('features')].map(({ value }) => [value.transaction_id, decodeFeatures(value.values)]),
  )
  const known = { before: 0, after: 0 }
  const payments = { before: 0, after: 0 }
  for (const { value } of log.records('transactions')) {
    if (value.merchant_id === null || value.event_type !== 'AUTHORISATION') continue
    const when = value.event_time < (first.get(value.merchant_id) ?? Number.POSITIVE_INFINITY) ? 'before' : 'after'
    payments[when]++
    if (features.get(value.transaction_id)!.get('merchant_reported_fraud_rate_30d')! > 0) known[when]++
  }
  expect(payments.before).toBeGreaterThan(1_000)
  expect(payments.after).toBeGreaterThan(100)
  expect(known.before).toBe(0)
  // Until a report that was the only one turns out to be none.
  expect(known.after).toBeGreaterThan(0.9 * payments.after)
})
