import type { Registry } from 'prom-client'
import type { ScorerStatus } from '../service/status.ts'
import { total, totalBy } from './totals.ts'

/** The scorer's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerScorerMetrics(registry: Registry, status: () => ScorerStatus | undefined): void {
  total(
    registry,
    { name: 'rupeestream_scorer_scored_total', help: 'Transactions scored.' },
    () => status()?.scored ?? 0,
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_scorer_alerts_total',
      help: 'Alerts raised, by the topic they went to.',
      label: 'kind',
      values: ['velocity', 'anomaly', 'fraud'],
    },
    () => status()?.alerts ?? {},
  )
}
