import type { Logger } from 'pino'
import { type Codec, DecodeError, UnknownWriter } from '#infra/registry/codec.ts'
import { partitionOf } from '#schemas/partition.ts'
import { type TopicName, topics } from '#schemas/topics.ts'
import type { DeadLetter, DeadLetterCause } from '#schemas/types.ts'
import type { Received } from '#services/fold.ts'

/** What Kafka delivered. */
export interface RawMessage {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly offset: string
  readonly timestamp: string
}

/** Looks up the text of a schema by its id: null for an id that the registry does not know, an error while it is down. */
export type SchemaLookUp = (id: number) => Promise<string | null>

export type Opened = { readonly record: Received } | { readonly letter: DeadLetter }

const REGISTRY_PAUSE_MS = 500

/** Opens the messages of one partition: each becomes a record, or a dead letter that says why not. */
export class Inbox {
  readonly #codec: Codec
  readonly #lookUp: SchemaLookUp
  readonly #log: Logger
  readonly #service: string
  readonly #partition: number
  readonly #partitions: number

  constructor(codec: Codec, lookUp: SchemaLookUp, log: Logger, service: string, partition: number, partitions: number) {
    this.#codec = codec
    this.#lookUp = lookUp
    this.#log = log
    this.#service = service
    this.#partition = partition
    this.#partitions = partitions
  }

  /** Undefined for what has to wait: a writer's schema that is not known yet. */
  openNow(topic: TopicName, message: RawMessage): Opened | undefined {
    try {
      return this.#openKnown(topic, message)
    } catch (error) {
      if (error instanceof UnknownWriter) return undefined
      throw error
    }
  }

  /** Waits, telling `alive`, while a writer's schema is not known and the registry is down. */
  async open(topic: TopicName, message: RawMessage, alive: () => Promise<void>): Promise<Opened> {
    for (;;) {
      try {
        return this.#openKnown(topic, message)
      } catch (error) {
        if (!(error instanceof UnknownWriter)) throw error
        await this.#learn(topic, error.id, alive)
      }
    }
  }

  letter(topic: TopicName, message: RawMessage, cause: DeadLetterCause, text: string): DeadLetter {
    return {
      source_topic: topic,
      source_partition: this.#partition,
      source_offset: Number(message.offset),
      cause,
      message: text,
      service: this.#service,
      key: message.key,
      value: message.value,
      source_timestamp: Number(message.timestamp),
    }
  }

  /** Throws UnknownWriter. */
  #openKnown(topic: TopicName, message: RawMessage): Opened {
    try {
      return { record: this.#read(topic, message) }
    } catch (error) {
      if (error instanceof DecodeError) return { letter: this.letter(topic, message, error.code, error.message) }
      throw error
    }
  }

  #read(topic: TopicName, message: RawMessage): Received {
    const value = this.#codec.decode(topic, message.value)
    if (!topics[topic].byCustomer) return received(topic, message.key?.toString() ?? '', value, message)
    const { customer_id: named } = value as unknown as { readonly customer_id?: string }
    const key = named !== undefined && says(message.key, named) ? named : (message.key?.toString() ?? '')
    this.#checkKey(key, named)
    return received(topic, key, value, message)
  }

  #checkKey(key: string, named: string | undefined): void {
    if (named !== undefined && named !== key) {
      throw new DecodeError('KEY_MISMATCH', `the key is ${JSON.stringify(key)}, the record's customer_id ${named}`)
    }
    if (!isPlain(key)) throw new DecodeError('KEY_MISMATCH', `the key ${JSON.stringify(key)} is no customer_id`)
    const home = partitionOf(key, this.#partitions)
    if (home !== this.#partition) {
      throw new DecodeError(
        'KEY_MISMATCH',
        `key ${key} belongs to partition ${home} of ${this.#partitions}, found in ${this.#partition}`,
      )
    }
  }

  async #learn(topic: TopicName, id: number, alive: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return this.#codec.learn(topic, id, await this.#lookUp(id))
      } catch (error) {
        if (tries === 1)
          this.#log.warn({ err: error, schema: id }, 'the schema registry does not answer; waiting for it')
        await new Promise((resolve) => setTimeout(resolve, REGISTRY_PAUSE_MS))
        await alive()
      }
    }
  }
}

const received = (topic: TopicName, key: string, value: unknown, { timestamp }: RawMessage): Received =>
  ({ topic, key, value, timestampMs: Number(timestamp) }) as Received

/** Whether a key's bytes are a text of ASCII, of which then no copy has to be made. */
function says(key: Buffer | null, text: string): boolean {
  if (key?.length !== text.length) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f || code !== key[i]) return false
  }
  return true
}

/** Letters, digits and signs of ASCII, of which the highest is reserved, and at least one. */
function isPlain(key: string): boolean {
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    if (code < 0x20 || code > 0x7d) return false
  }
  return key.length > 0
}
