import { Registry } from 'prom-client'
import { serveEndpoint } from '#infra/observability/http.ts'
import { registerMonitorMetrics } from '#infra/observability/monitor-metrics.ts'
import { registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { openAccess } from '#infra/service/access.ts'
import { foldRunner, runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService } from '#infra/service/run-service.ts'
import type { MonitorStatus } from '#infra/service/status.ts'
import type { Received } from '../fold.ts'
import { type MonitorInputs, monitorFold } from './fold.ts'
import { LatencyHistogram } from './latency.ts'
import { LatestAlerts } from './latest-alerts.ts'
import { monitorFigures } from './quality.ts'

await runService('monitor', async (context) => {
  const fold = monitorFold(context.settings)
  const registry = new Registry()
  const taskMetrics = registerTaskMetrics(registry, { inputs: fold.inputs, outputs: ['dead-letters'] })
  const latency = new LatencyHistogram()
  const latest = new LatestAlerts()
  const status = (): MonitorStatus => ({
    service: 'monitor',
    ready: runner.isReady,
    ...monitorFigures(runner.shared),
    latencyMs: latency.summary(),
    latestAlerts: latest.list(),
    metricsUrl: `${endpoint.url}/metrics`,
  })
  const metrics = registerMonitorMetrics(registry, () => status())
  const onCommitted = (record: Received<MonitorInputs>): void => {
    if (record.topic !== 'alerts.velocity' && record.topic !== 'alerts.anomaly' && record.topic !== 'alerts.fraud')
      return
    latest.push(record.value)
    const { intended_at } = record.value
    if (intended_at === null) return
    const latencyMs = Date.now() - intended_at
    latency.observe(latencyMs)
    metrics.observeLatency(latencyMs / 1_000)
  }
  const access = await openAccess(context, 'rupeestream-monitor')
  const runner = foldRunner(context, access, fold, { metrics: taskMetrics, onCommitted })
  const endpoint = await serveEndpoint({ registry, isReady: () => runner.isReady, port: context.metricsPort })
  context.log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  await runUntilStopped(context.stopping, [runner])
  await endpoint.close()
})
