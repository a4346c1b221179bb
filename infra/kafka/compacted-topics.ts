import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type Codec, DecodeError, UnknownWriter } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import { type Consumer, consumerEvents, type Kafka } from './client.ts'
import { missingTopic } from './deploy-topics.ts'
import type { SchemaLookUp } from './inbox.ts'
import { fetchOffsetsOf } from './topic-offsets.ts'

/** The newest record of a key, decoded; null when it was deleted. */
export interface Newest {
  readonly topic: TopicName
  readonly key: string
  readonly payload: Buffer | null
  readonly value: unknown
}

export interface CompactedTopicsSettings {
  readonly codec: Codec
  readonly topicPrefix: string
  readonly lookUp: SchemaLookUp
  readonly log: Logger
  /** Hears of each record once, those first that were there before. */
  readonly onRecord: (record: Newest) => void
}

const PAUSE_MS = 500
const POLL_MS = 20
/** A transaction that somebody left open hides the end of a topic for half a minute: nobody waits for that. */
const CATCH_UP_MS_MAX = 10_000

/**
 * Follows compacted topics, whole (rules, control). A record that cannot be decoded is logged and passed over: whoever
 * wrote it reads the answer there.
 */
export class CompactedTopics {
  readonly #settings: CompactedTopicsSettings
  /** By topic and partition, the last offset that was handled, be it of a record or of a transaction's mark. */
  readonly #handled = new Map<string, bigint>()
  #consumer: Consumer | undefined
  #stopping = false

  constructor(settings: CompactedTopicsSettings) {
    this.#settings = settings
  }

  async start(kafka: Kafka, topics: readonly TopicName[], service: string): Promise<void> {
    await this.#follow(kafka, topics, `${this.#settings.topicPrefix}${service}.side-${randomUUID()}`)
  }

  /** Waits until everything has been heard that is there now: ten seconds at the most, and then says so in the log. */
  async caughtUp(kafka: Kafka, topics: readonly TopicName[]): Promise<void> {
    const deadlineMs = performance.now() + CATCH_UP_MS_MAX
    const ends = await endsOf(
      kafka,
      topics.map((topic) => this.#settings.topicPrefix + topic),
    )
    const isBehind = () => [...ends].some(([id, end]) => (this.#handled.get(id) ?? -1n) < end - 1n)
    while (isBehind() && !this.#stopping) {
      if (performance.now() > deadlineMs) {
        this.#settings.log.warn({ topics }, 'the end of the topics is not in sight; going on with what was read')
        return
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#consumer?.disconnect().catch(() => {})
  }

  async #follow(kafka: Kafka, topics: readonly TopicName[], groupId: string): Promise<void> {
    const { topicPrefix } = this.#settings
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, allowAutoTopicCreation: false })
    this.#consumer = consumer
    consumer.on(consumerEvents.crash, ({ payload }) => {
      if (!payload.restart && !this.#stopping) void this.#followAgain(kafka, topics, groupId, payload.error)
    })
    consumer.on(consumerEvents.batchEnd, ({ payload: { topic, partition, lastOffset } }) => {
      this.#reached(`${topic}/${partition}`, BigInt(lastOffset))
    })
    await consumer.connect()
    for (const topic of topics) {
      await consumer.subscribe({ topics: [topicPrefix + topic], fromBeginning: true }).catch((error) => {
        throw error.type === 'UNKNOWN_TOPIC_OR_PARTITION' ? missingTopic(topicPrefix + topic) : error
      })
    }
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const id = `${topic}/${partition}`
        const offset = BigInt(message.offset)
        // A reader that starts over begins at the beginning: what was in force once is not in force again.
        if (offset <= (this.#handled.get(id) ?? -1n)) return
        await this.#take(topic.slice(topicPrefix.length) as TopicName, message.key?.toString() ?? '', message.value)
        this.#reached(id, offset)
      },
    })
  }

  #reached(id: string, offset: bigint): void {
    if (offset > (this.#handled.get(id) ?? -1n)) this.#handled.set(id, offset)
  }

  /** Without it, changes would go unheard while everything else goes on. */
  async #followAgain(kafka: Kafka, topics: readonly TopicName[], groupId: string, error: Error): Promise<void> {
    const { log } = this.#settings
    log.warn({ err: error, topics }, 'the reader of compacted topics stopped; starting it again')
    while (!this.#stopping) {
      await this.#consumer?.disconnect().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      try {
        return await this.#follow(kafka, topics, groupId)
      } catch (again) {
        log.warn({ err: again, topics }, 'the reader of compacted topics did not start; trying again')
      }
    }
  }

  async #take(topic: TopicName, key: string, payload: Buffer | null): Promise<void> {
    const { log, onRecord } = this.#settings
    let value: unknown
    try {
      value = payload === null ? null : await this.#decode(topic, payload)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      log.error({ topic, key, cause: error.code }, `ignored: ${error.message}`)
      return
    }
    onRecord({ topic, key, payload, value })
  }

  async #decode(topic: TopicName, payload: Buffer): Promise<unknown> {
    const { codec, lookUp } = this.#settings
    try {
      return codec.decode(topic, payload)
    } catch (error) {
      if (!(error instanceof UnknownWriter)) throw error
      codec.learn(topic, error.id, await lookUp(error.id))
      return codec.decode(topic, payload)
    }
  }
}

/** By topic and partition, the offset that the next record will have; partitions that never had one are left out. */
async function endsOf(kafka: Kafka, topics: readonly string[]): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>()
  for (const [topic, offsets] of await fetchOffsetsOf(kafka, topics)) {
    for (const { partition, low, high } of offsets) if (high !== low) ends.set(`${topic}/${partition}`, BigInt(high))
  }
  return ends
}
