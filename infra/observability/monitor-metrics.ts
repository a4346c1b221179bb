import { Histogram, type Registry } from 'prom-client'
import type { MonitorStatus } from '../service/status.ts'
import { fraudTypes, severities } from './label-values.ts'
import { gauge, total, totalBy } from './totals.ts'

/** One second is the limit promised from intended moment to alert: it has to be an edge. */
const LATENCY_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60]

export interface MonitorMetrics {
  /** A live alert has come, this long after its payment was meant to leave. */
  readonly observeLatency: (seconds: number) => void
}

/** The monitor's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerMonitorMetrics(registry: Registry, status: () => MonitorStatus | undefined): MonitorMetrics {
  registerCounts(registry, status)
  registerQuality(registry, status)
  const latency = new Histogram({
    name: 'rupeestream_alert_latency_seconds',
    help: 'Wall-clock time from the moment a payment was meant to leave to the arrival of its alert at the monitor.',
    buckets: LATENCY_BUCKETS_SECONDS,
    registers: [registry],
  })
  return { observeLatency: (seconds) => latency.observe(seconds) }
}

function registerCounts(registry: Registry, status: () => MonitorStatus | undefined): void {
  const judged = { name: 'rupeestream_monitor_judged_total', help: 'Truth records read.' }
  total(registry, judged, () => status()?.judged ?? 0)
  total(registry, { name: 'rupeestream_monitor_scored_total', help: 'Scores read.' }, () => status()?.scored ?? 0)
  totalBy(
    registry,
    {
      name: 'rupeestream_monitor_alerts_total',
      help: 'Alerts read, by severity.',
      label: 'severity',
      values: severities,
    },
    () => status()?.alertsBySeverity ?? {},
  )
}

function registerQuality(registry: Registry, status: () => MonitorStatus | undefined): void {
  const byType = (of: 'fraud' | 'detected') => () => {
    const types = status()?.quality.byType ?? {}
    return Object.fromEntries(fraudTypes.map((type) => [type, types[type]?.[of] ?? 0]))
  }
  const label = { label: 'type', values: fraudTypes }
  const fraud = { name: 'rupeestream_monitor_fraud_total', help: 'Frauds that truth tells of, by type.' }
  totalBy(registry, { ...fraud, ...label }, byType('fraud'))
  const detected = { name: 'rupeestream_monitor_fraud_detected_total', help: 'Frauds found, by type.' }
  totalBy(registry, { ...detected, ...label }, byType('detected'))

  const precision = {
    name: 'rupeestream_monitor_precision_ratio',
    help: 'Share of alerted transactions that are fraud.',
  }
  gauge(registry, precision, () => status()?.quality.precision ?? null)
  const recall = { name: 'rupeestream_monitor_recall_ratio', help: 'Share of frauds that were found.' }
  gauge(registry, recall, () => status()?.quality.recall ?? null)
  const name = 'rupeestream_monitor_time_to_detect_median_seconds'
  gauge(registry, { name, help: 'Event time from a campaign’s first fraud to its first alert, median.' }, () => {
    const ms = status()?.quality.medianTimeToDetectMs ?? null
    return ms === null ? null : ms / 1_000
  })
}
