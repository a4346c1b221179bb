import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CataloguedMetric, catalogue, catalogued, metricsOf } from '#infra/observability/catalogue.ts'
import { registerMonitorMetrics } from '#infra/observability/monitor-metrics.ts'
import { emptyRegistry } from '#infra/observability/registry.ts'
import { consumerGroups, serviceTopics } from '#infra/observability/service-topics.ts'
import { registerStageLatency } from '#infra/observability/stage-latency.ts'
import { areReady } from '#infra/observability/task-metrics.ts'
import type { Alert } from '#schemas/types.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { monitorFold } from '#services/monitor/fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { defaultSettings } from '#services/settings.ts'

const services = ['producer', 'fraud-injector', 'scorer', 'monitor'] as const
const metrics = await catalogue()

/** What is wrong with a metric by Prometheus's conventions. */
function mistakesOf({ name, type, help, labels }: CataloguedMetric): string[] {
  const mistakes: string[] = []
  const say = (isWrong: boolean, text: string) => isWrong && mistakes.push(`${name}: ${text}`)
  say(!/^(rupeestream|kafka_consumergroup)_[a-z_]+$/.test(name), 'begins with the name of the application')
  say(/_(ms|milliseconds|minutes|paise|percent)(_|$)/.test(name), 'has a base unit')
  say((type === 'counter') !== name.endsWith('_total'), 'a counter, and nothing else, ends in _total')
  say(type === 'histogram' && !name.endsWith('_seconds'), 'a histogram ends in its unit')
  say(!/[.]$/.test(help), 'help is a sentence')
  say(
    [...labels.keys()].some((label) => /(^|_)(id|customer|transaction|alert)$/.test(label)),
    'no label is an identifier',
  )
  return mistakes
}

test('the page of metrics names every one, with its type, its labels and its help', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows).toHaveLength(metrics.length)
  for (const { name, type, help, labels } of metrics) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` | ${type} |`))
    expect(row, name).toBeDefined()
    expect(row).toContain(help)
    for (const label of labels.keys()) expect(row).toContain(`\`${label}\``)
  }
})

test('names follow the conventions of Prometheus, and one that does not is seen', () => {
  expect(metrics.flatMap(mistakesOf)).toEqual([])
  const [metric] = metrics
  const wrong = {
    ...metric!,
    name: 'rupeestream_lag_ms',
    type: 'counter' as const,
    labels: new Map([['alert_id', []]]),
  }
  expect(mistakesOf(wrong)).toHaveLength(3)
})

test.for(services)(
  '%s has less than 2,000 series, all of its counters at 0 before anything has happened',
  async (name) => {
    const registry = metricsOf(name)
    const text = await registry.metrics()
    expect(text.split('\n').filter((line) => !line.startsWith('#')).length).toBeLessThan(2_000)
    for (const { type, name: metric, series } of await catalogued(name, registry)) {
      if (type === 'gauge' || /^(process|nodejs)_/.test(metric)) continue
      expect(series, metric).toBeGreaterThan(0)
      const samples = text
        .split('\n')
        .filter((line) => line.startsWith(metric) && /^[{ ]/.test(line.slice(metric.length)))
      for (const sample of samples) expect(sample).toMatch(/ 0$/)
    }
  },
)

test('the topics and groups that metrics speak of are those of the folds', () => {
  const folds = [
    fraudInjector(defaultSettings),
    customerFold(defaultSettings),
    entityFold(defaultSettings, 2),
    monitorFold(defaultSettings),
  ]
  expect(Object.fromEntries(folds.map(({ name, inputs }) => [name, inputs]))).toEqual(consumerGroups)
  const [injector, customers, entities, monitor] = folds.map(({ inputs }) => inputs)
  expect(serviceTopics['fraud-injector'].inputs).toEqual(injector)
  expect(serviceTopics.scorer.inputs).toEqual([...customers!, ...entities!])
  expect(serviceTopics.monitor.inputs).toEqual(monitor)
})

test('an alert counts by rule, severity and money, and its id is the exemplar', async () => {
  const registry = emptyRegistry()
  const { observeAlert } = registerMonitorMetrics(
    registry,
    () => undefined,
    () => undefined,
  )
  const stages = registerStageLatency(registry, ['alerted'])
  const alert = {
    alert_id: 'high-score:TXN1',
    rule_id: 'high-score',
    severity: 'CRITICAL',
    amount_minor: 123_456,
    history: false,
  } as Alert
  observeAlert(alert)
  observeAlert({ ...alert, alert_id: 'x'.repeat(200), rule_id: 'my-own', severity: 'LOW' })
  observeAlert({ ...alert, history: true })
  stages.observe('alerted', Date.now() - 40_000, 'high-score:TXN1')
  const text = await registry.metrics()
  const line = (start: string) => text.split('\n').find((one) => one.startsWith(start))
  const counted = 'rupeestream_monitor_alerts_total'
  expect(line(`${counted}{rule="high-score",severity="CRITICAL"} 1`)).toContain('# {alert_id="high-score:TXN1"} 1 ')
  expect(line(`${counted}{rule="other",severity="LOW"}`)).toBe(`${counted}{rule="other",severity="LOW"} 1`)
  expect(line('rupeestream_monitor_alerted_rupees_total{severity="CRITICAL"}')).toMatch(/ 1234\.56$/)
  expect(line('rupeestream_stage_latency_seconds_bucket{le="60",stage="alerted"} 1')).toContain('# {alert_id="high')
  expect(text.endsWith('# EOF\n')).toBe(true)
})

test('a service is ready when all of its runners have their state and have caught up', () => {
  const runner = { isReady: true, isCaughtUp: true, checkpointAgeMs: null }
  expect(areReady([runner, runner])).toBe(true)
  expect(areReady([runner, { ...runner, isCaughtUp: false }])).toBe(false)
  expect(areReady([runner, { ...runner, isReady: false }])).toBe(false)
})
