import confluent from '@kafkajs/confluent-schema-registry'
import type { Connection } from '#infra/connection.ts'
import { RegistryError } from './registry-error.ts'
import { ask, REQUEST_LIMIT_MS, tlsAgent } from './request.ts'

export const COMPATIBILITY = confluent.COMPATIBILITY.BACKWARD

/** Registers schemas and finds their ids, with errors that tell what is wrong. */
export interface RegistryClient {
  /** The id of the subject's newest schema; undefined when it has none. */
  latestId(subject: string): Promise<number | undefined>
  /** The id under which the subject holds this very schema; undefined when it does not. */
  idOf(subject: string, text: string): Promise<number | undefined>
  /** The id, new or not. Undefined when the subject's newest schema does not allow it, with the registry's reasons. */
  register(subject: string, text: string): Promise<{ readonly id: number } | { readonly refusal: string }>
}

export function createRegistryClient(connection: Connection): RegistryClient {
  const library = createLibrary(connection)

  /** The library reports a lost connection as status 400, so what it cannot do is asked once more, plainly. */
  async function explain(error: unknown, doing: string): Promise<never> {
    await ask(connection, 'GET', '/subjects')
    throw new RegistryError('REFUSED', `the schema registry refused ${doing}: ${(error as Error).message}`, {
      cause: error,
    })
  }

  async function find(doing: string, look: () => Promise<number>): Promise<number | undefined> {
    try {
      return await look()
    } catch (error) {
      // For a schema that it does not find the library drops the status and keeps the registry's words.
      const absent = statusOf(error) === 404 || (error as Error).name === 'ConfluentSchemaRegistryError'
      return absent ? undefined : explain(error, doing)
    }
  }

  return {
    latestId: (subject) => find(`to name the newest schema of ${subject}`, () => library.getLatestSchemaId(subject)),
    idOf: (subject, text) =>
      find(`to look up a schema of ${subject}`, () => library.getRegistryIdBySchema(subject, avro(text))),
    async register(subject, text) {
      try {
        return { id: (await library.register(avro(text), { subject, compatibility: COMPATIBILITY })).id }
      } catch (error) {
        if (statusOf(error) === 409) return { refusal: (error as Error).message }
        return explain(error, `to register ${subject}`)
      }
    },
  }
}

const avro = (text: string) => ({ type: confluent.SchemaType.AVRO, schema: text }) as const

const statusOf = (error: unknown): unknown => (error as { status?: unknown }).status

function createLibrary(connection: Connection): confluent.SchemaRegistry {
  const agent = tlsAgent(connection)
  return new confluent.SchemaRegistry({
    host: connection.registry.replace(/\/+$/, ''),
    clientId: 'rupeestream',
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: REQUEST_LIMIT_MS }) })],
    ...(connection.registryAuth === undefined ? {} : { auth: connection.registryAuth }),
    ...(agent === undefined ? {} : { agent }),
  })
}
