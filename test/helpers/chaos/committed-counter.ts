import { randomUUID } from 'node:crypto'
import type { Consumer, Kafka } from '#infra/kafka/client.ts'

/** Counts the committed records of some topics as they come, and knows where they end, which markers follow. */
export class CommittedCounter {
  #consumer: Consumer | undefined
  #count = 0
  readonly #ends = new Map<string, number>()

  get count(): number {
    return this.#count
  }

  /** The offset behind the last committed record seen in a partition. */
  endOf(topic: string, partition: number): number {
    return this.#ends.get(`${topic}/${partition}`) ?? 0
  }

  async start(kafka: Kafka, topics: readonly string[]): Promise<void> {
    this.#consumer = kafka.consumer({
      groupId: `count-${randomUUID()}`,
      maxWaitTimeInMs: 100,
      // Started over after an error, it waits for its former self so long.
      sessionTimeout: 6_000,
      rebalanceTimeout: 6_000,
      heartbeatInterval: 1_000,
    })
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        this.#count += batch.messages.length
        const last = batch.messages.at(-1)
        if (last) this.#ends.set(`${batch.topic}/${batch.partition}`, Number(last.offset) + 1)
      },
    })
  }

  async stop(): Promise<void> {
    await this.#consumer?.disconnect().catch(() => {})
  }
}
