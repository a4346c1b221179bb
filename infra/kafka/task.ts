import type { TaskMetrics } from '#infra/observability/task-metrics.ts'
import type { Codec } from '#infra/registry/codec.ts'
import { partitionOf } from '#schemas/partition.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { DeadLetter } from '#schemas/types.ts'
import { type Emit, type Fold, PoisonError, type Received } from '#services/fold.ts'
import { type CheckpointEntry, PartitionFold } from '#services/partition-fold.ts'
import type { Inbox, RawMessage } from './inbox.ts'
import { Outbox } from './outbox.ts'
import type { SideInputs } from './side-inputs.ts'
import { StateRecords } from './state-records.ts'
import type { TransactionalProducer } from './transactional-producer.ts'

/** Everything a task shares with the other tasks of its service. */
export interface TaskSettings<State, Shared, Inputs extends TopicName> {
  readonly fold: Fold<State, Shared, Inputs>
  readonly codec: Codec
  readonly topicPrefix: string
  readonly partitions: number
  readonly checkpointMs: number
  readonly deadLettersPerThousandMax: number
  readonly sides: SideInputs
  readonly metrics: TaskMetrics
  /** Hears of each new record once what it caused is committed; not of replays. */
  readonly onCommitted?: (record: Received<Inputs>) => void
  readonly nowMs: () => number
}

/** Stops the service: going on would lose records or repeat a mistake for ever. */
export class FatalError extends Error {
  override readonly name = 'FatalError'
}

/**
 * A fold on one partition of its inputs, exactly once.
 *
 * Behaviour:
 * - outputs, dead letters, input offset and, every few seconds, the changed state are committed in one transaction;
 * - after a restore, records before the committed offset are folded again with outputs muted, and nothing new is
 *   handled until all inputs have come that far;
 * - a change of a side input takes effect between two transactions and is saved with a checkpoint in the same
 *   transaction, so that no replay ever crosses it.
 */
export class Task<State, Shared, Inputs extends TopicName> {
  readonly partition: number
  readonly #settings: TaskSettings<State, Shared, Inputs>
  readonly #producer: TransactionalProducer
  readonly #inbox: Inbox
  readonly #folded: PartitionFold<State, Shared, Inputs>
  readonly #records: StateRecords
  readonly #outbox = new Outbox()
  readonly #position: Map<string, bigint>
  readonly #committed: ReadonlyMap<string, bigint>
  #muted = false
  #isSpent = false
  readonly #handled: Received<Inputs>[] = []
  #lock: Promise<unknown> = Promise.resolve()
  #checkpointAtMs: number
  readonly #sidesApplied = new Map<string, Buffer | null>()
  #sideVersion = -1
  #recent = { records: 0, letters: 0 }

  constructor(
    settings: TaskSettings<State, Shared, Inputs>,
    partition: number,
    producer: TransactionalProducer,
    inbox: Inbox,
    saved: readonly CheckpointEntry[],
    from: ReadonlyMap<string, bigint>,
    committed: ReadonlyMap<string, bigint>,
  ) {
    this.partition = partition
    this.#settings = settings
    this.#producer = producer
    this.#inbox = inbox
    this.#committed = committed
    this.#position = new Map(from)
    this.#records = new StateRecords(settings.codec, settings.fold.stateTopic)
    this.#folded = new PartitionFold(settings.fold, partition, settings.partitions, this.#emit)
    this.#folded.restore(saved)
    settings.sides.restore(saved, this.#folded, this.#sidesApplied)
    // Partitions take turns: all checkpoints at once would make everything wait.
    this.#checkpointAtMs = settings.nowMs() + (settings.checkpointMs * (partition + 1)) / settings.partitions
  }

  get shared(): Shared {
    return this.#folded.shared
  }

  /** The next offset to read of each input. */
  get position(): ReadonlyMap<string, bigint> {
    return this.#position
  }

  /** Whether records of `topic` must wait until the replay of the others has come to its end. */
  mustWait(topic: TopicName): boolean {
    if (this.#isReplaying(topic)) return false
    return this.#settings.fold.inputs.some((input) => this.#isReplaying(input))
  }

  /** Folds messages of one topic; returns once what they caused is committed. One call at a time goes in. */
  handle(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>): Promise<void> {
    const done = this.#lock.then(() => this.#handle(topic, messages, alive))
    this.#lock = done.catch(() => {
      // The state now holds what may never have been committed: nothing may be built on it.
      this.#isSpent = true
    })
    return done
  }

  /** Commits a last checkpoint, so that the next start has nothing to replay, and lets go of the producer. */
  async close(): Promise<void> {
    await this.#lock
    if (!this.#isSpent && !this.#settings.fold.inputs.some((topic) => this.#isReplaying(topic))) {
      this.#addCheckpoint()
      await this.#producer.deliver({ parcels: this.#outbox.take() })
    }
    await this.#producer.discard()
  }

  async abandon(): Promise<void> {
    this.#isSpent = true
    await this.#producer.discard()
  }

  async #handle(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>): Promise<void> {
    if (this.#isSpent) throw new Error(`the task of partition ${this.partition} is spent`)
    const committed = this.#committed.get(topic) ?? 0n
    const fresh = messages.filter((message) => BigInt(message.offset) >= this.#position.get(topic)!)
    const replay = fresh.filter((message) => BigInt(message.offset) < committed)
    this.#muted = true
    await this.#fold(topic, replay, alive)
    this.#muted = false
    if (replay.length < fresh.length) await this.#transact(topic, fresh.slice(replay.length), alive)
  }

  async #transact(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>): Promise<void> {
    const { topicPrefix, fold, nowMs, metrics, onCommitted } = this.#settings
    const startedMs = nowMs()
    const sidesChanged = this.#applySides()
    await this.#fold(topic, messages, alive)
    if (sidesChanged || startedMs >= this.#checkpointAtMs) this.#addCheckpoint()
    const input = { topic: topicPrefix + topic, partition: this.partition, offset: this.#position.get(topic)! }
    const parcels = this.#outbox.take()
    await this.#producer.deliver({ parcels, group: topicPrefix + fold.name, offsets: [input] })
    for (const record of this.#handled.splice(0)) onCommitted?.(record)
    metrics.committed((nowMs() - startedMs) / 1_000)
    metrics.consumed(topic, messages.length)
    for (const parcel of parcels)
      metrics.produced(parcel.topic.slice(topicPrefix.length) as TopicName, parcel.messages.length)
  }

  async #fold(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>): Promise<void> {
    if (messages.length === 0) return
    for (const message of messages) {
      const opened = await this.#inbox.open(topic, message, alive)
      if ('letter' in opened) this.#refuse(opened.letter)
      else this.#step(opened.record as Received<Inputs>, message)
      this.#position.set(topic, BigInt(message.offset) + 1n)
      this.#count()
    }
    this.#folded.endOfBatch()
  }

  #step(record: Received<Inputs>, message: RawMessage): void {
    try {
      this.#folded.process(record)
      if (!this.#muted && this.#settings.onCommitted !== undefined) this.#handled.push(record)
    } catch (error) {
      if (!(error instanceof PoisonError))
        throw new FatalError(`cannot handle ${record.topic}/${this.partition}@${message.offset}`, { cause: error })
      this.#refuse(this.#inbox.letter(record.topic, message, 'INVALID', error.message))
    }
  }

  #refuse(letter: DeadLetter): void {
    this.#recent.letters++
    this.#settings.metrics.deadLetter(letter.cause)
    const limit = this.#settings.deadLettersPerThousandMax
    if (this.#recent.letters > limit) {
      throw new FatalError(
        `more than ${limit} dead letters among a thousand records of partition ${this.partition}; the last: ${letter.source_topic}@${letter.source_offset}: ${letter.message}`,
      )
    }
    this.#folded.refuse(letter.source_topic as Inputs)
    this.#emit(
      'dead-letters',
      letter.key === null ? '' : Buffer.from(letter.key).toString(),
      letter,
      letter.source_timestamp,
      this.partition,
    )
  }

  #count(): void {
    if (++this.#recent.records >= 1_000) this.#recent = { records: 0, letters: 0 }
  }

  #applySides(): boolean {
    const { sides } = this.#settings
    if (sides.version === this.#sideVersion) return false
    this.#sideVersion = sides.version
    const entries = sides.apply(this.#folded, this.#sidesApplied)
    for (const entry of entries) this.#outbox.add(this.#stateTopic, this.#records.entry(entry, this.partition, 0))
    return entries.length > 0
  }

  #addCheckpoint(): void {
    const time = this.#folded.streamTimeMs
    const entries = this.#folded.checkpoint()
    for (const entry of entries) this.#outbox.add(this.#stateTopic, this.#records.entry(entry, this.partition, time))
    this.#settings.metrics.checkpointed(entries.length)
    this.#outbox.add(this.#stateTopic, this.#records.offsets(this.#position, this.partition, time))
    this.#checkpointAtMs = this.#settings.nowMs() + this.#settings.checkpointMs
  }

  #isReplaying(topic: TopicName): boolean {
    return this.#position.get(topic)! < (this.#committed.get(topic) ?? 0n)
  }

  get #stateTopic(): string {
    return this.#settings.topicPrefix + this.#settings.fold.stateTopic
  }

  readonly #emit: Emit = (topic, key, value, timestampMs, partition) => {
    if (this.#muted) return
    const { codec, partitions, topicPrefix } = this.#settings
    this.#outbox.add(topicPrefix + topic, {
      key,
      value: codec.encode(topic, value),
      timestamp: String(timestampMs),
      partition: partition ?? partitionOf(key, partitions),
    })
  }
}
