import { ConsumerLag } from '#infra/observability/consumer-lag.ts'
import { serveEndpoint } from '#infra/observability/http.ts'
import { registerArchiveMetrics, registerMonitorMetrics } from '#infra/observability/monitor-metrics.ts'
import { serviceRegistry } from '#infra/observability/registry.ts'
import { consumerGroups, serviceTopics } from '#infra/observability/service-topics.ts'
import { registerStageLatency } from '#infra/observability/stage-latency.ts'
import { areReady, registerRunnerMetrics, registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { openPage } from '#infra/page/page.ts'
import { AlertArchive, ARCHIVE_GROUP, type ArchiveMetrics } from '#infra/postgres/alert-archive.ts'
import { AlertTable } from '#infra/postgres/alert-table.ts'
import { type Access, openAccess } from '#infra/service/access.ts'
import { foldRunner, runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService, type ServiceContext } from '#infra/service/run-service.ts'
import type { MonitorStatus } from '#infra/service/status.ts'
import { alertTopicNames, isAlert } from '#schemas/topics.ts'
import type { Received } from '../fold.ts'
import { type MonitorInputs, monitorFold } from './fold.ts'
import { LatencyHistogram } from './latency.ts'
import { LatestAlerts } from './latest-alerts.ts'
import { liveCounts, monitorFigures } from './quality.ts'

/** The copy of alerts in PostgreSQL, where the scenario names one. */
function openArchive(
  { settings, log }: Pick<ServiceContext, 'settings' | 'log'>,
  access: Access,
  metrics: ArchiveMetrics,
): AlertArchive | undefined {
  const { topicPrefix, partitions, monitor } = settings
  if (monitor.postgres === null) return undefined
  return new AlertArchive({ ...access, topicPrefix, partitions, table: new AlertTable(monitor.postgres), metrics, log })
}

await runService('monitor', async (context) => {
  const fold = monitorFold(context.settings)
  const registry = serviceRegistry('monitor', context.settings)
  const taskMetrics = registerTaskMetrics(registry, serviceTopics.monitor)
  const latency = new LatencyHistogram()
  const latest = new LatestAlerts()
  const status = (): MonitorStatus => ({
    service: 'monitor',
    ready: runner.isReady,
    ...monitorFigures(runner.shared),
    latencyMs: latency.summary(),
    latestAlerts: latest.list(),
    metricsUrl: `${endpoint.url}/metrics`,
    pageUrl: page.url,
  })
  const metrics = registerMonitorMetrics(
    registry,
    () => monitorFigures(runner.shared),
    () => liveCounts(runner.shared),
  )
  registerRunnerMetrics(registry, () => [runner])
  const stages = registerStageLatency(registry, ['scored', 'alerted'])
  const onCommitted = (record: Received<MonitorInputs>): void => {
    if (record.topic === 'scores') stages.observe('scored', record.value.intended_at)
    page.hear(record)
    if (!isAlert(record)) return
    latest.push(record.value)
    metrics.observeAlert(record.value)
    const { intended_at, alert_id } = record.value
    stages.observe('alerted', intended_at, alert_id)
    if (intended_at !== null) latency.observe(Date.now() - intended_at)
  }
  const access = await openAccess(context, 'rupeestream-monitor')
  const runner = foldRunner(context, access, fold, { metrics: taskMetrics, onCommitted })
  const archive = openArchive(context, access, registerArchiveMetrics(registry))
  const groups = archive === undefined ? consumerGroups : { ...consumerGroups, [ARCHIVE_GROUP]: alertTopicNames }
  const { topicPrefix } = context.settings
  const lag = new ConsumerLag(registry, { kafka: access.kafka, topicPrefix, groups, log: context.log })
  const page = await openPage(context, access, { shared: () => runner.shared, latency: () => latency.summary() })
  const endpoint = await serveEndpoint({
    registry,
    isReady: () => areReady([runner]),
    port: context.metricsPort,
    host: context.metricsHost,
  })
  context.log.info(`metrics on ${endpoint.url}/metrics, live page on ${page.url}`)
  lag.start()
  await archive?.start()
  context.reportStatus(status)
  await runUntilStopped(context.stopping, [runner])
  await archive?.stop()
  await lag.stop()
  await Promise.all([endpoint.close(), page.close()])
})
