import { Gauge } from 'prom-client'
import type { Admin, Kafka } from '#infra/kafka/client.ts'
import { fetchOffsetsOf } from '#infra/kafka/topic-offsets.ts'
import type { Logger } from './logger.ts'
import type { MetricsRegistry } from './registry.ts'

const EVERY_MS = 5_000

export interface LagSettings {
  readonly kafka: Kafka
  readonly topicPrefix: string
  /** What each group reads, without the prefix. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly log: Logger
}

/**
 * How far each consumer group is behind, asked of the broker, as kafka_exporter does and under its name: so that the
 * lag of a service that is down rises, too. The mark of the last transaction counts: a group at rest is 1 behind.
 */
export class ConsumerLag {
  readonly #settings: LagSettings
  readonly #gauge: Gauge<'consumergroup' | 'topic' | 'partition'>
  #stopping = false
  #work: Promise<void> | undefined
  #wake: () => void = () => {}

  constructor(registry: MetricsRegistry, settings: LagSettings) {
    this.#settings = settings
    this.#gauge = registerConsumerLag(registry)
  }

  start(): void {
    this.#work = this.#poll()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#work
  }

  async #poll(): Promise<void> {
    const admin = this.#settings.kafka.admin()
    let isTold = false
    while (!this.#stopping) {
      try {
        await admin.connect()
        for (const [group, topics] of Object.entries(this.#settings.groups)) await this.#measure(admin, group, topics)
        isTold = false
      } catch (error) {
        // What is not known any more must not stand still as if it were.
        this.#gauge.reset()
        if (!isTold) this.#settings.log.warn({ err: error }, 'the lag of consumer groups is not known; trying again')
        isTold = true
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVERY_MS)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
        if (this.#stopping) this.#wake()
      })
    }
    await admin.disconnect().catch(() => {})
  }

  async #measure(admin: Admin, group: string, inputs: readonly string[]): Promise<void> {
    const { kafka, topicPrefix } = this.#settings
    const groupId = topicPrefix + group
    const topics = inputs.map((topic) => topicPrefix + topic)
    const committed = await admin.fetchOffsets({ groupId, topics })
    // Asked once: the next time comes soon, and until then the lag is not known.
    for (const [topic, extents] of await fetchOffsetsOf(kafka, topics, 0)) {
      const offsets = committed.find((one) => one.topic === topic)?.partitions ?? []
      for (const { partition, low, high } of extents) {
        const offset = Number(offsets.find((one) => one.partition === partition)?.offset ?? -1)
        // A group that has never committed begins at the beginning.
        const lag = Math.max(0, Number(high) - (offset < 0 ? Number(low) : offset))
        this.#gauge.set({ consumergroup: groupId, topic, partition: String(partition) }, lag)
      }
    }
  }
}

export const registerConsumerLag = (registry: MetricsRegistry): Gauge<'consumergroup' | 'topic' | 'partition'> =>
  new Gauge({
    name: 'kafka_consumergroup_lag',
    help: 'Records that a consumer group has not committed yet, as kafka_exporter counts them; told by the monitor.',
    labelNames: ['consumergroup', 'topic', 'partition'],
    registers: [registry],
  })
