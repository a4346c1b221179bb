import type { TopicName } from '#schemas/topics.ts'
import type { Fold } from '#services/fold.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { monitorFold } from '#services/monitor/fold.ts'
import { World } from '#services/producer/world.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import type { Scoring } from '#services/scorer/score.ts'
import type { Settings } from '#services/settings.ts'
import type { Source } from '#services/source.ts'
import { HOUR_MS } from '#services/time.ts'
import { scoringFor } from '../scorecard/load-model.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryTask } from './memory-task.ts'

type AnyTask = MemoryTask<unknown, unknown, TopicName>

export interface MemoryStage {
  readonly inputs: readonly TopicName[]
  /** One a partition. */
  readonly tasks: readonly AnyTask[]
}

/** Records that a stage takes up at a time. */
const TRANSACTION_RECORDS = 500

/** The whole pipeline in one process and in memory: the same sources and folds that run on Kafka. */
export class MemoryPipeline {
  readonly log: MemoryLog
  readonly sources: readonly Source[]
  readonly stages: readonly MemoryStage[]

  /** Scores by the model that is shipped, or by another. */
  constructor(settings: Settings, scoring?: Scoring) {
    const { partitions } = settings
    this.log = new MemoryLog(partitions)
    this.sources = Array.from({ length: partitions }, (_, partition) => new World(settings, partition))
    this.stages = [
      this.#stage(fraudInjector(settings)),
      this.#stage(customerFold(settings, scoring)),
      this.#stage(entityFold(settings, partitions)),
      this.#stage(monitorFold(settings)),
    ]
    for (const source of this.sources) source.publish((...record) => this.log.append(...record))
  }

  /** Generates up to a moment of simulated time and tells it, so that everything before it gets through. */
  generate(untilMs: number): void {
    for (let partition = 0; partition < this.sources.length; partition++) this.generateOn(partition, untilMs)
  }

  /** The same for one partition: on Kafka each is generated at its own pace. */
  generateOn(partition: number, untilMs: number): void {
    const source = this.sources[partition]!
    while (source.peekMs() <= untilMs) source.next((...record) => this.log.append(...record), null)
    const value = { topic: 'transactions.genuine', records: source.transactions, time: untilMs }
    this.log.append('watermarks', 'transactions.genuine', value, untilMs, partition)
  }

  /** Lets every stage work until nothing waits. */
  settle(): void {
    for (let busy = true; busy; ) {
      busy = false
      for (const { inputs, tasks } of this.stages) {
        for (const task of tasks) for (const topic of inputs) if (task.transact(topic, TRANSACTION_RECORDS)) busy = true
      }
    }
  }

  /** Drops the records of all topics, for runs longer than memory is large. Nothing may be waiting: `settle` first. */
  forget(): void {
    for (const { tasks } of this.stages) for (const task of tasks) task.rewind()
    this.log.clear()
  }

  #stage<State, Shared, Inputs extends TopicName>(fold: Fold<State, Shared, Inputs>): MemoryStage {
    const tasks = this.sources.map((_, partition) => new MemoryTask(fold, this.log, partition))
    return { inputs: fold.inputs, tasks: tasks as unknown as AnyTask[] }
  }
}

export interface SampledRecord {
  readonly topic: TopicName
  readonly key: string
  readonly value: unknown
  readonly timestampMs: number
}

/** Records of one topic, hour by simulated hour, without end; damaged ones, which nobody can read, are on `dead-letters`. */
export function* sampleRecords(settings: Settings, topic: TopicName): Generator<SampledRecord> {
  const pipeline = new MemoryPipeline(settings, scoringFor(settings))
  const taken = pipeline.sources.map(() => 0)
  for (let untilMs = pipeline.sources[0]!.historyFromMs; ; untilMs += HOUR_MS) {
    pipeline.generate(untilMs)
    pipeline.settle()
    for (let partition = 0; partition < settings.partitions; partition++) {
      const log = pipeline.log.log(topic, partition)
      for (const record of log.slice(taken[partition])) {
        const opened = pipeline.log.open(topic, record)
        if (!('cause' in opened)) yield opened
      }
      taken[partition] = log.length
    }
  }
}
