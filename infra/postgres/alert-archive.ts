import type { Consumer, EachBatchPayload, Kafka } from '#infra/kafka/client.ts'
import { Inbox, type SchemaLookUp } from '#infra/kafka/inbox.ts'
import type { Logger } from '#infra/observability/logger.ts'
import type { Codec } from '#infra/registry/codec.ts'
import { alertTopicNames, type TopicName } from '#schemas/topics.ts'
import type { Alert } from '#schemas/types.ts'
import type { AlertTable } from './alert-table.ts'

/** What the archive tells of itself. */
export interface ArchiveMetrics {
  readonly written: (alerts: number) => void
  readonly retried: () => void
}

export interface ArchiveSettings {
  readonly kafka: Kafka
  readonly codec: Codec
  readonly lookUp: SchemaLookUp
  readonly log: Logger
  readonly topicPrefix: string
  readonly partitions: number
  readonly table: Pick<AlertTable, 'write' | 'close'>
  readonly metrics: ArchiveMetrics
}

/** The consumer group, without the topic prefix. */
export const ARCHIVE_GROUP = 'monitor.postgres'

const PAUSE_MIN_MS = 200
const PAUSE_MAX_MS = 10_000
const HEARTBEAT_MS = 1_000
const ROWS_MAX = 500

/**
 * Copies alerts from Kafka to PostgreSQL.
 *
 * Behaviour:
 * - It reads with a consumer group of its own and commits what is written: a database that is away stops nothing else,
 *   and what it missed waits in Kafka. Each try after a failure is counted, and comes later than the one before.
 * - After a crash the last alerts are written again; by their id that changes nothing.
 */
export class AlertArchive {
  readonly #settings: ArchiveSettings
  readonly #consumer: Consumer
  #stopping = false
  #wake: () => void = () => {}

  constructor(settings: ArchiveSettings) {
    this.#settings = settings
    this.#consumer = settings.kafka.consumer({
      groupId: settings.topicPrefix + ARCHIVE_GROUP,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      readUncommitted: false,
    })
  }

  async start(): Promise<void> {
    const { topicPrefix } = this.#settings
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: alertTopicNames.map((topic) => topicPrefix + topic), fromBeginning: true })
    await this.#consumer.run({ eachBatchAutoResolve: false, eachBatch: (payload) => this.#onBatch(payload) })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#consumer.disconnect().catch(() => {})
    await this.#settings.table.close()
  }

  async #onBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    for (let from = 0; from < batch.messages.length; from += ROWS_MAX) {
      const slice = batch.messages.slice(from, from + ROWS_MAX)
      const alerts = await this.#read(batch.topic, batch.partition, slice, heartbeat)
      if (!(await this.#write(alerts, heartbeat)) || !isRunning() || isStale()) return
      resolveOffset(slice.at(-1)!.offset)
      await heartbeat()
    }
  }

  /** What cannot be read is a dead letter of the monitor's fold, which reads it, too. */
  async #read(
    prefixed: string,
    partition: number,
    messages: EachBatchPayload['batch']['messages'],
    heartbeat: () => Promise<void>,
  ): Promise<Alert[]> {
    const { codec, lookUp, log, topicPrefix, partitions } = this.#settings
    const inbox = new Inbox(codec, lookUp, log, ARCHIVE_GROUP, partition, partitions)
    const topic = prefixed.slice(topicPrefix.length) as TopicName
    const alerts: Alert[] = []
    for (const message of messages) {
      const opened = await inbox.open(topic, message, heartbeat)
      if ('record' in opened) alerts.push(opened.record.value as Alert)
    }
    return alerts
  }

  /** Tries until it works; false when the service stops before. */
  async #write(alerts: readonly Alert[], heartbeat: () => Promise<void>): Promise<boolean> {
    const { table, metrics, log } = this.#settings
    for (let pauseMs = PAUSE_MIN_MS; !this.#stopping; pauseMs = Math.min(PAUSE_MAX_MS, 2 * pauseMs)) {
      try {
        await table.write(alerts)
        metrics.written(alerts.length)
        return true
      } catch (error) {
        metrics.retried()
        if (pauseMs === PAUSE_MIN_MS) log.warn({ err: error }, 'alerts cannot be written to PostgreSQL; trying again')
        await this.#pause(pauseMs, heartbeat)
      }
    }
    return false
  }

  async #pause(ms: number, heartbeat: () => Promise<void>): Promise<void> {
    for (let left = ms; left > 0 && !this.#stopping; left -= HEARTBEAT_MS) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, HEARTBEAT_MS))
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      await heartbeat()
    }
  }
}
