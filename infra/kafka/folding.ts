import type { TaskMetrics } from '#infra/observability/task-metrics.ts'
import type { Codec } from '#infra/registry/codec.ts'
import { damaged } from '#infra/registry/damage.ts'
import { partitionOf } from '#schemas/partition.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { DeadLetter } from '#schemas/types.ts'
import { type Emit, type Fold, PoisonError, type Received } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { FatalError } from './fatal-error.ts'
import type { Inbox, RawMessage } from './inbox.ts'
import { Outbox } from './outbox.ts'

export interface FoldingSettings<State, Shared, Inputs extends TopicName> {
  readonly fold: Fold<State, Shared, Inputs>
  readonly codec: Codec
  readonly topicPrefix: string
  readonly partitions: number
  readonly deadLettersPerThousandMax: number
  readonly metrics: TaskMetrics
  readonly nowMs: () => number
}

/** A record and what came of it: how a message becomes a step of the fold, or a dead letter, and outputs in the outbox. */
export class Folding<State, Shared, Inputs extends TopicName> {
  readonly partitionFold: PartitionFold<State, Shared, Inputs>
  readonly outbox = new Outbox()
  readonly #settings: FoldingSettings<State, Shared, Inputs>
  readonly #partition: number
  readonly #inbox: Inbox
  #muted = false
  #handled: Received<Inputs>[] = []
  #recent = { records: 0, letters: 0 }
  /** The last key and its partition: what a record causes is mostly keyed as it is. */
  #placed: { readonly key: string; readonly partition: number } | undefined
  /** The last time in Kafka's words: a transaction and the truth about it have the same. */
  #stamp = { ms: 0, text: '0' }
  readonly #names: Readonly<Record<TopicName, string>>

  constructor(settings: FoldingSettings<State, Shared, Inputs>, partition: number, inbox: Inbox) {
    this.#settings = settings
    this.#partition = partition
    this.#inbox = inbox
    const { topicPrefix } = settings
    this.#names = Object.fromEntries(topicNames.map((name) => [name, topicPrefix + name])) as Record<TopicName, string>
    this.partitionFold = new PartitionFold(settings.fold, partition, settings.partitions, this.#emit)
  }

  /** Folds messages of one topic. Muted, they change the state only: what they caused was written before. */
  async take(topic: Inputs, messages: readonly RawMessage[], alive: () => Promise<void>, muted = false): Promise<void> {
    if (messages.length === 0) return
    const { nowMs, metrics } = this.#settings
    const startedMs = nowMs()
    this.#muted = muted
    for (const message of messages) {
      // What can be read at once costs no turn of the event loop's queue.
      const opened = this.#inbox.openNow(topic, message) ?? (await this.#inbox.open(topic, message, alive))
      if ('letter' in opened) this.#refuse(opened.letter)
      else this.#step(opened.record as Received<Inputs>, message)
      if (++this.#recent.records >= 1_000) this.#recent = { records: 0, letters: 0 }
    }
    this.partitionFold.endOfBatch()
    this.#muted = false
    metrics.folded(topic, (nowMs() - startedMs) / 1_000)
  }

  /** The records folded, not muted, since this was last asked. */
  handled(): Received<Inputs>[] {
    const handled = this.#handled
    this.#handled = []
    return handled
  }

  #step(record: Received<Inputs>, message: RawMessage): void {
    try {
      this.partitionFold.process(record)
      if (!this.#muted) this.#handled.push(record)
    } catch (error) {
      if (!(error instanceof PoisonError))
        throw new FatalError(`cannot handle ${record.topic}/${this.#partition}@${message.offset}`, { cause: error })
      this.#refuse(this.#inbox.letter(record.topic, message, 'INVALID', error.message))
    }
  }

  #refuse(letter: DeadLetter): void {
    this.#recent.letters++
    this.#settings.metrics.deadLetter(letter.cause)
    const limit = this.#settings.deadLettersPerThousandMax
    if (this.#recent.letters > limit) {
      throw new FatalError(
        `more than ${limit} dead letters among a thousand records of partition ${this.#partition}; the last: ${letter.source_topic}@${letter.source_offset}: ${letter.message}`,
      )
    }
    this.partitionFold.refuse(letter.source_topic as Inputs)
    const key = letter.key === null ? '' : Buffer.from(letter.key).toString()
    this.#emit('dead-letters', key, letter, letter.source_timestamp, this.#partition)
  }

  readonly #emit: Emit = (topic, key, value, timestampMs, partition, damage) => {
    if (this.#muted) return
    const bytes = this.#settings.codec.encode(topic, value)
    this.outbox.add(this.#names[topic], {
      key,
      value: damage === undefined ? bytes : damaged(bytes, damage),
      timestamp: this.#textOf(timestampMs),
      partition: partition ?? this.#partitionOf(key),
    })
  }

  #textOf(ms: number): string {
    if (ms !== this.#stamp.ms) this.#stamp = { ms, text: String(ms) }
    return this.#stamp.text
  }

  #partitionOf(key: string): number {
    if (this.#placed?.key !== key) this.#placed = { key, partition: partitionOf(key, this.#settings.partitions) }
    return this.#placed.partition
  }
}
