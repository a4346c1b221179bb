import { serveEndpoint } from '#infra/observability/http.ts'
import { serviceRegistry } from '#infra/observability/registry.ts'
import { registerScorerMetrics } from '#infra/observability/scorer-metrics.ts'
import { serviceTopics } from '#infra/observability/service-topics.ts'
import { areReady, registerRunnerMetrics, registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { scoringFor } from '#infra/scorecard/load-model.ts'
import { openAccess } from '#infra/service/access.ts'
import { foldRunner, runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService } from '#infra/service/run-service.ts'
import type { ScorerStatus } from '#infra/service/status.ts'
import { customerFold } from './customer-fold.ts'
import { entityFold } from './entity-fold.ts'
import { scorerFigures, scorerLimits } from './figures.ts'

await runService('scorer', async (context) => {
  const { settings } = context
  const byCustomer = customerFold(settings, scoringFor(settings))
  const byEntity = entityFold(settings, settings.partitions)
  const registry = serviceRegistry('scorer', settings)
  const metrics = registerTaskMetrics(registry, serviceTopics.scorer)
  const access = await openAccess(context, 'rupeestream-scorer')
  const customers = foldRunner(context, access, byCustomer, { metrics })
  const entities = foldRunner(context, access, byEntity, { metrics })
  const isReady = (): boolean => customers.isReady && entities.isReady
  const status = (): ScorerStatus => ({
    service: 'scorer',
    ready: isReady(),
    ...scorerFigures(customers.shared),
    ...scorerLimits(customers, entities),
  })
  registerScorerMetrics(registry, status)
  registerRunnerMetrics(registry, () => [customers, entities])
  const endpoint = await serveEndpoint({
    registry,
    isReady: () => areReady([customers, entities]),
    port: context.metricsPort,
    host: context.metricsHost,
  })
  context.log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  await runUntilStopped(context.stopping, [customers, entities])
  await endpoint.close()
})
