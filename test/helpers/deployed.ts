import pino from 'pino'
import type { Connection } from '#infra/connection.ts'
import { deployTopics } from '#infra/kafka/deploy-topics.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { uniquePrefix } from './stack.ts'

export const silent = pino({ level: 'silent' })

/** A scenario of a test's own: a unique prefix, few partitions, and transactions that do not wait to grow. */
export const ownSettings = (scenario: Readonly<Record<string, unknown>> = {}): Settings =>
  settingsSchema.parse({
    topicPrefix: uniquePrefix(),
    partitions: 2,
    runner: { lingerMs: 10, checkpointMs: 500 },
    ...scenario,
  })

/** Topics and schemas, as the deploy step makes them. */
export async function deploy(connection: Connection, settings: Settings): Promise<void> {
  await Promise.all([deployTopics(connection, settings, silent), deploySchemas(connection, settings)])
}
