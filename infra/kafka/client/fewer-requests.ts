/** A partition that a transaction writes to. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

interface TopicData {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number }[]
}

type FindCoordinator = (wanted: { readonly groupId: string; readonly coordinatorType: number }) => Promise<unknown>

interface Options {
  readonly transactionalId?: string
  readonly cluster: { readonly findGroupCoordinator: FindCoordinator }
}

/** The part of kafkajs that keeps a producer's transaction. */
interface TransactionManager {
  initProducerId(): Promise<void>
  addPartitionsToTransaction(topicData: readonly TopicData[]): Promise<void>
  sendOffsets(offsets: unknown): Promise<void>
  commit(): Promise<void>
  abort(): Promise<void>
}

type CreateManager = (options: Options) => TransactionManager

/** By transactional id: what its transaction is about to write to. */
const announced = new Map<string, readonly TopicPartition[]>()

/** Has all partitions of a transaction registered by one request, with the first send, instead of one by one. */
export function announce(transactionalId: string, partitions: readonly TopicPartition[]): void {
  const each = new Map(partitions.map((wanted) => [`${wanted.topic}/${wanted.partition}`, wanted]))
  announced.set(transactionalId, [...each.values()])
}

/** Kafka's number for: the coordinator of a transactional id, not of a group. */
const TRANSACTION = 1

/**
 * Half of the requests that kafkajs makes for a transaction. It asks who the coordinator is before each single step;
 * here that is remembered until an error. It registers each partition by itself when it is first sent to; here the
 * announced ones go together.
 */
export const fewerRequests =
  (own: CreateManager): CreateManager =>
  (options) => {
    const { transactionalId, cluster } = options
    if (transactionalId === undefined) return own(options)
    const coordinator = new Remembered(cluster.findGroupCoordinator.bind(cluster))
    const findGroupCoordinator: FindCoordinator = (wanted) =>
      wanted.coordinatorType === TRANSACTION ? coordinator.find(wanted) : cluster.findGroupCoordinator(wanted)
    const manager = own({
      ...options,
      cluster: Object.create(cluster, { findGroupCoordinator: { value: findGroupCoordinator } }),
    })
    return {
      ...manager,
      initProducerId: () => coordinator.during(manager.initProducerId()),
      addPartitionsToTransaction: async (topicData) => {
        const more = (announced.get(transactionalId) ?? []).filter((wanted) => !isAmong(topicData, wanted))
        const all = [...topicData, ...more.map(({ topic, partition }) => ({ topic, partitions: [{ partition }] }))]
        await coordinator.during(manager.addPartitionsToTransaction(all))
        announced.delete(transactionalId)
      },
      sendOffsets: (offsets) => coordinator.during(manager.sendOffsets(offsets)),
      commit: () => coordinator.during(manager.commit()),
      abort: () => coordinator.during(manager.abort()),
    }
  }

function isAmong(topicData: readonly TopicData[], { topic, partition }: TopicPartition): boolean {
  return topicData.some(
    (data) => data.topic === topic && data.partitions.some((entry) => entry.partition === partition),
  )
}

/** The coordinator of one transactional id, as long as nothing has gone wrong with it. */
class Remembered {
  readonly #find: FindCoordinator
  #isProven = false
  #found: Promise<unknown> | undefined

  constructor(find: FindCoordinator) {
    this.#find = find
  }

  /** While a step is tried for the first time, and tried again within, it may be another one at each try. */
  find(wanted: Parameters<FindCoordinator>[0]): Promise<unknown> {
    if (!this.#isProven) return this.#find(wanted)
    this.#found ??= this.#find(wanted)
    return this.#found
  }

  async during<T>(step: Promise<T>): Promise<T> {
    try {
      const result = await step
      this.#isProven = true
      return result
    } catch (error) {
      this.#isProven = false
      this.#found = undefined
      throw error
    }
  }
}
