import { AckLatency } from '#infra/kafka/ack-latency.ts'
import { Generator } from '#infra/kafka/generator.ts'
import { Lane } from '#infra/kafka/lane.ts'
import { ProducerControl } from '#infra/kafka/producer-control.ts'
import { serveEndpoint } from '#infra/observability/http.ts'
import { registerProducerMetrics } from '#infra/observability/producer-metrics.ts'
import { serviceRegistry } from '#infra/observability/registry.ts'
import { type Access, openAccess } from '#infra/service/access.ts'
import { runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService, type ServiceContext } from '#infra/service/run-service.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import type { Settings } from '../settings.ts'
import { scheduleOf } from './schedule.ts'
import { World } from './world.ts'

/** What the stream's records follow from; a run can only be gone on with under the same. Pace is not part of it. */
const fingerprint = ({ seed, partitions, population, clock }: Settings): string =>
  JSON.stringify({ seed, partitions, ...population, ...clock })

function openGenerator({ settings, log, shard }: ServiceContext, access: Access, ackLatency: AckLatency): Generator {
  const { topicPrefix, partitions, runner, pace } = settings
  const nowMs = (): number => performance.timeOrigin + performance.now()
  const owned = Array.from({ length: partitions }, (_, p) => p).filter((p) => p % shard.of === shard.index)
  const laneSettings = {
    ...access,
    topicPrefix,
    partitions,
    source: (partition: number) => new World(settings, partition),
    fingerprint: fingerprint(settings),
    ackLatency,
    nowMs,
    log,
  }
  return new Generator({
    lanes: owned.map((partition) => new Lane(laneSettings, partition)),
    pace,
    schedule: (commanded, fromMs) => scheduleOf(commanded, fromMs, owned.length / partitions),
    ...runner,
    nowMs,
    log,
  })
}

await runService('producer', async (context) => {
  const ackLatency = new AckLatency()
  const access = await openAccess(context, 'rupeestream-producer')
  const generator = openGenerator(context, access, ackLatency)
  const { settings, log, holdLive } = context
  const control = new ProducerControl(access, settings.topicPrefix, (order) => generator.command(order), log)
  if (!holdLive) void control.heard.then(() => generator.goLive())
  const status = (): ProducerStatus => ({
    service: 'producer',
    ...generator.status,
    ackLatencyMs: ackLatency.summary(),
  })
  const registry = serviceRegistry('producer', settings)
  registerProducerMetrics(registry, status, ackLatency, () => generator.deliveries)
  const isReady = (): boolean => generator.status.ready
  const endpoint = await serveEndpoint({
    registry,
    isReady,
    port: context.metricsPort,
    host: context.metricsHost,
  })
  log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  context.onCommand((order) => {
    if (order.command === 'live') void control.heard.then(() => generator.goLive(order))
    else void generator.drain()
  })
  await runUntilStopped(context.stopping, [control, generator])
  await endpoint.close()
})
