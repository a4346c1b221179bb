import { catalogue } from '../observability/catalogue.ts'
import { table } from './markdown.ts'

/** Values of a label that are named on the page; of more, only how many there are. */
const VALUES_SHOWN_MAX = 8

const intro = `<!-- Made from infra/observability by \`npm run docs\`. -->

# Metrics

Each service serves \`/metrics\` in the OpenMetrics format, \`/healthz\` (200 while the process is alive) and \`/readyz\`
(200 when its partitions are assigned, their state is restored, and it has come to where its inputs then ended; else
503). Beside the metrics below each has Node's own: \`process_*\` and \`nodejs_*\`.

- Counters begin at 0 with every label value there, so that \`increase\` sees the first one. Totals that a service keeps with
  its state go on after a restart; Prometheus takes a smaller value for a new beginning either way.
- Labels are closed sets; no label holds an identifier. The id of an alert is an exemplar, on
  \`rupeestream_monitor_alerts_total\` and on the stage \`alerted\` of \`rupeestream_stage_latency_seconds\`.
- \`kafka_consumergroup_lag\` has kafka_exporter's name and labels. The monitor asks the broker for it every five seconds, for all
  groups, so that it rises, too, while a service is down. A transaction's mark counts as a record: at rest it is 1.
- What the monitor holds against the truth (\`fraud\`, \`detected\`, \`alerted\`, \`true_positives\`) speaks of the live part of
  a run: history is made within seconds and would look like a wave of fraud.
- The time from the intended moment to each stage is in \`rupeestream_producer_ack_latency_seconds\` (committed by the producer)
  and \`rupeestream_stage_latency_seconds\` (injected, scored, alerted).
- Prometheus 3 stores \`le="1"\` as \`le="1.0"\`: select buckets by \`le=~"1|1.0"\`.

`

const words = (values: readonly string[]): string => {
  if (values.length === 0) return 'as the run has them'
  return values.length > VALUES_SHOWN_MAX ? `${values.length} values` : values.join(', ')
}

/** The page of metrics, from what the services register. */
export async function metricsDocs(): Promise<Record<string, string>> {
  const rows = (await catalogue()).map(({ name, type, labels, services, help }) => [
    `\`${name}\``,
    type,
    [...labels].map(([label, values]) => `\`${label}\` (${words(values)})`).join('; '),
    services.length === 4 ? 'all' : services.join(', '),
    help,
  ])
  return { 'metrics.md': intro + table(['Metric', 'Type', 'Labels', 'Services', 'What it says'], rows) }
}
