// One fold on Kafka, as a process that a chaos test can hurt: started by test/helpers/chaos/victim.ts.
import pino from 'pino'
import { Registry } from 'prom-client'
import { connectKafka } from '#infra/kafka/client.ts'
import type { ObservedStage } from '#infra/kafka/restore-tasks.ts'
import { registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { schemaLookUp } from '#infra/service/access.ts'
import { foldRunner } from '#infra/service/fold-runner.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { viaProxy } from '../helpers/chaos/proxy.ts'
import { sabotage } from '../helpers/chaos/sabotage.ts'
import { subjects } from '../helpers/chaos/subjects.ts'
import type { VictimOrders } from '../helpers/chaos/victim.ts'

const orders = JSON.parse(process.env.CHAOS_ORDERS ?? '') as VictimOrders
const { connection, settings, fault, service } = orders
const log = pino({ level: process.env.CHAOS_LOG ?? 'silent' }, pino.destination(2))

let transactions = 0
let hasStruck = false
/** Counts transactions of outputs and, at the stage and number ordered, kills or stops this very process. */
function observe(stage: ObservedStage): void {
  if (stage === 'committed') process.send?.({ transactions: ++transactions })
  // Partitions commit side by side: the very transaction that was ordered may never come to this stage alone.
  if (hasStruck || fault === undefined || stage !== fault.stage || transactions + 1 < fault.transaction) return
  hasStruck = true
  process.send?.({ fault: fault.signal }, () => process.kill(process.pid, fault.signal))
  // The fault must strike here and not a few promises later.
  for (const untilMs = Date.now() + 1_000; Date.now() < untilMs; );
}

const socketFactory = orders.proxyPort === undefined ? undefined : viaProxy(orders.proxyPort)
const { outputs } = subjects.find((subject) => subject.service === service)!
const visible = new Set(outputs.map((name) => settings.topicPrefix + name))
const kafka = sabotage(connectKafka(connection, `chaos-${service}`, log, { socketFactory }), orders.sabotage, visible)
const codec = new Codec(await lookUpSchemaIds(connection, settings))
const access = { kafka, codec, lookUp: schemaLookUp(connection) }
const context = { settings, log }
const metrics = registerTaskMetrics(new Registry(), { inputs: [], outputs: [] })
const options = { metrics, observe, sessionTimeoutMs: 3_000 }
const runners =
  service === 'fraud-injector'
    ? [foldRunner(context, access, fraudInjector(settings), options)]
    : [
        foldRunner(context, access, customerFold(settings), options),
        foldRunner(context, access, entityFold(settings, settings.partitions), options),
      ]

process.on('SIGTERM', async () => {
  await Promise.all(runners.map((runner) => runner.stop()))
  process.exit(0)
})
process.on('disconnect', () => process.exit(1))
for (const runner of runners) {
  runner.done.catch((error) => {
    log.fatal({ err: error })
    process.exit(1)
  })
}
await Promise.all(runners.map((runner) => runner.start()))
