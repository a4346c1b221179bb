import type { Control } from '#schemas/types.ts'
import type { Settings } from '#services/settings.ts'
import { writeNewest } from '../cli/topic-access.ts'
import type { Connection } from '../connection.ts'
import type { ControlRecords, ControlTopic } from '../control/control-topic.ts'
import { CompactedTopics } from '../kafka/compacted-topics.ts'
import type { Logger } from '../observability/logger.ts'
import type { Access } from '../service/access.ts'

/** The commands in force, followed as they are given by anybody; and the way to give one. */
export class ControlBoard implements ControlTopic {
  readonly settings: Settings
  readonly #newest = new Map<string, Control | null>()
  readonly #topics: CompactedTopics
  readonly #access: Access
  readonly #connection: Connection

  constructor(settings: Settings, connection: Connection, access: Access, log: Logger) {
    this.settings = settings
    this.#connection = connection
    this.#access = access
    const { codec, lookUp } = access
    this.#topics = new CompactedTopics({
      codec,
      lookUp,
      log,
      topicPrefix: settings.topicPrefix,
      onRecord: ({ key, value }) => this.#newest.set(key, value as Control | null),
    })
  }

  /** As far as it has been heard of. */
  get known(): ControlRecords {
    return this.#newest
  }

  start(): Promise<void> {
    return this.#topics.start(this.#access.kafka, ['control'], 'monitor')
  }

  async newest(): Promise<ControlRecords> {
    await this.#topics.caughtUp(this.#access.kafka, ['control'])
    return this.#newest
  }

  write(records: ControlRecords): Promise<void> {
    return writeNewest(this.#connection, this.settings, 'control', records, 'monitor.page')
  }

  stop(): Promise<void> {
    return this.#topics.stop()
  }
}
