import { partitionOf } from '#schemas/partition.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Received } from '#services/fold.ts'
import { CatchUp } from './catch-up.ts'
import type { Checkpointer } from './checkpointer.ts'
import { Folding, type FoldingSettings } from './folding.ts'
import type { Inbox, RawMessage } from './inbox.ts'
import type { SideInputs } from './side-inputs.ts'
import type { TransactionalProducer } from './transactional-producer.ts'

/** Everything a task shares with the other tasks of its service. */
export interface TaskSettings<State, Shared, Inputs extends TopicName> extends FoldingSettings<State, Shared, Inputs> {
  readonly checkpointMs: number
  readonly sides: SideInputs
  /** Hears of each new record once what it caused is committed; not of replays. */
  readonly onCommitted?: (record: Received<Inputs>) => void
}

/** What a task is restored from. */
export interface Restored {
  readonly saved: readonly CheckpointEntry[]
  /** By input: the first offset that the saved state does not hold yet. */
  readonly from: ReadonlyMap<string, bigint>
  /** By input: the first offset whose outputs are not committed yet. */
  readonly committed: ReadonlyMap<string, bigint>
  /** By input: where what is committed ended when the state was restored. */
  readonly ends: ReadonlyMap<string, bigint>
}

/** Messages of one input that somebody waits for. */
interface Slice<Inputs extends TopicName> {
  readonly topic: Inputs
  readonly messages: readonly RawMessage[]
  readonly alive: () => Promise<void>
  readonly done: PromiseWithResolvers<number>
  taken: number
}

/** How finely the time between two checkpoints is dealt out to the services. */
const TURNS = 1_000

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * A fold on one partition of its inputs, exactly once.
 *
 * Behaviour:
 * - outputs, dead letters and input offsets are committed in one transaction;
 * - one transaction takes all slices that wait when it begins, of whatever inputs: a transaction costs the broker the
 *   same for one record as for a thousand;
 * - every `checkpointMs`, between two transactions, the changed state is saved as it then is, while work goes on: a
 *   checkpoint never knows of a record whose outputs are not committed;
 * - after a restore, records before the committed offset are folded again with outputs muted, and nothing new is
 *   handled until all inputs have come that far;
 * - a change of a side input takes effect between two transactions, and is saved with a checkpoint before anything is
 *   folded with it, so that no replay ever crosses it.
 */
export class Task<State, Shared, Inputs extends TopicName> {
  readonly partition: number
  readonly #settings: TaskSettings<State, Shared, Inputs>
  readonly #producer: TransactionalProducer
  readonly #folding: Folding<State, Shared, Inputs>
  readonly #checkpointer: Checkpointer
  readonly #position: Map<string, bigint>
  readonly #committed: ReadonlyMap<string, bigint>
  readonly #catchUp: CatchUp
  readonly #sidesApplied = new Map<string, Buffer | null>()
  #sideVersion = -1
  #waiting: Slice<Inputs>[] = []
  #work: Promise<void> | undefined
  /** The checkpoint under way; never rejects. */
  #saving: Promise<void> | undefined
  #isSpent = false
  /** Why a checkpoint failed. */
  #cause: unknown
  #checkpointAtMs: number
  #savedAtMs: number

  constructor(
    settings: TaskSettings<State, Shared, Inputs>,
    partition: number,
    producer: TransactionalProducer,
    checkpointer: Checkpointer,
    inbox: Inbox,
    { saved, from, committed, ends }: Restored,
  ) {
    this.partition = partition
    this.#settings = settings
    this.#producer = producer
    this.#position = new Map(from)
    this.#committed = committed
    this.#catchUp = new CatchUp(from, ends)
    this.#savedAtMs = settings.nowMs()
    this.#checkpointer = checkpointer
    this.#folding = new Folding(settings, partition, inbox)
    this.#folding.partitionFold.restore(saved)
    settings.sides.restore(saved, this.#folding.partitionFold, this.#sidesApplied)
    // Partitions and services take turns: their checkpoints at once would make a payment wait for each of them.
    const turn = partition + partitionOf(settings.fold.name, TURNS) / TURNS
    this.#checkpointAtMs = settings.nowMs() + (settings.checkpointMs * turn) / settings.partitions
  }

  get shared(): Shared {
    return this.#folding.partitionFold.shared
  }

  /** Keys remembered, and those given up for the limit on their number. */
  get keyCount(): number {
    return this.#folding.partitionFold.keyCount
  }

  get evicted(): number {
    return this.#folding.partitionFold.evicted
  }

  /** The next offset to read of each input. */
  get position(): ReadonlyMap<string, bigint> {
    return this.#position
  }

  /** Has come to where every input ended when this task took over. */
  get isCaughtUp(): boolean {
    return this.#catchUp.isDone
  }

  /** Hears that nobody sees anything from offset `from` of an input to before `to`. */
  passOver(topic: Inputs, from: bigint, to: bigint): void {
    this.#catchUp.read(topic, from, to)
  }

  /** When its state was saved the last time, or restored; milliseconds as `nowMs` has them. */
  get savedAtMs(): number {
    return this.#savedAtMs
  }

  /**
   * Folds messages of one topic, and answers, once what they caused is committed, how many of them it has taken: new
   * ones are left for later while another input is still replaying. One call at a time for each topic.
   */
  handle(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>): Promise<number> {
    const slice: Slice<Inputs> = { topic, messages, alive, done: Promise.withResolvers(), taken: 0 }
    this.#waiting.push(slice)
    this.#work ??= this.#drain()
    return slice.done.promise
  }

  /** Commits a last checkpoint, so that the next start has nothing to replay, and lets go of the producer. */
  async close(): Promise<void> {
    await this.#work
    await this.#saving
    if (!this.#isSpent && !this.#isReplaying) await this.#checkpoint()
    await this.abandon()
  }

  async abandon(): Promise<void> {
    this.#isSpent = true
    await Promise.all([this.#producer.discard(), this.#checkpointer.discard()])
  }

  async #drain(): Promise<void> {
    // Whatever one fetch has brought arrives within one turn.
    await nextTurn()
    while (this.#waiting.length > 0) {
      const slices = this.#waiting
      this.#waiting = []
      try {
        this.#assertUsable()
        await this.#handle(slices)
        for (const { done, taken } of slices) done.resolve(taken)
      } catch (error) {
        // The state now holds what may never have been committed: nothing may be built on it.
        this.#isSpent = true
        for (const { done } of slices) done.reject(error)
      }
    }
    this.#work = undefined
  }

  async #handle(slices: readonly Slice<Inputs>[]): Promise<void> {
    for (const slice of slices) {
      const committed = this.#committed.get(slice.topic) ?? 0n
      await this.#take(slice, ({ offset }) => BigInt(offset) < committed, true)
    }
    const fresh = slices.filter(({ messages, taken }) => taken < messages.length)
    if (fresh.length > 0 && !this.#isReplaying) await this.#transact(fresh)
  }

  async #transact(slices: readonly Slice<Inputs>[]): Promise<void> {
    const { topicPrefix, fold, nowMs, metrics, onCommitted } = this.#settings
    const startedMs = nowMs()
    await this.#applySides()
    const fresh = slices.map(({ topic, messages, taken }) => ({ topic, count: messages.length - taken }))
    for (const slice of slices) await this.#take(slice, () => true)
    const offsets = [...new Set(slices.map(({ topic }) => topic))].map((topic) => ({
      topic: topicPrefix + topic,
      partition: this.partition,
      offset: this.#position.get(topic)!,
    }))
    const parcels = this.#folding.outbox.take()
    await this.#producer.deliver({ parcels, group: topicPrefix + fold.name, offsets })
    for (const record of this.#folding.handled()) onCommitted?.(record)
    metrics.committed((nowMs() - startedMs) / 1_000)
    for (const { topic, count } of fresh) metrics.consumed(topic, count)
    for (const parcel of parcels)
      metrics.produced(parcel.topic.slice(topicPrefix.length) as TopicName, parcel.messages.length)
    if (this.#saving === undefined && !this.#isSpent && nowMs() >= this.#checkpointAtMs) this.#beginCheckpoint()
  }

  /** Folds the next messages of a slice, as far as `belongs` goes; those that the state holds already are only counted. */
  async #take(slice: Slice<Inputs>, belongs: (message: RawMessage) => boolean, muted = false): Promise<void> {
    const { topic, messages, alive } = slice
    const rest = messages.slice(slice.taken)
    const end = rest.findIndex((message) => !belongs(message))
    const taken = end < 0 ? rest : rest.slice(0, end)
    const position = this.#position.get(topic)!
    const unknown = taken.filter(({ offset }) => BigInt(offset) >= position)
    await this.#folding.take(topic, unknown, alive, muted)
    if (unknown.length > 0) {
      const next = BigInt(unknown.at(-1)!.offset) + 1n
      this.#position.set(topic, next)
      this.#catchUp.read(topic, position, next)
    }
    slice.taken += taken.length
  }

  async #applySides(): Promise<void> {
    const { sides } = this.#settings
    if (sides.version === this.#sideVersion) return
    await this.#saving
    this.#assertUsable()
    this.#sideVersion = sides.version
    const entries = sides.apply(this.#folding.partitionFold, this.#sidesApplied)
    if (entries.length > 0) await this.#checkpoint(entries)
  }

  /** Saves while work goes on. Call it between two transactions: all that is folded must be committed. */
  #beginCheckpoint(): void {
    this.#saving = this.#checkpoint()
      // The next checkpoint would lack what this one has not saved.
      .catch((error: unknown) => {
        this.#isSpent = true
        this.#cause = error
      })
      .finally(() => {
        this.#saving = undefined
      })
  }

  async #checkpoint(more: readonly CheckpointEntry[] = []): Promise<void> {
    const { partitionFold } = this.#folding
    this.#checkpointAtMs = this.#settings.nowMs() + this.#settings.checkpointMs
    const entries = partitionFold.snapshot(more)
    const count = await this.#checkpointer.save(entries, this.#position, partitionFold.streamTimeMs)
    this.#savedAtMs = this.#settings.nowMs()
    this.#settings.metrics.checkpointed(count)
  }

  #assertUsable(): void {
    if (this.#isSpent) throw new Error(`the task of partition ${this.partition} is spent`, { cause: this.#cause })
  }

  /** Whether some input has not come as far yet as it had when this task's predecessor last committed. */
  get #isReplaying(): boolean {
    return this.#settings.fold.inputs.some((topic) => this.#position.get(topic)! < (this.#committed.get(topic) ?? 0n))
  }
}
