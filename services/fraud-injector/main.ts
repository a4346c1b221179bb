import { serveEndpoint } from '#infra/observability/http.ts'
import { registerInjectorMetrics } from '#infra/observability/injector-metrics.ts'
import { serviceRegistry } from '#infra/observability/registry.ts'
import { serviceTopics } from '#infra/observability/service-topics.ts'
import { registerStageLatency } from '#infra/observability/stage-latency.ts'
import { areReady, registerRunnerMetrics, registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { openAccess } from '#infra/service/access.ts'
import { foldRunner, runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService } from '#infra/service/run-service.ts'
import type { InjectorStatus } from '#infra/service/status.ts'
import { injectorFigures } from './figures.ts'
import { fraudInjector } from './fold.ts'

await runService('fraud-injector', async (context) => {
  const fold = fraudInjector(context.settings)
  const registry = serviceRegistry('fraud-injector', context.settings)
  const metrics = registerTaskMetrics(registry, serviceTopics['fraud-injector'])
  const latency = registerStageLatency(registry, ['injected'])
  const access = await openAccess(context, 'rupeestream-fraud-injector')
  const runner = foldRunner(context, access, fold, {
    metrics,
    onCommitted(record) {
      if (record.topic === 'transactions.genuine') latency.observe('injected', record.value.intended_at)
    },
  })
  const status = (): InjectorStatus => ({
    service: 'fraud-injector',
    ready: runner.isReady,
    ...injectorFigures(runner.shared),
  })
  registerInjectorMetrics(registry, status)
  registerRunnerMetrics(registry, () => [runner])
  const endpoint = await serveEndpoint({
    registry,
    isReady: () => areReady([runner]),
    port: context.metricsPort,
    host: context.metricsHost,
  })
  context.log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  await runUntilStopped(context.stopping, [runner])
  await endpoint.close()
})
