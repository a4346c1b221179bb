import { randomUUID } from 'node:crypto'
import type { Kafka, Producer, Transaction } from '#infra/kafka/client.ts'

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
  /** Checkpoints are sent without the transaction that they belong to. */
  | 'checkpoint-outside-transaction'

/** The process dies in the first transaction of a producer from this one on in which that would show. */
const DIES_FROM = 3

type Send = Transaction['send']
type Offsets = Parameters<Transaction['sendOffsets']>[0]

/** What a sabotaged transaction has written, as far as it decides whether dying now would show. */
class Written {
  readonly #visible: ReadonlySet<string>
  #hasOutputs = false
  #hasCheckpoint = false

  constructor(visible: ReadonlySet<string>) {
    this.#visible = visible
  }

  note({ topic }: Parameters<Send>[0]): void {
    this.#hasOutputs ||= this.#visible.has(topic)
    this.#hasCheckpoint ||= isState(topic)
  }

  /** Repeated, its outputs would be there twice: without a checkpoint nothing holds the repetition back. */
  get wouldDouble(): boolean {
    return this.#hasOutputs && !this.#hasCheckpoint
  }

  /** Aborted, its outputs would never come: the checkpoint claims that they have. */
  get wouldLose(): boolean {
    return this.#hasOutputs && this.#hasCheckpoint
  }
}

const isState = (topic: string): boolean => topic.endsWith('.state')

/** A client that makes the mistake; `visible` are the topics in which it must show. */
export function sabotage(kafka: Kafka, how: Sabotage | undefined, visible: ReadonlySet<string>): Kafka {
  if (how === undefined) return kafka
  const producer: Kafka['producer'] = (config) => wrap(kafka, kafka.producer(config), how, visible)
  return new Proxy(kafka, { get: (target, name) => (name === 'producer' ? producer : bound(target, name)) })
}

function bound(target: object, name: string | symbol): unknown {
  const value = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

function wrap(kafka: Kafka, producer: Producer, how: Sabotage, visible: ReadonlySet<string>): Producer {
  let transactions = 0
  const transaction = async (): Promise<Transaction> => {
    const dies = ++transactions >= DIES_FROM
    return spoil(await producer.transaction(), kafka, how, dies, new Written(visible))
  }
  return new Proxy(producer, { get: (target, name) => (name === 'transaction' ? transaction : bound(target, name)) })
}

function spoil(real: Transaction, kafka: Kafka, how: Sabotage, dies: boolean, written: Written): Transaction {
  const dieIf = (shows: boolean): void => {
    if (dies && shows) process.kill(process.pid, 'SIGKILL')
  }
  const changed = spoilers[how]({ real, kafka, written, dieIf })
  return new Proxy(real, { get: (target, name) => Reflect.get(changed, name) ?? bound(target, name) })
}

interface Spoilt {
  readonly real: Transaction
  readonly kafka: Kafka
  readonly written: Written
  readonly dieIf: (shows: boolean) => void
}

type Spoiler = (spoilt: Spoilt) => Partial<Transaction>

const spoilers: Record<Sabotage, Spoiler> = {
  'offset-without-plus-one': ({ real, written, dieIf }) => ({
    send: (record) => {
      written.note(record)
      return real.send(record)
    },
    sendOffsets: (offsets) => real.sendOffsets(minusOne(offsets)),
    commit: async () => {
      await real.commit()
      dieIf(written.wouldDouble)
    },
  }),
  'offsets-outside-transaction': (spoilt) => offsetsLate(spoilt, (record) => spoilt.real.send(record)),
  'at-least-once': (spoilt) => offsetsLate(spoilt, (record) => sendPlainly(spoilt.kafka, record)),
  'checkpoint-outside-transaction': ({ real, kafka, written, dieIf }) => ({
    send: (record) => {
      written.note(record)
      return isState(record.topic) ? sendPlainly(kafka, record) : real.send(record)
    },
    commit: async () => {
      dieIf(written.wouldLose)
      await real.commit()
    },
  }),
}

/** Dies between the records and their offsets. */
function offsetsLate({ real, kafka, written, dieIf }: Spoilt, send: Send): Partial<Transaction> {
  let late: Offsets | undefined
  return {
    send: (record) => {
      written.note(record)
      return send(record)
    },
    sendOffsets: async (offsets) => {
      late = offsets
    },
    commit: async () => {
      await real.commit()
      if (late === undefined) return
      dieIf(written.wouldDouble)
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
