import { Registry } from 'prom-client'
import { serveEndpoint } from '#infra/observability/http.ts'
import { registerInjectorMetrics } from '#infra/observability/injector-metrics.ts'
import { registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { openAccess } from '#infra/service/access.ts'
import { foldRunner, runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService } from '#infra/service/run-service.ts'
import type { InjectorStatus } from '#infra/service/status.ts'
import { injectorFigures } from './figures.ts'
import { fraudInjector } from './fold.ts'

await runService('fraud-injector', async (context) => {
  const fold = fraudInjector(context.settings)
  const registry = new Registry()
  const metrics = registerTaskMetrics(registry, {
    inputs: fold.inputs,
    outputs: [
      'transactions',
      'ground-truth',
      'delivery-faults',
      'fraud-reports',
      'customer-events',
      'watermarks',
      'dead-letters',
    ],
  })
  const runner = foldRunner(context, await openAccess(context, 'rupeestream-fraud-injector'), fold, { metrics })
  const status = (): InjectorStatus => ({
    service: 'fraud-injector',
    ready: runner.isReady,
    ...injectorFigures(runner.shared),
  })
  registerInjectorMetrics(registry, status)
  const endpoint = await serveEndpoint({ registry, isReady: () => runner.isReady, port: context.metricsPort })
  context.log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  await runUntilStopped(context.stopping, [runner])
  await endpoint.close()
})
