import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Connection } from '#infra/connection.ts'
import { type Codec, UnknownWriter } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import { connectKafka, consumerEvents } from './client.ts'
import { missingTopic } from './deploy-topics.ts'
import type { SchemaLookUp } from './inbox.ts'

export interface Tailed {
  readonly partition: number
  readonly offset: string
  readonly key: string
  readonly timestampMs: number
  /** The record, or why it could not be read. */
  readonly value?: unknown
  readonly error?: string
}

export interface TailOptions {
  readonly codec: Codec
  readonly lookUp: SchemaLookUp
  readonly topicPrefix: string
  readonly fromBeginning: boolean
  readonly signal: AbortSignal
  readonly log: Logger
}

/** At the most so many records wait to be read; the broker keeps the others. */
const WAITING_MAX = 1_000

/** Follows a topic until the signal is given: committed records only. Throws TopicError when there is no such topic. */
export async function* tail(connection: Connection, topic: TopicName, options: TailOptions): AsyncGenerator<Tailed> {
  const { codec, lookUp, topicPrefix, fromBeginning, signal, log } = options
  const consumer = connectKafka(connection, 'rupeestream-tail', log).consumer({
    groupId: `${topicPrefix}tail-${randomUUID()}`,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  })
  const waiting: Tailed[] = []
  let wake = Promise.withResolvers<void>()
  let failure: Error | undefined
  signal.addEventListener('abort', () => wake.resolve(), { once: true })
  consumer.on(consumerEvents.crash, ({ payload }) => {
    if (payload.restart) return
    failure = payload.error
    wake.resolve()
  })
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [topicPrefix + topic], fromBeginning }).catch((error) => {
      throw error.type === 'UNKNOWN_TOPIC_OR_PARTITION' ? missingTopic(topicPrefix + topic) : error
    })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message, heartbeat }) => {
        const { offset, key, value, timestamp } = message
        const head = { partition, offset, key: key?.toString() ?? '', timestampMs: Number(timestamp) }
        waiting.push({ ...head, ...(await read(codec, lookUp, topic, value)) })
        wake.resolve()
        while (waiting.length > WAITING_MAX && !signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 10))
          await heartbeat()
        }
      },
    })
    while (!signal.aborted) {
      await wake.promise
      wake = Promise.withResolvers()
      yield* waiting.splice(0)
      if (failure !== undefined) throw failure
    }
  } finally {
    await consumer.disconnect().catch(() => {})
  }
}

async function read(
  codec: Codec,
  lookUp: SchemaLookUp,
  topic: TopicName,
  bytes: Buffer | null,
): Promise<{ value: unknown } | { error: string }> {
  if (bytes === null) return { value: null }
  try {
    return { value: codec.decode(topic, bytes) }
  } catch (error) {
    if (!(error instanceof UnknownWriter)) return { error: error instanceof Error ? error.message : String(error) }
    codec.learn(topic, error.id, await lookUp(error.id))
    return read(codec, lookUp, topic, bytes)
  }
}
