import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type Codec, UnknownWriter } from '#infra/registry/codec.ts'
import type { Transaction } from '#schemas/types.ts'
import { type Consumer, consumerEvents, type EachBatchPayload, type Kafka } from './client.ts'
import type { RawMessage, SchemaLookUp } from './inbox.ts'

export interface PaymentWatchSettings {
  readonly kafka: Kafka
  readonly codec: Codec
  readonly lookUp: SchemaLookUp
  readonly topicPrefix: string
  readonly log: Logger
  /** Hears of a payment that stands for `weight` payments. */
  readonly onPayment: (tx: Transaction, weight: number) => void
}

/** Of one fetch of one partition, so many records are decoded at the most; the others cost next to nothing. */
const DECODED_MAX = 100
/** Records behind the newest beyond which the rest is passed over: whoever looks on wants to see what is now. */
const BEHIND_MAX = 2_000
const PAUSE_MS = 1_000

/**
 * Looks at `transactions` from now on while somebody watches. It keeps no offsets and holds up nobody: where the stream is
 * fast it decodes one payment in several and skips what it cannot keep up with, and each that it shows stands for those.
 */
export class PaymentWatch {
  readonly #settings: PaymentWatchSettings
  #consumer: Consumer | undefined
  #isWanted = false
  /** What has to end before the next start or stop. */
  #change: Promise<void> = Promise.resolve()

  constructor(settings: PaymentWatchSettings) {
    this.#settings = settings
  }

  start(): void {
    this.#isWanted = true
    this.#change = this.#change.then(() => this.#open())
  }

  stop(): Promise<void> {
    this.#isWanted = false
    this.#change = this.#change.then(() => this.#close())
    return this.#change
  }

  async #open(): Promise<void> {
    const { kafka, topicPrefix, log } = this.#settings
    while (this.#isWanted && this.#consumer === undefined) {
      const groupId = `${topicPrefix}monitor.page-${randomUUID()}`
      const consumer = kafka.consumer({
        groupId,
        // Four fetches a second, whatever there is by then: of many small ones each record would be decoded.
        minBytes: 1 << 20,
        maxWaitTimeInMs: 250,
        maxBytesPerPartition: 1 << 18,
        allowAutoTopicCreation: false,
      })
      consumer.on(consumerEvents.crash, ({ payload }) => {
        if (!payload.restart && this.#consumer === consumer) this.#openAgain(payload.error)
      })
      this.#consumer = consumer
      try {
        await consumer.connect()
        await consumer.subscribe({ topics: [`${topicPrefix}transactions`], fromBeginning: false })
        await consumer.run({ autoCommit: false, eachBatch: (payload) => this.#look(consumer, payload) })
      } catch (error) {
        log.warn({ err: error }, 'the page cannot read transactions; trying again')
        await this.#close()
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
  }

  async #close(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = undefined
    await consumer?.disconnect().catch(() => {})
  }

  #openAgain(error: Error): void {
    this.#settings.log.warn({ err: error }, 'the page’s reader of transactions stopped; starting it again')
    this.#change = this.#change.then(() => this.#close()).then(() => this.#open())
  }

  async #look(consumer: Consumer, { batch }: EachBatchPayload): Promise<void> {
    const { messages, topic, partition, highWatermark } = batch
    if (messages.length === 0) return
    const behind = Number(batch.offsetLag())
    const skipped = behind > BEHIND_MAX ? behind : 0
    if (skipped > 0) consumer.seek({ topic, partition, offset: highWatermark })
    const step = Math.ceil(messages.length / DECODED_MAX)
    const shown = messages.filter((_, index) => index % step === 0)
    for (const message of shown) await this.#show(message, (messages.length + skipped) / shown.length)
  }

  async #show(message: RawMessage, weight: number): Promise<void> {
    const { onPayment } = this.#settings
    try {
      onPayment(await this.#decode(message), weight)
    } catch {
      // What cannot be read is the services' to report, which send it to dead-letters.
    }
  }

  async #decode({ value }: RawMessage): Promise<Transaction> {
    const { codec, lookUp } = this.#settings
    try {
      return codec.decode('transactions', value)
    } catch (error) {
      if (!(error instanceof UnknownWriter)) throw error
      codec.learn('transactions', error.id, await lookUp(error.id))
      return codec.decode('transactions', value)
    }
  }
}
