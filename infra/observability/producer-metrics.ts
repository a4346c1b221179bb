import type { AckLatency } from '../kafka/ack-latency.ts'
import type { ProducerStatus } from '../service/status.ts'
import type { MetricsRegistry } from './registry.ts'
import { gauge, histogram, total, totalBy } from './totals.ts'

/** Milliseconds, each the edge of a bucket of `AckLatency`. */
const LATENCY_EDGES_MS = [5, 10, 20, 50, 100, 256, 512, 1_024, 2_048, 5_120, 10_240, 30_720]

/** What the producer tells of its Kafka transactions. */
export interface DeliveryFigures {
  readonly committed: number
  readonly aborted: number
  /** Age of the oldest payment that was due and is not committed. */
  readonly scheduleLagMs: number
}

/** The producer's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerProducerMetrics(
  registry: MetricsRegistry,
  status: () => ProducerStatus | undefined,
  ackLatency: AckLatency,
  deliveries: () => DeliveryFigures | undefined,
): void {
  const count = (name: string, help: string, of: (status: ProducerStatus) => number) =>
    total(registry, { name: `rupeestream_producer_${name}`, help }, () => {
      const now = status()
      return now === undefined ? 0 : of(now)
    })
  count('scheduled_total', 'Live transactions that were due.', (now) => now.scheduled)
  count('sent_total', 'Live transactions handed to the Kafka client.', (now) => now.sent)
  count('acked_total', 'Live transactions committed.', (now) => now.acked)
  count('transactions_total', 'Transactions committed, history included.', (now) => now.transactions)
  gauge(
    registry,
    { name: 'rupeestream_producer_shortfall', help: 'Live transactions that were due and are not sent.' },
    () => status()?.shortfall ?? 0,
  )
  gauge(
    registry,
    {
      name: 'rupeestream_producer_schedule_lag_seconds',
      help: 'Age of the oldest live transaction that was due and is not committed; 0 without one.',
    },
    () => (deliveries()?.scheduleLagMs ?? 0) / 1_000,
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_producer_deliveries_total',
      help: 'Kafka transactions of the producer, by how they ended; an aborted one is made anew.',
      label: 'outcome',
      values: ['committed', 'aborted'],
    },
    () => deliveries() ?? {},
  )
  gauge(
    registry,
    { name: 'rupeestream_producer_simulated_time_seconds', help: 'Simulated time reached, since the epoch.' },
    () => (status()?.clockMs ?? Number.NaN) / 1_000,
  )
  const about = {
    name: 'rupeestream_producer_ack_latency_seconds',
    help: 'Wall-clock time from the moment a live transaction was meant to leave to its commit.',
  }
  histogram(registry, about, () => ({
    buckets: LATENCY_EDGES_MS.map((edge) => ({ upTo: edge / 1_000, count: ackLatency.countBelow(edge) })),
    count: ackLatency.count,
    sum: ackLatency.sumMs / 1_000,
  }))
}
