import type { TopicName } from '#schemas/topics.ts'
import { type Consumer, consumerEvents, type EachBatchPayload } from './client.ts'
import { coPartitionAssigner } from './co-partition-assigner.ts'
import { type FatalError, fatalOf } from './fatal-error.ts'
import { Generation } from './generation.ts'
import type { RestoreSettings } from './restore-tasks.ts'
import type { Task } from './task.ts'

export interface RunnerSettings<State, Shared, Inputs extends TopicName>
  extends RestoreSettings<State, Shared, Inputs> {
  readonly transactionRecordsMax: number
  readonly lingerMs: number
  /** How long Kafka waits before it gives a silent member's partitions to another. */
  readonly sessionTimeoutMs?: number
}

/** A batch of which everything was left out: marks, and records of aborted transactions. */
interface UnseenBatch {
  readonly topic: string
  readonly partition: number
  /** Null where nothing is left from the offset on that was asked for, which is then the last one. */
  readonly firstOffset: string | null
  readonly lastOffset: string
}

const SESSION_TIMEOUT_MS = 10_000
const REBALANCE_TIMEOUT_MS = 60_000
const HEARTBEAT_MS = 1_000
const PAUSE_MS = 500
const REPLAY_PAUSE_MS = 20

/** Kafka's names for: the group has moved on without this member. */
const lostMembership = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
])

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Runs a fold on all partitions that the consumer group gives this process, and recovers by itself: from a rebalance,
 * a broken connection, a broker that is away, a newer process that fenced this one. `done` ends when `stop` has
 * finished, or fails with what cannot be recovered from.
 */
export class TaskRunner<State, Shared, Inputs extends TopicName> {
  readonly #settings: RunnerSettings<State, Shared, Inputs>
  readonly #end = Promise.withResolvers<void>()
  #consumer: Consumer | undefined
  #generation: Generation<State, Shared, Inputs> | undefined
  #stopping = false

  constructor(settings: RunnerSettings<State, Shared, Inputs>) {
    this.#settings = settings
    this.#end.promise.catch(() => {})
  }

  get done(): Promise<void> {
    return this.#end.promise
  }

  /** Partitions are assigned and their state is restored. */
  get isReady(): boolean {
    return this.#generation?.isReady ?? false
  }

  /** All partitions have come once to where their inputs ended when they were restored. */
  get isCaughtUp(): boolean {
    return this.#generation?.ready.every((task) => task.isCaughtUp) ?? false
  }

  /** Time since the oldest checkpoint among this process's partitions was saved, or restored; null without partitions. */
  get checkpointAgeMs(): number | null {
    const tasks = this.#generation?.ready ?? []
    if (tasks.length === 0) return null
    return Math.max(0, this.#settings.nowMs() - Math.min(...tasks.map((task) => task.savedAtMs)))
  }

  /** The partition-wide states of the partitions this process has now. */
  get shared(): Shared[] {
    return this.#generation?.ready.map((task) => task.shared) ?? []
  }

  /** Of those partitions: keys remembered, and those given up for the limit on their number. */
  get keyCount(): number {
    return this.#generation?.ready.reduce((sum, task) => sum + task.keyCount, 0) ?? 0
  }

  get evicted(): number {
    return this.#generation?.ready.reduce((sum, task) => sum + task.evicted, 0) ?? 0
  }

  async start(): Promise<void> {
    const { kafka, fold, sides } = this.#settings
    await sides.start(kafka, fold.sideInputs ?? [], fold.name)
    await this.#consume()
  }

  /** Finishes what is in hand, commits a checkpoint of each partition and leaves the group. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#consumer?.stop()
    await Promise.all(this.#generation?.ready.map((task) => this.#close(task)) ?? [])
    await this.#consumer?.disconnect().catch(() => {})
    await this.#settings.sides.stop()
    this.#end.resolve()
  }

  async #close(task: Task<State, Shared, Inputs>): Promise<void> {
    try {
      await task.close()
    } catch (error) {
      const { log } = this.#settings
      log.warn({ err: error }, 'the last checkpoint was not saved; the next start replays a little more')
    }
  }

  async #consume(): Promise<void> {
    const { kafka, fold, topicPrefix, partitions, sessionTimeoutMs = SESSION_TIMEOUT_MS } = this.#settings
    const consumer = kafka.consumer({
      groupId: topicPrefix + fold.name,
      partitionAssigners: [coPartitionAssigner],
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: 100,
      maxBytesPerPartition: 2 << 20,
      maxBytes: 16 << 20,
      allowAutoTopicCreation: false,
      readUncommitted: false,
    })
    this.#consumer = consumer
    consumer.on(consumerEvents.join, ({ payload }) => this.#join(Object.values(payload.memberAssignment).flat()))
    consumer.on(consumerEvents.crash, ({ payload }) => {
      if (!payload.restart && !this.#stopping) void this.#consumeAgain(payload.error)
    })
    // Of a batch in which nobody sees anything kafkajs tells here only.
    consumer.on(consumerEvents.batchEnd, ({ payload }) => {
      if (payload.batchSize === 0) this.#passOver(payload)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: fold.inputs.map((topic) => topicPrefix + topic), fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions * fold.inputs.length,
      eachBatch: (payload) => this.#onBatch(payload),
    })
  }

  async #consumeAgain(error: Error): Promise<void> {
    const { log } = this.#settings
    const refused = fatalOf(error)
    if (refused !== undefined) return this.#fail(refused)
    log.warn({ err: error }, 'the consumer stopped; starting it again')
    this.#generation?.end()
    await this.#consumer?.disconnect().catch(() => {})
    while (!this.#stopping) {
      await wait(PAUSE_MS)
      try {
        return await this.#consume()
      } catch (again) {
        log.warn({ err: again }, 'the consumer did not start; trying again')
      }
    }
  }

  #join(assigned: readonly number[]): void {
    const { log, fold, topicPrefix } = this.#settings
    const partitions = [...new Set(assigned)].sort((a, b) => a - b)
    log.info({ group: fold.name, partitions }, 'partitions assigned')
    this.#generation?.end()
    const seek = (topic: string, partition: number, offset: bigint) =>
      this.#consumer!.seek({ topic: topicPrefix + topic, partition, offset: offset.toString() })
    this.#generation = new Generation(this.#settings, { seek, failed: (error) => this.#fail(error) }, partitions)
  }

  #passOver({ topic, partition, firstOffset, lastOffset }: UnseenBatch): void {
    const task = this.#generation?.ready.find((one) => one.partition === partition)
    const input = topic.slice(this.#settings.topicPrefix.length) as Inputs
    task?.passOver(input, BigInt(firstOffset ?? lastOffset), BigInt(lastOffset) + 1n)
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const generation = this.#generation
    const { batch, heartbeat, isStale } = payload
    const topic = batch.topic.slice(this.#settings.topicPrefix.length) as Inputs
    const restored = generation?.task(batch.partition)
    if (generation === undefined || restored === undefined) return
    const task = await whileAlive(restored, heartbeat)
    if (this.#stopping || generation.hasEnded || isStale()) return
    // kafkajs keeps the offset that it asked for on the batch; its types don't say so.
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string }
    if (!generation.accepts(topic, batch.partition, BigInt(fetchedOffset))) return
    const startedMs = this.#settings.nowMs()
    const full = await this.#handleSlices(generation, task, topic, payload)
    if (!full) await wait(Math.max(0, this.#settings.lingerMs - (this.#settings.nowMs() - startedMs)))
  }

  /** True when there was more than one transaction could take: then there is no point in waiting for more. */
  async #handleSlices(
    generation: Generation<State, Shared, Inputs>,
    task: Task<State, Shared, Inputs>,
    topic: Inputs,
    { batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload,
  ): Promise<boolean> {
    const { transactionRecordsMax } = this.#settings
    const { messages } = batch
    for (let from = 0; from < messages.length; from += transactionRecordsMax) {
      if (!isRunning() || isStale() || generation.hasEnded) return true
      const slice = messages.slice(from, from + transactionRecordsMax)
      try {
        const taken = await task.handle(topic, slice, heartbeat)
        if (taken > 0) resolveOffset(slice[taken - 1]!.offset)
        // The rest is fetched again: other inputs must be read first, and may be waiting for this fetch to end.
        if (taken < slice.length) return wait(REPLAY_PAUSE_MS).then(() => true)
      } catch (error) {
        await this.#recover(generation, task, error, heartbeat)
        return true
      }
      await heartbeat()
    }
    task.passOver(topic, BigInt(messages.at(-1)!.offset) + 1n, BigInt(batch.lastOffset()) + 1n)
    return messages.length >= transactionRecordsMax
  }

  /** After an error nobody knows whether the transaction happened: start over from what is committed. */
  async #recover(
    generation: Generation<State, Shared, Inputs>,
    task: Task<State, Shared, Inputs>,
    error: unknown,
    heartbeat: () => Promise<void>,
  ): Promise<void> {
    const { log, metrics } = this.#settings
    const fatal = fatalOf(error)
    if (fatal !== undefined) return this.#fail(fatal)
    if (!(await generation.retire(task)) || this.#stopping) return
    metrics.aborted()
    log.warn({ err: error, partition: task.partition }, 'a transaction failed; starting over from the last commit')
    try {
      // A process that was stalled learns here that its partitions have gone to another, before it fences that one.
      await heartbeat()
    } catch (lost) {
      if (lostMembership.has((lost as { type?: string }).type ?? '')) throw lost
    }
    generation.restart(task.partition)
  }

  #fail(error: FatalError): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#end.reject(error)
  }
}

/** Waits for something long while telling the group that this member is alive. */
async function whileAlive<T>(something: Promise<T>, heartbeat: () => Promise<void>): Promise<T> {
  const finished = something.then(() => true)
  for (;;) {
    if (await Promise.race([finished, wait(HEARTBEAT_MS).then(() => false)])) return something
    await heartbeat()
  }
}
