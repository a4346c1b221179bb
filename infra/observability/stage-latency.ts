import { Histogram, type LabelValues } from 'prom-client'
import type { MetricsRegistry } from './registry.ts'

/** One second is the limit promised from intended moment to alert: it has to be an edge. */
const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60]

/** Points on the way of a payment; the producer tells of the first, the commit, in a metric of its own. */
export type Stage = 'injected' | 'scored' | 'alerted'

export interface StageLatency {
  /** A payment has come to a stage now; `intendedAt` in UTC milliseconds, null where it had no such moment. */
  readonly observe: (stage: Stage, intendedAt: number | null, alertId?: string) => void
}

/** OpenMetrics allows an exemplar 128 characters, its label's name included. */
const ALERT_ID_MAX = 128 - 'alert_id'.length

/** The exemplar of an alert: none for an id that is too long for one. */
export const exemplarOf = (alertId: string | undefined): { exemplarLabels?: LabelValues<never> } =>
  alertId === undefined || alertId.length > ALERT_ID_MAX ? {} : { exemplarLabels: { alert_id: alertId } }

/** How late payments are at the stages that this service sees. */
export function registerStageLatency(registry: MetricsRegistry, stages: readonly Stage[]): StageLatency {
  const histogram = new Histogram({
    name: 'rupeestream_stage_latency_seconds',
    help: 'Wall-clock time from the moment a live payment was meant to leave to a stage: injected (committed to transactions), scored and alerted (score or alert has arrived at the monitor).',
    labelNames: ['stage'],
    buckets: BUCKETS_SECONDS,
    enableExemplars: true,
    registers: [registry],
  })
  for (const stage of stages) histogram.zero({ stage })
  return {
    observe(stage, intendedAt, alertId) {
      if (intendedAt === null) return
      const value = Math.max(0, Date.now() - intendedAt) / 1_000
      histogram.observe({ labels: { stage }, value, ...exemplarOf(alertId) })
    },
  }
}
