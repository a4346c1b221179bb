import type { TopicName } from '#schemas/topics.ts'
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
