import { createHash } from 'node:crypto'
import { MemoryPipeline } from '#infra/memory/pipeline.ts'
import type { TopicName } from '#schemas/topics.ts'
import { World } from '#services/producer/world.ts'
import { Random, streamKey } from '#services/random.ts'
import type { Settings } from '#services/settings.ts'
import type { Source } from '#services/source.ts'
import { DAY_MS, HOUR_MS } from '#services/time.ts'

/** How a run goes about its work: nothing of it may be seen in what comes out. */
export interface Course {
  /** Seed of the order in which stages take up records, and how many at a time. */
  readonly order: string
  /** Producer processes; shard i of n owns the partitions p with p % n = i and keeps its own pace. */
  readonly shards: number
  /** Chance, at each turn, that a task or a source is started anew. */
  readonly restarts: number
}

/** Topics whose partitions must be the same bytes in the same order, however a run goes. */
export const orderedTopics = [
  'customers',
  'merchants',
  'transactions.genuine',
  'transactions',
  'ground-truth',
  'fraud-reports',
  'features',
  'scores',
  'alerts.velocity',
  'alerts.anomaly',
  'alerts.fraud',
] as const satisfies readonly TopicName[]

/** Written by two services side by side: the same records in a partition, in any order. */
export const unorderedTopics = ['customer-events'] as const satisfies readonly TopicName[]

const RECORDS_MAX = 400
const AHEAD_MAX_MS = 8 * HOUR_MS

class PipelineRun {
  readonly pipeline: MemoryPipeline
  readonly #sources: Source[]
  readonly #settings: Settings
  readonly #course: Course
  readonly #random: Random
  readonly #untilMs: number[]
  readonly #endMs: number

  constructor(settings: Settings, days: number, course: Course) {
    this.#settings = settings
    this.#course = course
    this.#random = new Random().at(streamKey(course.order, 'course'), 0, 0)
    this.pipeline = new MemoryPipeline(settings)
    this.#sources = this.pipeline.sources as Source[]
    const fromMs = this.#sources[0]!.historyFromMs
    this.#untilMs = Array.from({ length: course.shards }, () => fromMs)
    this.#endMs = fromMs + days * DAY_MS
  }

  finish(): void {
    while (this.#untilMs.some((untilMs) => untilMs < this.#endMs)) this.#turn()
    this.#settle()
    // Time is told a little further, once no timer is left to fire, so that the very last questions are answered.
    for (let ms = 1; ms <= 3; ms++) {
      this.pipeline.generate(this.#endMs + ms)
      this.#settle()
    }
  }

  #turn(): void {
    const shard = this.#random.below(this.#course.shards)
    if (this.#random.chance(0.1)) this.#generate(shard)
    this.#work()
    this.#disturb()
  }

  #generate(shard: number): void {
    const untilMs = Math.min(this.#endMs, this.#untilMs[shard]! + this.#random.below(AHEAD_MAX_MS))
    this.#untilMs[shard] = untilMs
    for (let partition = shard; partition < this.#sources.length; partition += this.#course.shards) {
      this.pipeline.generateOn(partition, untilMs)
    }
  }

  #work(): void {
    const { inputs, tasks } = this.#random.pick(this.pipeline.stages)
    this.#random.pick(tasks).transact(this.#random.pick(inputs), this.#random.integer(1, RECORDS_MAX))
  }

  /** In turns, in a shuffled order and in slices of any size, until nothing waits. */
  #settle(): void {
    const all = this.pipeline.stages.flatMap(({ inputs, tasks }) =>
      tasks.flatMap((task) => inputs.map((topic) => ({ task, topic }))),
    )
    for (let busy = true; busy; ) {
      busy = false
      const from = this.#random.below(all.length)
      for (let i = 0; i < all.length; i++) {
        const { task, topic } = all[(from + i) % all.length]!
        if (task.transact(topic, this.#random.integer(1, RECORDS_MAX))) busy = true
        this.#disturb()
      }
    }
  }

  #disturb(): void {
    if (!this.#random.chance(this.#course.restarts)) return
    const task = this.#random.pick(this.#random.pick(this.pipeline.stages).tasks)
    if (this.#random.chance(0.5)) task.checkpoint()
    else task.restart()
    if (this.#random.chance(0.2)) this.#restartSource(this.#random.below(this.#sources.length))
  }

  #restartSource(partition: number): void {
    const before = this.#sources[partition]!
    const after = new World(this.#settings, partition)
    after.restore(before.progress(), before.ledgerAtDayStart().slice())
    this.#sources[partition] = after
  }
}

/** Runs the whole pipeline over so many days, and until everything is through. */
export function runPipeline(settings: Settings, days: number, course: Course): MemoryPipeline {
  const run = new PipelineRun(settings, days, course)
  run.finish()
  return run.pipeline
}

/** SHA-256 of each topic, and of `more` that say something in some runs only: key, timestamp and bytes of every record, partition by partition. */
export function digests({ log }: MemoryPipeline, more: readonly TopicName[] = []): Record<string, string> {
  const found: Record<string, string> = {}
  for (const topic of [...orderedTopics, ...unorderedTopics, ...more]) {
    const hash = createHash('sha256')
    for (let partition = 0; partition < log.partitions; partition++) {
      const lines = log
        .log(topic, partition)
        .map(({ key, timestampMs, value }) => `${partition} ${key} ${timestampMs} ${value.toString('hex')}`)
      if (topic === 'customer-events') lines.sort()
      for (const line of lines) hash.update(`${line}\n`)
    }
    found[topic] = hash.digest('hex')
  }
  return found
}
