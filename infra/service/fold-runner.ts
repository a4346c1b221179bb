import type { ObservedStage } from '#infra/kafka/restore-tasks.ts'
import { SideInputs } from '#infra/kafka/side-inputs.ts'
import { TaskRunner } from '#infra/kafka/task-runner.ts'
import type { TaskMetrics } from '#infra/observability/task-metrics.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { Fold, Received } from '#services/fold.ts'
import type { Access } from './access.ts'
import type { ServiceContext } from './run-service.ts'

export interface FoldRunnerOptions<Inputs extends TopicName> {
  readonly metrics: TaskMetrics
  /** Hears of each new record once it is handled. */
  readonly onCommitted?: (record: Received<Inputs>) => void
  /** Hears of each stage of each transaction. */
  readonly observe?: (stage: ObservedStage, partition: number) => void | Promise<void>
  readonly sessionTimeoutMs?: number
}

/** The runner of a fold by a service's settings; `start` it. */
export function foldRunner<State, Shared, Inputs extends TopicName>(
  { settings, log }: Pick<ServiceContext, 'settings' | 'log'>,
  { kafka, codec, lookUp }: Access,
  fold: Fold<State, Shared, Inputs>,
  options: FoldRunnerOptions<Inputs>,
): TaskRunner<State, Shared, Inputs> {
  const { topicPrefix, partitions, runner } = settings
  return new TaskRunner({
    fold,
    codec,
    kafka,
    lookUp,
    log,
    topicPrefix,
    partitions,
    ...runner,
    ...options,
    sides: new SideInputs(codec, topicPrefix, lookUp, log),
    nowMs: () => performance.timeOrigin + performance.now(),
  })
}

/** Works until the service shall stop, or one of the runners cannot go on; stops them all either way. */
export async function runUntilStopped(
  stopping: AbortSignal,
  runners: readonly Pick<TaskRunner<unknown, unknown, TopicName>, 'start' | 'stop' | 'done'>[],
): Promise<void> {
  const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }))
  try {
    await Promise.all(runners.map((runner) => runner.start()))
    await Promise.race([stopped, ...runners.map((runner) => runner.done)])
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()))
  }
}
