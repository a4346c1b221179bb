import { collectDefaultMetrics, Gauge, type OpenMetricsContentType, Registry } from 'prom-client'
import type { Settings } from '#services/settings.ts'
import about from '../../package.json' with { type: 'json' }

/** OpenMetrics has exemplars, which the older text format has not; Prometheus asks for it first. */
export type MetricsRegistry = Registry<OpenMetricsContentType>

/** A registry that speaks OpenMetrics, empty. */
export function emptyRegistry(): MetricsRegistry {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  return registry
}

/** The registry of a service: what runs, what it runs, and Node's own metrics (process_*, nodejs_*). */
export function serviceRegistry(
  service: string,
  { seed, topicPrefix, partitions }: Pick<Settings, 'seed' | 'topicPrefix' | 'partitions'>,
): MetricsRegistry {
  const registry = emptyRegistry()
  collectDefaultMetrics({ register: registry })
  const build = { service, version: about.version, node: process.version }
  info(registry, 'rupeestream_build_info', 'Always 1; its labels say which program this is.', build)
  const run = { seed, topic_prefix: topicPrefix, partitions: String(partitions) }
  info(registry, 'rupeestream_run_info', 'Always 1; its labels say which run this is.', run)
  return registry
}

function info(registry: MetricsRegistry, name: string, help: string, labels: Record<string, string>): void {
  new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] }).set(labels, 1)
}
