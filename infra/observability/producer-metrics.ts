import type { Registry } from 'prom-client'
import type { ProducerStatus } from '../service/status.ts'
import { gauge, total } from './totals.ts'

/** The producer's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerProducerMetrics(registry: Registry, status: () => ProducerStatus | undefined): void {
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
    { name: 'rupeestream_producer_simulated_time_seconds', help: 'Simulated time reached, since the epoch.' },
    () => (status()?.clockMs ?? Number.NaN) / 1_000,
  )
}
