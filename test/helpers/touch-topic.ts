import type { Kafka } from '#infra/kafka/client.ts'

/** The part of kafkajs below its consumer and its producer: one request, one answer. */
interface Cluster {
  connect(): Promise<void>
  refreshMetadata(): Promise<void>
  disconnect(): Promise<void>
  findControllerBroker(): Promise<Broker>
}

interface Broker {
  fetch(request: object): Promise<unknown>
  produce(request: object): Promise<unknown>
}

type Outcome = 'allowed' | 'refused'

/** Asks the one broker of a cluster for records of topics, or gives it some, without a group and without trying again. */
export class TopicToucher {
  readonly #cluster: Cluster
  readonly #broker: Broker

  private constructor(cluster: Cluster, broker: Broker) {
    this.#cluster = cluster
    this.#broker = broker
  }

  static async open(kafka: Kafka): Promise<TopicToucher> {
    const name = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.includes('createCluster'))
    const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[name!]!
    const cluster = create({ maxInFlightRequests: null })
    await cluster.connect()
    await cluster.refreshMetadata()
    return new TopicToucher(cluster, await cluster.findControllerBroker())
  }

  read(topic: string): Promise<Outcome> {
    const partitions = [{ partition: 0, fetchOffset: '0', maxBytes: 1_024 }]
    return outcomeOf(
      this.#broker.fetch({
        ...{ replicaId: -1, isolationLevel: 1, maxWaitTime: 1, minBytes: 0, maxBytes: 1_024 },
        topics: [{ topic, partitions }],
      }),
    )
  }

  write(topic: string): Promise<Outcome> {
    const messages = [{ key: Buffer.from('k'), value: Buffer.from('v'), timestamp: '1760000000000', headers: {} }]
    return outcomeOf(
      this.#broker.produce({
        ...{ producerId: -1, producerEpoch: -1, acks: -1, timeout: 5_000 },
        topicData: [{ topic, partitions: [{ partition: 0, firstSequence: -1, messages }] }],
      }),
    )
  }

  close(): Promise<void> {
    return this.#cluster.disconnect()
  }
}

async function outcomeOf(request: Promise<unknown>): Promise<Outcome> {
  try {
    await request
    return 'allowed'
  } catch (error) {
    if ((error as { type?: string }).type === 'TOPIC_AUTHORIZATION_FAILED') return 'refused'
    throw error
  }
}
