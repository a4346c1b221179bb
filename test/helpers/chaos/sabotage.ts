import { randomUUID } from 'node:crypto'
import type { Kafka, Producer, Transaction } from '#infra/kafka/client.ts'

type ProducerConfig = Parameters<Kafka['producer']>[0]

/**
 * Ways of being wrong that a chaos test must notice. Each breaks the runner's promise by changing what its Kafka client
 * does, and each then kills the process inside the window that the mistake opens.
 */
export type Sabotage =
  /** Offsets are committed after the transaction, by themselves. */
  | 'offsets-outside-transaction'
  /** The offset committed is the last record's, not the next one's. */
  | 'offset-without-plus-one'
  /** Records are sent without a transaction, and become visible at once. */
  | 'at-least-once'
  /** A checkpoint is saved while a transaction that it knows of is still open. */
  | 'checkpoint-before-commit'

/** The process dies in the first transaction of a producer from this one on in which that would show. */
const DIES_FROM = 3

/** Longer than the time between two checkpoints: the next one is due. */
const UNTIL_CHECKPOINT_MS = 1_000

type Send = Transaction['send']
type Offsets = Parameters<Transaction['sendOffsets']>[0]

/** What the transactional id of a partition's state adds to that of its outputs. */
const STATE = '.state'

/** A client that makes the mistake; `visible` are the topics in which it must show. */
export function sabotage(kafka: Kafka, how: Sabotage | undefined, visible: ReadonlySet<string>): Kafka {
  if (how === undefined) return kafka
  const producer: Kafka['producer'] = (config) => wrap(kafka, config, how, visible)
  return new Proxy(kafka, { get: (target, name) => (name === 'producer' ? producer : bound(target, name)) })
}

function bound(target: object, name: string | symbol): unknown {
  const value = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

/** By transactional id of outputs: a commit that is claimed and has not happened. */
const claimed = new Set<string>()

function wrap(kafka: Kafka, config: ProducerConfig, how: Sabotage, visible: ReadonlySet<string>): Producer {
  const producer = kafka.producer(config)
  const id = config?.transactionalId ?? ''
  let transactions = 0
  const transaction = async (): Promise<Transaction> => {
    const dies = ++transactions >= DIES_FROM
    // The claim would come to light.
    if (claimed.has(id)) await new Promise(() => {})
    return spoil(await producer.transaction(), { kafka, id, visible }, how, dies)
  }
  return new Proxy(producer, { get: (target, name) => (name === 'transaction' ? transaction : bound(target, name)) })
}

interface Where {
  readonly kafka: Kafka
  readonly id: string
  readonly visible: ReadonlySet<string>
}

function spoil(real: Transaction, { kafka, id, visible }: Where, how: Sabotage, dies: boolean): Transaction {
  let shows = false
  const dieIfItShows = (): void => {
    if (dies && shows) process.kill(process.pid, 'SIGKILL')
  }
  const note = ({ topic }: Parameters<Send>[0]): void => {
    shows ||= visible.has(topic)
  }
  const isClaim = (): boolean => dies && shows
  const changed = spoilers[how]({ real, kafka, id, note, dieIfItShows, isClaim })
  return new Proxy(real, { get: (target, name) => Reflect.get(changed, name) ?? bound(target, name) })
}

interface Spoilt {
  readonly real: Transaction
  readonly kafka: Kafka
  readonly id: string
  readonly note: (record: Parameters<Send>[0]) => void
  /** Dies if the transaction has outputs: repeated, they would be there twice. */
  readonly dieIfItShows: () => void
  /** Whether the commit shall only be claimed. */
  readonly isClaim: () => boolean
}

type Spoiler = (spoilt: Spoilt) => Partial<Transaction>

const spoilers: Record<Sabotage, Spoiler> = {
  'offset-without-plus-one': ({ real, note, dieIfItShows }) => ({
    send: (record) => {
      note(record)
      return real.send(record)
    },
    sendOffsets: (offsets) => real.sendOffsets(minusOne(offsets)),
    commit: async () => {
      await real.commit()
      dieIfItShows()
    },
  }),
  'offsets-outside-transaction': (spoilt) => offsetsLate(spoilt, (record) => spoilt.real.send(record)),
  'at-least-once': (spoilt) => offsetsLate(spoilt, (record) => sendPlainly(spoilt.kafka, record)),
  'checkpoint-before-commit': ({ real, id, note, isClaim }) => ({
    send: (record) => {
      note(record)
      return real.send(record)
    },
    commit: async () => {
      if (id.endsWith(STATE)) {
        await real.commit()
        if (claimed.has(id.slice(0, -STATE.length))) process.kill(process.pid, 'SIGKILL')
      } else if (isClaim()) {
        await new Promise((resolve) => setTimeout(resolve, UNTIL_CHECKPOINT_MS))
        claimed.add(id)
      } else await real.commit()
    },
  }),
}

/** Dies between the records and their offsets. */
function offsetsLate({ real, kafka, note, dieIfItShows }: Spoilt, send: Send): Partial<Transaction> {
  let late: Offsets | undefined
  return {
    send: (record) => {
      note(record)
      return send(record)
    },
    sendOffsets: async (offsets) => {
      late = offsets
    },
    commit: async () => {
      await real.commit()
      if (late === undefined) return
      dieIfItShows()
      await commitOffsets(kafka, late)
    },
  }
}

async function sendPlainly(kafka: Kafka, record: Parameters<Send>[0]): ReturnType<Send> {
  const plain = kafka.producer({ idempotent: false, maxInFlightRequests: 1 })
  await plain.connect()
  const answer = await plain.send({ ...record, acks: -1 })
  await plain.disconnect()
  return answer
}

/** Kafka takes a group's offsets from somebody who is not its member only in a transaction: one of its own, then. */
async function commitOffsets(kafka: Kafka, offsets: Offsets): Promise<void> {
  const producer = kafka.producer({ transactionalId: `late-${randomUUID()}`, maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  const transaction = await producer.transaction()
  await transaction.sendOffsets(offsets)
  await transaction.commit()
  await producer.disconnect()
}

function minusOne(offsets: Offsets): Offsets {
  return {
    ...offsets,
    topics: offsets.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset: String(BigInt(offset) - 1n) })),
    })),
  }
}
