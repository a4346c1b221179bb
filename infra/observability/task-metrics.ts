import { Counter, Histogram } from 'prom-client'
import type { TopicName } from '#schemas/topics.ts'
import type { DeadLetterCause } from '#schemas/types.ts'
import { deadLetterCauses } from './label-values.ts'
import type { MetricsRegistry } from './registry.ts'
import { gauge } from './totals.ts'

const COMMIT_BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

/** What the runner tells of the tasks of a process. Call it once a batch, not once a record. */
export interface TaskMetrics {
  /** Decoding and folding records of a topic, and encoding what came of them, took so long. */
  readonly folded: (topic: TopicName, seconds: number) => void
  readonly consumed: (topic: TopicName, records: number) => void
  readonly produced: (topic: TopicName, records: number) => void
  /** A transaction was committed, this long after it began. */
  readonly committed: (seconds: number) => void
  /** A transaction was given up and its work will be done again. */
  readonly aborted: () => void
  readonly checkpointed: (entries: number) => void
  readonly deadLetter: (cause: DeadLetterCause) => void
}

export interface TaskTopics {
  readonly inputs: readonly TopicName[]
  readonly outputs: readonly TopicName[]
}

export function registerTaskMetrics(registry: MetricsRegistry, topics: TaskTopics): TaskMetrics {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `rupeestream_task_${name}`, help, labelNames, registers })
  const consumed = counter('consumed_records_total', 'Records read, by topic.', ['topic'])
  const folding = counter('fold_seconds_total', 'Time spent on decoding, folding and encoding, by topic read.', [
    'topic',
  ])
  const produced = counter('produced_records_total', 'Records written in committed transactions, by topic.', ['topic'])
  const aborted = counter('aborted_transactions_total', 'Transactions given up, to be done again.')
  const checkpoints = counter('checkpoint_entries_total', 'Entries of state saved.')
  const deadLetters = counter('dead_letters_total', 'Records put aside, by cause.', ['cause'])
  const commits = new Histogram({
    name: 'rupeestream_task_transaction_duration_seconds',
    help: 'From the begin to the commit of a transaction.',
    buckets: COMMIT_BUCKETS_SECONDS,
    registers,
  })
  for (const topic of topics.inputs) {
    consumed.inc({ topic }, 0)
    folding.inc({ topic }, 0)
  }
  for (const topic of topics.outputs) produced.inc({ topic }, 0)
  for (const cause of deadLetterCauses) deadLetters.inc({ cause }, 0)
  return {
    folded: (topic, seconds) => folding.inc({ topic }, seconds),
    consumed: (topic, records) => consumed.inc({ topic }, records),
    produced: (topic, records) => produced.inc({ topic }, records),
    committed: (seconds) => commits.observe(seconds),
    aborted: () => aborted.inc(),
    checkpointed: (entries) => checkpoints.inc(entries),
    deadLetter: (cause) => deadLetters.inc({ cause }),
  }
}

/** What Prometheus asks runners for. */
interface Runner {
  readonly isReady: boolean
  readonly isCaughtUp: boolean
  /** Time since the oldest checkpoint of its partitions was saved, or restored; null without partitions. */
  readonly checkpointAgeMs: number | null
}

/** Assigned, restored, and once at the end of what there was: then a service is ready. */
export const areReady = (runners: readonly Runner[]): boolean =>
  runners.every(({ isReady, isCaughtUp }) => isReady && isCaughtUp)

/** How the runners of a process stand, asked when Prometheus asks. */
export function registerRunnerMetrics(registry: MetricsRegistry, runners: () => readonly Runner[]): void {
  const ready = {
    name: 'rupeestream_task_ready',
    help: '1 when all partitions given to this process are restored and have caught up, else 0; as /readyz says.',
  }
  gauge(registry, ready, () => (areReady(runners()) ? 1 : 0))
  const age = {
    name: 'rupeestream_task_checkpoint_age_seconds',
    help: 'Time since the oldest checkpoint among the partitions of this process was saved, or restored.',
  }
  gauge(registry, age, () => {
    const ages = runners().flatMap(({ checkpointAgeMs }) => checkpointAgeMs ?? [])
    return ages.length === 0 ? null : Math.max(...ages) / 1_000
  })
}
