import { Registry } from 'prom-client'
import { AckLatency } from '#infra/kafka/ack-latency.ts'
import { Generator } from '#infra/kafka/generator.ts'
import { Lane } from '#infra/kafka/lane.ts'
import { serveEndpoint } from '#infra/observability/http.ts'
import { registerProducerMetrics } from '#infra/observability/producer-metrics.ts'
import { openAccess } from '#infra/service/access.ts'
import { runUntilStopped } from '#infra/service/fold-runner.ts'
import { runService, type ServiceContext } from '#infra/service/run-service.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import type { Settings } from '../settings.ts'
import { scheduleOf } from './schedule.ts'
import { World } from './world.ts'

/** What the stream's records follow from; a run can only be gone on with under the same. Pace is not part of it. */
const fingerprint = ({ seed, partitions, population, clock }: Settings): string =>
  JSON.stringify({ seed, partitions, ...population, ...clock })

async function openGenerator(context: ServiceContext, ackLatency: AckLatency): Promise<Generator> {
  const { settings, log, shard, holdLive } = context
  const { topicPrefix, partitions, runner, pace } = settings
  const nowMs = (): number => performance.timeOrigin + performance.now()
  const owned = Array.from({ length: partitions }, (_, p) => p).filter((p) => p % shard.of === shard.index)
  const laneSettings = {
    ...(await openAccess(context, 'rupeestream-producer')),
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
    schedule: (liveFromMs) => scheduleOf(pace, liveFromMs, owned.length / partitions),
    ...runner,
    holdLive,
    nowMs,
    log,
  })
}

await runService('producer', async (context) => {
  const ackLatency = new AckLatency()
  const generator = await openGenerator(context, ackLatency)
  const status = (): ProducerStatus => ({
    service: 'producer',
    ...generator.status,
    ackLatencyMs: ackLatency.summary(),
  })
  const registry = new Registry()
  registerProducerMetrics(registry, status, ackLatency)
  const isReady = (): boolean => generator.status.ready
  const endpoint = await serveEndpoint({ registry, isReady, port: context.metricsPort })
  context.log.info(`metrics on ${endpoint.url}/metrics`)
  context.reportStatus(status)
  context.onCommand((order) => {
    if (order.command === 'live') generator.goLive(order)
    else void generator.drain()
  })
  await runUntilStopped(context.stopping, [generator])
  await endpoint.close()
})
