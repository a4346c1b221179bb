import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { TopicName } from '#schemas/topics.ts'
import { Checkpointer } from './checkpointer.ts'
import type { Kafka } from './client.ts'
import { FatalError } from './fatal-error.ts'
import { Inbox, type SchemaLookUp } from './inbox.ts'
import { readState } from './read-state.ts'
import { StateRecords } from './state-records.ts'
import { Task, type TaskSettings } from './task.ts'
import { fetchOffsetsOf } from './topic-offsets.ts'
import { TransactionalProducer, type TransactionStage } from './transactional-producer.ts'

export interface RestoreSettings<State, Shared, Inputs extends TopicName> extends TaskSettings<State, Shared, Inputs> {
  readonly kafka: Kafka
  readonly log: Logger
  readonly lookUp: SchemaLookUp
  readonly observe?: (stage: ObservedStage, partition: number) => void | Promise<void>
}

/** A point in a transaction of the outputs, or of a checkpoint. */
export type ObservedStage = TransactionStage | `checkpoint-${TransactionStage}`

/** The writers of a partition: of its outputs, and of its state. */
interface Writers {
  readonly producer: TransactionalProducer
  readonly checkpointer: Checkpointer
}

/**
 * Takes partitions over from whoever had them. The order is what makes it exactly once: fence first, so that nobody
 * commits any more; then read state and committed offsets, which can no longer change.
 */
export async function restoreTasks<State, Shared, Inputs extends TopicName>(
  settings: RestoreSettings<State, Shared, Inputs>,
  partitions: readonly number[],
): Promise<Map<number, Task<State, Shared, Inputs>>> {
  if (partitions.length === 0) return new Map()
  const { kafka, fold, topicPrefix } = settings
  const records = new StateRecords(settings.codec, fold.stateTopic)
  const writers = new Map<number, Writers>()
  try {
    await Promise.all(partitions.map(async (partition) => writers.set(partition, await fence(settings, partition))))
    const markers = new Map(partitions.map((partition) => [partition, randomUUID() as string]))
    await Promise.all([...markers].map(([partition, text]) => writers.get(partition)!.checkpointer.mark(text)))
    const states = await readState(kafka, topicPrefix + fold.stateTopic, markers)
    const offsets = await readOffsets(settings, partitions)
    return new Map(
      partitions.map((partition) => [
        partition,
        build(settings, records, partition, writers.get(partition)!, states, offsets),
      ]),
    )
  } catch (error) {
    await Promise.all([...writers.values()].map(discard))
    throw error
  }
}

/** Nobody else can commit outputs or state of this partition any more. */
async function fence<State, Shared, Inputs extends TopicName>(
  { kafka, codec, fold, topicPrefix, observe }: RestoreSettings<State, Shared, Inputs>,
  partition: number,
): Promise<Writers> {
  const transactionalId = `${topicPrefix}${fold.name}-${partition}`
  const producer = await TransactionalProducer.open(
    kafka,
    transactionalId,
    observe && ((stage) => observe(stage, partition)),
  )
  try {
    const checkpointer = await Checkpointer.open(
      {
        kafka,
        codec,
        topicPrefix,
        stateTopic: fold.stateTopic,
        transactionalId: `${transactionalId}.state`,
        ...(observe && { observe: (stage: TransactionStage) => observe(`checkpoint-${stage}`, partition) }),
      },
      partition,
    )
    return { producer, checkpointer }
  } catch (error) {
    await producer.discard()
    throw error
  }
}

async function discard({ producer, checkpointer }: Writers): Promise<void> {
  await Promise.all([producer.discard(), checkpointer.discard()])
}

function build<State, Shared, Inputs extends TopicName>(
  settings: RestoreSettings<State, Shared, Inputs>,
  records: StateRecords,
  partition: number,
  { producer, checkpointer }: Writers,
  states: Awaited<ReturnType<typeof readState>>,
  offsets: Awaited<ReturnType<typeof readOffsets>>,
): Task<State, Shared, Inputs> {
  const { codec, lookUp, log, fold, partitions } = settings
  const saved = records.read(states.get(partition)!)
  const { committed, earliest, ends } = offsets.get(partition)!
  // Without a checkpoint the state is what all records since the beginning make of it, committed ones included.
  const from = saved.offsets ?? new Map([...committed.keys()].map((topic) => [topic, 0n]))
  for (const [topic, offset] of from) {
    if (offset < earliest.get(topic)! && offset < committed.get(topic)!) {
      throw new FatalError(
        `${topic}/${partition} begins at offset ${earliest.get(topic)}, but ${fold.name} must read again from ${offset}: ` +
          'its records since the last checkpoint are gone. Raise retentionBytes, or start anew with `rupeestream reset`.',
      )
    }
    from.set(topic, max(offset, earliest.get(topic)!))
  }
  const inbox = new Inbox(codec, lookUp, log, fold.name, partition, partitions)
  return new Task(settings, partition, producer, checkpointer, inbox, { saved: saved.entries, from, committed, ends })
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

interface PartitionOffsets {
  /** By topic, without prefix: where the group will go on; 0 for a group that has never committed. */
  readonly committed: Map<string, bigint>
  readonly earliest: Map<string, bigint>
  readonly ends: Map<string, bigint>
}

async function readOffsets<State, Shared, Inputs extends TopicName>(
  { kafka, fold, topicPrefix }: RestoreSettings<State, Shared, Inputs>,
  partitions: readonly number[],
): Promise<Map<number, PartitionOffsets>> {
  const found = new Map(
    partitions.map((partition) => [
      partition,
      { committed: new Map(), earliest: new Map(), ends: new Map() } as PartitionOffsets,
    ]),
  )
  const admin = kafka.admin()
  await admin.connect()
  try {
    const groupId = topicPrefix + fold.name
    const topics = fold.inputs.map((topic) => topicPrefix + topic)
    const groups = await admin.fetchOffsets({ groupId, topics })
    const offsets = await fetchOffsetsOf(kafka, topics)
    for (const input of fold.inputs) {
      const committed = groups.find(({ topic }) => topic === topicPrefix + input)?.partitions ?? []
      for (const { partition, low, high } of offsets.get(topicPrefix + input)!) {
        const offset = BigInt(committed.find((entry) => entry.partition === partition)?.offset ?? -1)
        found.get(partition)?.earliest.set(input, BigInt(low))
        found.get(partition)?.ends.set(input, BigInt(high))
        found.get(partition)?.committed.set(input, offset < 0n ? 0n : offset)
      }
    }
  } finally {
    await admin.disconnect()
  }
  return found
}
