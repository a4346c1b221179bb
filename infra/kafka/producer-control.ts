import type { Logger } from 'pino'
import type { Access } from '#infra/service/access.ts'
import type { Control } from '#schemas/types.ts'
import type { Kafka } from './client.ts'
import { CompactedTopics } from './compacted-topics.ts'

/** The key of the commands that a producer follows. */
const PRODUCER: Control['target'] = 'PRODUCER'

/** Follows the topic `control` for a producer. A command that it refuses is logged, and what was in force stays so. */
export class ProducerControl {
  readonly #kafka: Kafka
  readonly #topics: CompactedTopics
  readonly #heard = Promise.withResolvers<void>()

  constructor(
    { kafka, codec, lookUp }: Access,
    topicPrefix: string,
    command: (control: Control | null) => readonly string[],
    log: Logger,
  ) {
    this.#kafka = kafka
    this.#topics = new CompactedTopics({
      codec,
      topicPrefix,
      lookUp,
      log,
      onRecord({ topic, key, value }) {
        if (key !== PRODUCER) return
        const mistakes = command(value as Control | null)
        if (mistakes.length > 0) log.warn({ topic, key }, `not taken: ${mistakes.join('; ')}`)
      },
    })
  }

  /** Ends when the newest command has been heard, so that a live clock that starts then starts by it. */
  get heard(): Promise<void> {
    return this.#heard.promise
  }

  /** Never: a reader that fails starts again. */
  get done(): Promise<void> {
    return new Promise(() => {})
  }

  async start(): Promise<void> {
    await this.#topics.start(this.#kafka, ['control'], 'producer')
    await this.#topics.caughtUp(this.#kafka, ['control'])
    this.#heard.resolve()
  }

  async stop(): Promise<void> {
    await this.#topics.stop()
  }
}
