import type { InjectorStatus } from '../service/status.ts'
import { anomalyFamilies, faultKinds, fraudTypes } from './label-values.ts'
import type { MetricsRegistry } from './registry.ts'
import { gaugeBy, total, totalBy } from './totals.ts'

/** The fraud injector's metrics, read from its status when Prometheus asks; undefined before it has one. */
export function registerInjectorMetrics(registry: MetricsRegistry, status: () => InjectorStatus | undefined): void {
  total(
    registry,
    { name: 'rupeestream_injector_consumed_total', help: 'Genuine transactions read.' },
    () => status()?.consumed ?? 0,
  )
  total(
    registry,
    { name: 'rupeestream_injector_transactions_total', help: 'Transactions written, frauds among them.' },
    () => status()?.transactions ?? 0,
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_injector_fraud_total',
      help: 'Fraudulent transactions written, by type.',
      label: 'type',
      values: fraudTypes,
    },
    () => status()?.byType ?? {},
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_injector_campaigns_total',
      help: 'Campaigns of fraud begun, by type.',
      label: 'type',
      values: fraudTypes,
    },
    () => status()?.campaigns ?? {},
  )
  gaugeBy(
    registry,
    {
      name: 'rupeestream_injector_active_campaigns',
      help: 'Campaigns of fraud that have begun and are not over, by type.',
      label: 'type',
      values: fraudTypes,
    },
    () => status()?.activeCampaigns ?? {},
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_injector_anomalies_total',
      help: 'Anomalous transactions written, most of them innocent, by family; one may show several.',
      label: 'family',
      values: anomalyFamilies,
    },
    () => status()?.anomalies ?? {},
  )
  totalBy(
    registry,
    {
      name: 'rupeestream_injector_delivery_faults_total',
      help: 'Transactions that were delivered late, out of order, twice, damaged or never, by kind.',
      label: 'kind',
      values: faultKinds,
    },
    () => status()?.faults ?? {},
  )
}
