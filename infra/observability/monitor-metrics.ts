import { Counter } from 'prom-client'
import type { ArchiveMetrics } from '#infra/postgres/alert-archive.ts'
import type { Alert } from '#schemas/types.ts'
import { caseStates } from '#services/monitor/cases.ts'
import { countUpTo, sumOf } from '#services/monitor/log-histogram.ts'
import type { LiveCounts, MonitorFigures } from '#services/monitor/quality.ts'
import { shippedRuleIds } from '#services/scorer/rule-book.ts'
import { fraudTypes, severities } from './label-values.ts'
import type { MetricsRegistry } from './registry.ts'
import { exemplarOf } from './stage-latency.ts'
import { gauge, gaugeBy, histogram, total, totalBy } from './totals.ts'

/** Event time of a campaign: minutes to weeks. */
const DELAY_EDGES_SECONDS = [60, 600, 3_600, 21_600, 86_400, 259_200, 604_800]

/** Rules that are not among the shipped ones count as this: anybody may add one, and labels are a closed set. */
const OTHER_RULE = 'other'

export interface MonitorMetrics {
  /** An alert has come. */
  readonly observeAlert: (alert: Alert) => void
}

/**
 * The monitor's metrics. What it holds against the truth is that of the live part, read from `figures` and `counts` when
 * Prometheus asks; undefined before there are any.
 */
export function registerMonitorMetrics(
  registry: MetricsRegistry,
  figures: () => MonitorFigures | undefined,
  counts: () => LiveCounts | undefined,
): MonitorMetrics {
  const judged = { name: 'rupeestream_monitor_judged_total', help: 'Truth records read.' }
  total(registry, judged, () => figures()?.judged ?? 0)
  total(registry, { name: 'rupeestream_monitor_scored_total', help: 'Scores read.' }, () => figures()?.scored ?? 0)
  registerFrauds(registry, figures)
  registerQuality(registry, figures, counts)
  gaugeBy(
    registry,
    {
      name: 'rupeestream_monitor_cases',
      help: 'Cases by state: open, cooling after an hour of event time without an alert, closed after two days; of all of the run.',
      label: 'state',
      values: caseStates,
    },
    () => figures()?.cases ?? {},
  )
  return registerAlerts(registry)
}

function registerFrauds(registry: MetricsRegistry, figures: () => MonitorFigures | undefined): void {
  const byType = (of: 'fraud' | 'detected') => () => {
    const types = figures()?.qualityLive.byType ?? {}
    return Object.fromEntries(fraudTypes.map((type) => [type, types[type]?.[of] ?? 0]))
  }
  const label = { label: 'type', values: fraudTypes }
  const fraud = { name: 'rupeestream_monitor_fraud_total', help: 'Live frauds that truth tells of, by type.' }
  totalBy(registry, { ...fraud, ...label }, byType('fraud'))
  const detected = {
    name: 'rupeestream_monitor_fraud_detected_total',
    help: 'Live frauds found, by type; those of rupeestream_monitor_fraud_total that are not here were missed.',
  }
  totalBy(registry, { ...detected, ...label }, byType('detected'))
}

function registerQuality(
  registry: MetricsRegistry,
  figures: () => MonitorFigures | undefined,
  counts: () => LiveCounts | undefined,
): void {
  const quality = () => figures()?.qualityLive
  const alerted = {
    name: 'rupeestream_monitor_alerted_transactions_total',
    help: 'Live transactions with an alert, or linked by one.',
  }
  total(registry, alerted, () => counts()?.alerted ?? 0)
  const hits = {
    name: 'rupeestream_monitor_true_positives_total',
    help: 'Alerted live transactions that are fraud; the others of rupeestream_monitor_alerted_transactions_total are false positives.',
  }
  total(registry, hits, () => counts()?.truePositives ?? 0)
  const precision = {
    name: 'rupeestream_monitor_precision_ratio',
    help: 'Share of alerted live transactions that are fraud.',
  }
  gauge(registry, precision, () => quality()?.precision ?? null)
  const recall = { name: 'rupeestream_monitor_recall_ratio', help: 'Share of live frauds that were found.' }
  gauge(registry, recall, () => quality()?.recall ?? null)
  const delay = {
    name: 'rupeestream_monitor_time_to_detect_seconds',
    help: 'Event time from the first fraud of a live campaign to its first alert, to 5 %.',
  }
  histogram(registry, delay, () => {
    const times = counts()?.timesToDetect ?? []
    return {
      buckets: DELAY_EDGES_SECONDS.map((upTo) => ({ upTo, count: countUpTo(times, upTo * 1_000) })),
      count: times.reduce((count, { total }) => count + total, 0),
      sum: sumOf(times) / 1_000,
    }
  })
}

function registerAlerts(registry: MetricsRegistry): MonitorMetrics {
  const registers = [registry]
  const alerts = new Counter({
    name: 'rupeestream_monitor_alerts_total',
    help: 'Live alerts read by this process, by rule and severity; rules that are not shipped are other.',
    labelNames: ['rule', 'severity'],
    enableExemplars: true,
    registers,
  })
  const money = new Counter({
    name: 'rupeestream_monitor_alerted_rupees_total',
    help: 'Sum of the payments that live alerts read by this process were raised on, by severity.',
    labelNames: ['severity'],
    registers,
  })
  for (const severity of severities) {
    money.inc({ severity }, 0)
    for (const rule of [...shippedRuleIds, OTHER_RULE]) alerts.inc({ labels: { rule, severity }, value: 0 })
  }
  return {
    observeAlert({ history, rule_id, severity, alert_id, amount_minor }) {
      if (history) return
      const rule = shippedRuleIds.has(rule_id) ? rule_id : OTHER_RULE
      alerts.inc({ labels: { rule, severity }, value: 1, ...exemplarOf(alert_id) })
      money.inc({ severity }, amount_minor / 100)
    },
  }
}

/** What the archive in PostgreSQL tells of itself; zero where there is none. */
export function registerArchiveMetrics(registry: MetricsRegistry): ArchiveMetrics {
  const registers = [registry]
  const written = new Counter({
    name: 'rupeestream_monitor_archived_alerts_total',
    help: 'Alerts written to PostgreSQL by this process.',
    registers,
  })
  const retries = new Counter({
    name: 'rupeestream_monitor_archive_retries_total',
    help: 'Writes to PostgreSQL that failed and were tried again.',
    registers,
  })
  return { written: (alerts) => written.inc(alerts), retried: () => retries.inc() }
}
