import type { Connection } from '#infra/connection.ts'
import { connectKafka, type Kafka } from '#infra/kafka/client.ts'
import { checkTopics } from '#infra/kafka/deploy-topics.ts'
import type { SchemaLookUp } from '#infra/kafka/inbox.ts'
import { Codec } from '#infra/registry/codec.ts'
import { fetchSchema } from '#infra/registry/fetch-schema.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { RegistryError } from '#infra/registry/registry-error.ts'
import type { ServiceContext } from './run-service.ts'

/** What every service needs of Kafka and the registry. */
export interface Access {
  readonly kafka: Kafka
  readonly codec: Codec
  readonly lookUp: SchemaLookUp
}

/** Refuses to start, by throwing, where topics or schemas are not what this program needs. */
export async function openAccess(
  { connection, settings, log }: Pick<ServiceContext, 'connection' | 'settings' | 'log'>,
  clientId: string,
): Promise<Access> {
  await checkTopics(connection, settings, log)
  const codec = new Codec(await lookUpSchemaIds(connection, settings))
  return { kafka: connectKafka(connection, clientId, log), codec, lookUp: schemaLookUp(connection) }
}

/** Null for an id that the registry does not know; throws while it does not answer. */
export const schemaLookUp =
  (connection: Connection): SchemaLookUp =>
  async (id) => {
    try {
      return await fetchSchema(connection, id)
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'UNKNOWN_ID') return null
      throw error
    }
  }
