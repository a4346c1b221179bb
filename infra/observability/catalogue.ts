import { AckLatency } from '../kafka/ack-latency.ts'
import type { ServiceName } from '../service/run-service.ts'
import { registerConsumerLag } from './consumer-lag.ts'
import { registerInjectorMetrics } from './injector-metrics.ts'
import { registerArchiveMetrics, registerMonitorMetrics } from './monitor-metrics.ts'
import { registerProducerMetrics } from './producer-metrics.ts'
import { type MetricsRegistry, serviceRegistry } from './registry.ts'
import { registerScorerMetrics } from './scorer-metrics.ts'
import { serviceTopics } from './service-topics.ts'
import { registerStageLatency } from './stage-latency.ts'
import { registerRunnerMetrics, registerTaskMetrics } from './task-metrics.ts'

const nothing = () => undefined
const run = { seed: 'rupeestream', topicPrefix: '', partitions: 2 }

/** A registry as a service has it before it has done anything: for the docs, the dashboards' checker and tests. */
export function metricsOf(service: ServiceName): MetricsRegistry {
  const registry = serviceRegistry(service, run)
  if (service === 'producer') {
    registerProducerMetrics(registry, nothing, new AckLatency(), nothing)
    return registry
  }
  registerTaskMetrics(registry, serviceTopics[service])
  registerRunnerMetrics(registry, () => [])
  if (service === 'fraud-injector') {
    registerInjectorMetrics(registry, nothing)
    registerStageLatency(registry, ['injected'])
  } else if (service === 'scorer') {
    registerScorerMetrics(registry, nothing)
  } else {
    registerMonitorMetrics(registry, nothing, nothing)
    registerStageLatency(registry, ['scored', 'alerted'])
    registerArchiveMetrics(registry)
    registerConsumerLag(registry)
  }
  return registry
}

/** A metric as Prometheus sees it. */
export interface CataloguedMetric {
  /** With _total for a counter, without _bucket, _sum and _count for a histogram. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** By name; a label's values where they are a closed set that is there from the start. */
  readonly labels: ReadonlyMap<string, readonly string[]>
  /** Series of one process. */
  readonly series: number
  readonly services: readonly ServiceName[]
}

/** Labels whose values a run brings with it. */
const openLabels: ReadonlyMap<string, readonly string[]> = new Map([
  ['rupeestream_build_info', ['service', 'version', 'node']],
  ['rupeestream_run_info', ['seed', 'topic_prefix', 'partitions']],
  ['kafka_consumergroup_lag', ['consumergroup', 'topic', 'partition']],
])

const isOfNode = ({ name }: CataloguedMetric): boolean => /^(process|nodejs)_/.test(name)

/** Reads the text that a registry renders. */
export async function catalogued(service: ServiceName, registry: MetricsRegistry): Promise<CataloguedMetric[]> {
  const metrics: CataloguedMetric[] = []
  for (const text of (await registry.metrics()).split(/^# HELP /m).slice(1)) {
    const [head = '', kind = '', ...lines] = text.trimEnd().split('\n')
    const [family = ''] = head.split(' ')
    const type = kind.split(' ').at(-1) as CataloguedMetric['type']
    const samples = lines.filter((line) => !line.startsWith('#'))
    metrics.push({
      name: type === 'counter' ? `${family}_total` : family,
      type,
      help: head.slice(family.length + 1),
      labels: labelsOf(family, samples),
      series: samples.length,
      services: [service],
    })
  }
  return metrics
}

function labelsOf(name: string, samples: readonly string[]): Map<string, readonly string[]> {
  const labels = new Map<string, Set<string>>()
  const open = openLabels.get(name)
  if (open !== undefined) return new Map(open.map((label) => [label, []]))
  for (const sample of samples) {
    for (const [, label = '', value = ''] of sample.split(' # ')[0]!.matchAll(/[{,](\w+)="([^"]*)"/g)) {
      if (label === 'le') continue
      labels.set(label, (labels.get(label) ?? new Set()).add(value))
    }
  }
  return new Map([...labels].map(([label, values]) => [label, [...values]]))
}

const services: readonly ServiceName[] = ['producer', 'fraud-injector', 'scorer', 'monitor']

/** Every metric of every service, once each, with all that tell of it: our own, not Node's. */
export async function catalogue(): Promise<CataloguedMetric[]> {
  return (await everyMetric()).filter((metric) => !isOfNode(metric))
}

/** The same with Node's own. */
export async function everyMetric(): Promise<CataloguedMetric[]> {
  const all = new Map<string, CataloguedMetric>()
  for (const service of services) {
    for (const metric of await catalogued(service, metricsOf(service))) {
      const known = all.get(metric.name)
      if (known === undefined) all.set(metric.name, metric)
      else all.set(metric.name, merged(known, metric))
    }
  }
  return [...all.values()]
}

function merged(one: CataloguedMetric, other: CataloguedMetric): CataloguedMetric {
  const labels = new Map(
    [...one.labels].map(([label, values]) => [label, [...new Set([...values, ...(other.labels.get(label) ?? [])])]]),
  )
  return {
    ...one,
    labels,
    series: Math.max(one.series, other.series),
    services: [...one.services, ...other.services],
  }
}
