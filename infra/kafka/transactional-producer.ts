import { announce } from './client/fewer-requests.ts'
import { type Kafka, type Producer, retry, type Transaction } from './client.ts'
import type { Parcel } from './outbox.ts'

/** A point in a transaction; tests hang faults on it. */
export type TransactionStage = 'sent' | 'offsets-sent' | 'committing' | 'committed'

export interface InputOffset {
  readonly topic: string
  readonly partition: number
  /** The next offset to read. */
  readonly offset: bigint
}

export interface Delivery {
  readonly parcels: readonly Parcel[]
  readonly group?: string
  readonly offsets?: readonly InputOffset[]
}

const TRANSACTION_TIMEOUT_MS = 30_000
const OFFSET_TRIES_MAX = 200
const OFFSET_PAUSE_MS = 10

/**
 * Transactions of one writer, one at a time.
 *
 * Behaviour, each line learnt from a loss or a duplicate of the client's:
 * - one send is one (topic, partition), one send is in flight, and the answer must name that partition;
 * - after any error the producer is of no more use: `discard` it and open another;
 * - `open` fences: once it returns, no earlier writer of this id can commit, and what it left open is aborted.
 */
export class TransactionalProducer {
  readonly #id: string
  readonly #producer: Producer
  readonly #observe: (stage: TransactionStage) => void | Promise<void>
  #transaction: Transaction | undefined
  #isDiscarded = false

  private constructor(id: string, producer: Producer, observe: (stage: TransactionStage) => void | Promise<void>) {
    this.#id = id
    this.#producer = producer
    this.#observe = observe
  }

  static async open(
    kafka: Kafka,
    transactionalId: string,
    observe: (stage: TransactionStage) => void | Promise<void> = () => {},
  ): Promise<TransactionalProducer> {
    const producer = kafka.producer({
      transactionalId,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry,
    })
    const opened = new TransactionalProducer(transactionalId, producer, observe)
    try {
      await producer.connect()
      opened.#transaction = await producer.transaction()
    } catch (error) {
      await opened.discard()
      throw error
    }
    return opened
  }

  /** Sends all, with the offsets they were made from, and commits: all of it happens, or none. */
  async deliver({ parcels, group, offsets = [] }: Delivery): Promise<void> {
    if (this.#isDiscarded) throw new Error('this producer has been discarded')
    const transaction = this.#transaction ?? (await this.#producer.transaction())
    this.#transaction = transaction
    announce(this.#id, parcels)
    for (const { topic, partition, messages } of parcels) {
      const answer = await transaction.send({ topic, messages, acks: -1 })
      const [first] = answer
      if (answer.length !== 1 || first?.topicName !== topic || first.partition !== partition) {
        throw new Error(`sent to ${topic}/${partition}, but the broker answered for ${JSON.stringify(answer)}`)
      }
    }
    await this.#observe('sent')
    if (group !== undefined && offsets.length > 0) {
      await sendOffsets(transaction, group, offsets)
      await this.#observe('offsets-sent')
    }
    const committed = transaction.commit()
    await this.#observe('committing')
    await committed
    this.#transaction = undefined
    await this.#observe('committed')
  }

  /** Lets go of everything; an open transaction is aborted if the broker can be reached. Never throws. */
  async discard(): Promise<void> {
    this.#isDiscarded = true
    const open = this.#transaction
    this.#transaction = undefined
    if (open?.isActive()) await open.abort().catch(() => {})
    await this.#producer.disconnect().catch(() => {})
  }
}

/**
 * The broker may still be finishing the transaction before this one. kafkajs waits for that before it sends records,
 * but not before it sends offsets, which come first when a transaction has nothing else.
 */
async function sendOffsets(transaction: Transaction, group: string, offsets: readonly InputOffset[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction.sendOffsets({ consumerGroupId: group, topics: byTopic(offsets) })
    } catch (error) {
      if ((error as { type?: string }).type !== 'CONCURRENT_TRANSACTIONS' || tries === OFFSET_TRIES_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, OFFSET_PAUSE_MS))
    }
  }
}

function byTopic(offsets: readonly InputOffset[]) {
  const topics = new Map<string, { partition: number; offset: string }[]>()
  for (const { topic, partition, offset } of offsets) {
    const partitions = topics.get(topic) ?? []
    partitions.push({ partition, offset: offset.toString() })
    topics.set(topic, partitions)
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}
