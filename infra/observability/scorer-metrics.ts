import { stores } from '#services/scorer/figures.ts'
import type { ScorerStatus } from '../service/status.ts'
import type { MetricsRegistry } from './registry.ts'
import { gauge, total, totalBy } from './totals.ts'

/** The scorer's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerScorerMetrics(registry: MetricsRegistry, status: () => ScorerStatus | undefined): void {
  total(
    registry,
    { name: 'rupeestream_scorer_scored_total', help: 'Transactions scored.' },
    () => status()?.scored ?? 0,
  )
  total(
    registry,
    { name: 'rupeestream_scorer_duplicates_total', help: 'Transactions delivered again, and not scored twice.' },
    () => status()?.duplicates ?? 0,
  )
  total(
    registry,
    { name: 'rupeestream_scorer_too_late_total', help: 'Transactions more than a day late: scored, not remembered.' },
    () => status()?.tooLate ?? 0,
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
  totalBy(
    registry,
    {
      name: 'rupeestream_scorer_evictions_total',
      help: 'What was given up for a limit, by where it was kept: customers, entities, payments of a customer, answers not waited for, questions, reports.',
      label: 'store',
      values: stores,
    },
    () => status()?.evicted ?? {},
  )
  for (const store of ['customers', 'entities'] as const) {
    gauge(
      registry,
      { name: `rupeestream_scorer_${store}`, help: `Number of ${store} that this process remembers.` },
      () => status()?.keys[store] ?? null,
    )
  }
}
