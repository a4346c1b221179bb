import type { Connection } from '#infra/connection.ts'
import type { TaskRunner } from '#infra/kafka/task-runner.ts'
import { emptyRegistry } from '#infra/observability/registry.ts'
import { registerTaskMetrics } from '#infra/observability/task-metrics.ts'
import { openAccess } from '#infra/service/access.ts'
import { foldRunner } from '#infra/service/fold-runner.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { Fold } from '#services/fold.ts'
import type { Settings } from '#services/settings.ts'
import { silent } from './deployed.ts'

export type AnyFold = Fold<unknown, unknown, TopicName>
type AnyRunner = TaskRunner<unknown, unknown, TopicName>

/** Folds of different states and inputs in one list: the runner treats them alike. */
export const anyFold = <State, Shared, Inputs extends TopicName>(fold: Fold<State, Shared, Inputs>): AnyFold =>
  fold as unknown as AnyFold

/** Folds at work on the broker, in this process. */
export class RunningFolds {
  readonly #runners: readonly AnyRunner[]

  private constructor(runners: readonly AnyRunner[]) {
    this.#runners = runners
  }

  static async start(
    connection: Connection,
    settings: Settings,
    folds: readonly AnyFold[],
    log = silent,
  ): Promise<RunningFolds> {
    const access = await openAccess({ connection, settings, log }, 'test')
    const metrics = registerTaskMetrics(emptyRegistry(), { inputs: [], outputs: [] })
    const options = { metrics, sessionTimeoutMs: 3_000 }
    const runners = folds.map((fold) => foldRunner({ settings, log }, access, fold, options))
    await Promise.all(runners.map((runner) => runner.start()))
    return new RunningFolds(runners)
  }

  get isReady(): boolean {
    return this.#runners.every((runner) => runner.isReady)
  }

  /** All partitions have come to where their inputs ended when they were restored. */
  get isCaughtUp(): boolean {
    return this.isReady && this.#runners.every((runner) => runner.isCaughtUp)
  }

  /** Partition-wide states of the how-manieth fold. */
  shared<Shared>(index = 0): Shared[] {
    return (this.#runners[index]?.shared ?? []) as Shared[]
  }

  /** Fails when one of them cannot go on. */
  get done(): Promise<unknown> {
    return Promise.all(this.#runners.map((runner) => runner.done))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.stop()))
  }
}
