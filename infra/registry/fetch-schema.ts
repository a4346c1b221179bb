import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '#infra/connection.ts'
import { RegistryError } from './registry-error.ts'
import { ask, describe } from './request.ts'

const RETRY_DELAYS_MS = [100, 400, 1_600] as const

/**
 * The text of another writer's schema. A registry that does not answer is asked a few times more. Throws RegistryError:
 * UNKNOWN_ID when there is no such schema, UNREACHABLE when nobody answered.
 */
export async function fetchSchema(connection: Connection, id: number): Promise<string> {
  for (const pauseMs of RETRY_DELAYS_MS) {
    try {
      return await fetchOnce(connection, id)
    } catch (error) {
      if (!(error instanceof RegistryError && error.canRetry)) throw error
    }
    await delay(pauseMs)
  }
  return fetchOnce(connection, id)
}

async function fetchOnce(connection: Connection, id: number): Promise<string> {
  const answer = await ask(connection, 'GET', `/schemas/ids/${id}`)
  const text = (answer.body as { schema?: unknown } | undefined)?.schema
  if (answer.status === 200 && typeof text === 'string') return text
  if (answer.status === 404) throw new RegistryError('UNKNOWN_ID', `the schema registry knows no schema ${id}`)
  throw new RegistryError('REFUSED', `the schema registry does not give schema ${id}: ${describe(answer)}`)
}
