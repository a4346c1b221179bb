import type { Codec } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Kafka } from './client.ts'
import { Outbox } from './outbox.ts'
import { StateRecords } from './state-records.ts'
import { TransactionalProducer, type TransactionStage } from './transactional-producer.ts'

export interface CheckpointerSettings {
  readonly kafka: Kafka
  readonly codec: Codec
  readonly stateTopic: TopicName
  readonly topicPrefix: string
  readonly transactionalId: string
  readonly observe?: (stage: TransactionStage) => void | Promise<void>
}

/** Entries encoded before payments get their turn again. */
const ENTRIES_PER_TURN = 32

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * The one writer of a partition's state. It has transactions of its own, beside those of the outputs, so that payments
 * go on while thousands of entries are saved.
 */
export class Checkpointer {
  readonly #settings: CheckpointerSettings
  readonly #partition: number
  readonly #producer: TransactionalProducer
  readonly #records: StateRecords

  private constructor(settings: CheckpointerSettings, partition: number, producer: TransactionalProducer) {
    this.#settings = settings
    this.#partition = partition
    this.#producer = producer
    this.#records = new StateRecords(settings.codec, settings.stateTopic)
  }

  /** Fences: once it returns, no earlier one can save anything any more. */
  static async open(settings: CheckpointerSettings, partition: number): Promise<Checkpointer> {
    const { kafka, transactionalId, observe } = settings
    return new Checkpointer(settings, partition, await TransactionalProducer.open(kafka, transactionalId, observe))
  }

  /** Commits a mark, up to which the state must be read. */
  async mark(text: string): Promise<void> {
    const { topicPrefix, stateTopic } = this.#settings
    const messages = [this.#records.marker(this.#partition, text)]
    await this.#producer.deliver({
      parcels: [{ topic: topicPrefix + stateTopic, partition: this.#partition, messages }],
    })
  }

  /**
   * Commits a checkpoint: the state as it is when all records before `offsets`, and no others, are folded and what they
   * caused is committed. Answers how many entries there were. After an error it is of no more use.
   */
  async save(
    entries: Iterable<CheckpointEntry>,
    offsets: ReadonlyMap<string, bigint>,
    timeMs: number,
  ): Promise<number> {
    const { topicPrefix, stateTopic } = this.#settings
    const topic = topicPrefix + stateTopic
    const last = this.#records.offsets(offsets, this.#partition, timeMs)
    const outbox = new Outbox()
    for (const entry of entries) {
      outbox.add(topic, this.#records.entry(entry, this.#partition, timeMs))
      if (outbox.count % ENTRIES_PER_TURN === 0) await nextTurn()
    }
    const { count } = outbox
    outbox.add(topic, last)
    await this.#producer.deliver({ parcels: outbox.take() })
    return count
  }

  discard(): Promise<void> {
    return this.#producer.discard()
  }
}
