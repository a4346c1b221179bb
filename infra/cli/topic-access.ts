import { partitionOf } from '#schemas/partition.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Settings } from '#services/settings.ts'
import type { Connection } from '../connection.ts'
import type { Tailed } from '../kafka/tail.ts'
import { createLogger } from '../observability/logger.ts'

/** Errors and warnings only: the output of a command is its own. */
export const quietLog = () => createLogger({ service: 'cli', level: process.env.RUPEESTREAM_LOG_LEVEL ?? 'warn' })

/** The records of a topic as they are committed, until the signal is given. */
export async function follow(
  connection: Connection,
  { topicPrefix }: Pick<Settings, 'topicPrefix'>,
  topic: TopicName,
  fromBeginning: boolean,
  signal: AbortSignal,
): Promise<AsyncGenerator<Tailed>> {
  const [{ tail }, { Codec }, { lookUpSchemaIds }, { schemaLookUp }] = await Promise.all([
    import('../kafka/tail.ts'),
    import('../registry/codec.ts'),
    import('../registry/look-up.ts'),
    import('../service/access.ts'),
  ])
  const codec = new Codec(await lookUpSchemaIds(connection, { topicPrefix }))
  const lookUp = schemaLookUp(connection)
  return tail(connection, topic, { codec, lookUp, topicPrefix, fromBeginning, signal, log: quietLog() })
}

/** The newest record of each key of a compacted topic as of now; null for what was deleted. */
export async function readNewest<Topic extends TopicName>(
  connection: Connection,
  { topicPrefix }: Pick<Settings, 'topicPrefix'>,
  topic: Topic,
): Promise<Map<string, TopicRecords[Topic] | null>> {
  const [{ connectKafka }, { CompactedTopics }, { Codec }, { lookUpSchemaIds }, { schemaLookUp }] = await Promise.all([
    import('../kafka/client.ts'),
    import('../kafka/compacted-topics.ts'),
    import('../registry/codec.ts'),
    import('../registry/look-up.ts'),
    import('../service/access.ts'),
  ])
  const log = quietLog()
  const codec = new Codec(await lookUpSchemaIds(connection, { topicPrefix }))
  const newest = new Map<string, TopicRecords[Topic] | null>()
  const onRecord = ({ key, value }: { readonly key: string; readonly value: unknown }): void => {
    newest.set(key, value as TopicRecords[Topic] | null)
  }
  const kafka = connectKafka(connection, `rupeestream-${topic}`, log)
  const reader = new CompactedTopics({ codec, topicPrefix, lookUp: schemaLookUp(connection), log, onRecord })
  try {
    await reader.start(kafka, [topic], `${topic}-cli`)
    await reader.caughtUp(kafka, [topic])
  } finally {
    await reader.stop()
  }
  return newest
}

/** Writes records of a compacted topic by key; null deletes. All of them, or none. `writer` makes the transactional id. */
export async function writeNewest<Topic extends TopicName>(
  connection: Connection,
  { topicPrefix, partitions }: Settings,
  topic: Topic,
  records: ReadonlyMap<string, TopicRecords[Topic] | null>,
  writer = `${topic}-cli`,
): Promise<void> {
  const [{ connectKafka }, { TransactionalProducer }, { Outbox }, { Codec }, { lookUpSchemaIds }] = await Promise.all([
    import('../kafka/client.ts'),
    import('../kafka/transactional-producer.ts'),
    import('../kafka/outbox.ts'),
    import('../registry/codec.ts'),
    import('../registry/look-up.ts'),
  ])
  const codec = new Codec(await lookUpSchemaIds(connection, { topicPrefix }))
  const outbox = new Outbox()
  for (const [key, record] of records) {
    outbox.add(topicPrefix + topic, {
      key,
      value: record === null ? null : codec.encode(topic, record),
      timestamp: String(Date.now()),
      partition: partitionOf(key, partitions),
    })
  }
  const kafka = connectKafka(connection, `rupeestream-${topic}`, quietLog())
  const producer = await TransactionalProducer.open(kafka, topicPrefix + writer)
  try {
    await producer.deliver({ parcels: outbox.take() })
  } finally {
    await producer.discard()
  }
}
