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

/** The process dies in the first transaction of a producer from this one on that opens the window. */
const DIES_FROM = 3

type Send = Transaction['send']
type Offsets = Parameters<Transaction['sendOffsets']>[0]

export function sabotage(kafka: Kafka, how: Sabotage | undefined): Kafka {
  if (how === undefined) return kafka
  const producer: Kafka['producer'] = (config) => wrap(kafka, kafka.producer(config), how)
  return new Proxy(kafka, { get: (target, name) => (name === 'producer' ? producer : bound(target, name)) })
}

function bound(target: object, name: string | symbol): unknown {
  const value = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

function wrap(kafka: Kafka, producer: Producer, how: Sabotage): Producer {
  let transactions = 0
  const transaction = async (): Promise<Transaction> => {
    transactions++
    return spoil(await producer.transaction(), kafka, how, transactions >= DIES_FROM)
  }
  return new Proxy(producer, { get: (target, name) => (name === 'transaction' ? transaction : bound(target, name)) })
}

function spoil(real: Transaction, kafka: Kafka, how: Sabotage, dies: boolean): Transaction {
  const die = (): void => {
    if (dies) process.kill(process.pid, 'SIGKILL')
  }
  const changed = spoilers[how](real, kafka, die)
  return new Proxy(real, { get: (target, name) => Reflect.get(changed, name) ?? bound(target, name) })
}

type Spoiler = (real: Transaction, kafka: Kafka, die: () => void) => Partial<Transaction>

const spoilers: Record<Sabotage, Spoiler> = {
  'offset-without-plus-one': (real, _kafka, die) => ({
    sendOffsets: (offsets) => real.sendOffsets(minusOne(offsets)),
    commit: async () => {
      await real.commit()
      die()
    },
  }),
  'offsets-outside-transaction': (real, kafka, die) => offsetsLate(real, kafka, die, (record) => real.send(record)),
  'at-least-once': (real, kafka, die) => offsetsLate(real, kafka, die, (record) => sendPlainly(kafka, record)),
  'checkpoint-outside-transaction': (real, kafka, die) => {
    let saved = false
    return {
      send: (record) => {
        if (!record.topic.endsWith('.state')) return real.send(record)
        saved = true
        return sendPlainly(kafka, record)
      },
      commit: async () => {
        if (saved) die()
        await real.commit()
      },
    }
  },
}

/** Dies between the records and their offsets, in a transaction that has records: without them nothing can double. */
function offsetsLate(real: Transaction, kafka: Kafka, die: () => void, send: Send): Partial<Transaction> {
  let late: Offsets | undefined
  let hasOutputs = false
  return {
    send: (record) => {
      hasOutputs ||= !record.topic.endsWith('.state')
      return send(record)
    },
    sendOffsets: async (offsets) => {
      late = offsets
    },
    commit: async () => {
      await real.commit()
      if (late === undefined) return
      if (hasOutputs) die()
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
