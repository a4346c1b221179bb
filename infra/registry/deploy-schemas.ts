import type { Change } from '#infra/change.ts'
import type { Connection } from '#infra/connection.ts'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { type TopicName, topicNames, topics } from '#schemas/topics.ts'
import { COMPATIBILITY, createRegistryClient, type RegistryClient } from './client.ts'
import { RegistryError } from './registry-error.ts'
import { ask, describe } from './request.ts'
import { subjectOf } from './subject.ts'

/**
 * Registers the schema of every topic, with backward compatibility, and says what changed. May be repeated. Throws
 * RegistryError, INCOMPATIBLE when records already written could not be read any more.
 */
export async function deploySchemas(
  connection: Connection,
  settings: { readonly topicPrefix: string },
): Promise<Change[]> {
  const client = createRegistryClient(connection)
  const changes = [await setDefault(connection)]
  for (const topic of topicNames) {
    const subject = subjectOf(settings.topicPrefix, topic)
    const previous = await setCompatibility(connection, subject)
    changes.push(await deploy(client, topic, subject, previous))
  }
  return changes
}

/** A registry that checks nothing gets a default; one whose people have chosen another keeps it. */
async function setDefault(connection: Connection): Promise<Change> {
  const name = 'compatibility by default'
  const found = await compatibility(connection, '/config')
  if (found !== 'NONE' && found !== undefined) return { name, action: 'unchanged', detail: found }
  await setTo(connection, '/config')
  return { name, action: 'updated', detail: `${found ?? 'unset'}, now ${COMPATIBILITY}` }
}

/** Answers with the compatibility that the subject had; undefined when it had none of its own. */
async function setCompatibility(connection: Connection, subject: string): Promise<string | undefined> {
  const path = `/config/${encodeURIComponent(subject)}`
  const found = await compatibility(connection, path)
  if (found !== COMPATIBILITY) await setTo(connection, path)
  return found
}

async function compatibility(connection: Connection, path: string): Promise<string | undefined> {
  const answer = await ask(connection, 'GET', path)
  if (answer.status === 404) return undefined
  const level = (answer.body as { compatibilityLevel?: unknown } | undefined)?.compatibilityLevel
  if (answer.status === 200 && typeof level === 'string') return level
  throw new RegistryError('REFUSED', `${connection.registry}${path} does not tell a compatibility: ${describe(answer)}`)
}

async function setTo(connection: Connection, path: string): Promise<void> {
  const answer = await ask(connection, 'PUT', path, { compatibility: COMPATIBILITY })
  if (answer.status === 200) return
  throw new RegistryError(
    'REFUSED',
    `cannot set ${COMPATIBILITY} at ${connection.registry}${path}: ${describe(answer)}`,
  )
}

async function deploy(
  client: RegistryClient,
  topic: TopicName,
  subject: string,
  previousCompatibility: string | undefined,
): Promise<Change> {
  const { schema } = topics[topic]
  const before = await client.latestId(subject)
  const outcome = await client.register(subject, schemaText(schema))
  if ('refusal' in outcome) throw incompatible(subject, schema, before, outcome.refusal)
  const after = await client.latestId(subject)
  if (after !== outcome.id) throw outdated(subject, after)
  const detail = `schema ${outcome.id}`
  if (before === undefined) return { name: subject, action: 'created', detail }
  if (before !== after) return { name: subject, action: 'updated', detail: `${detail}, was ${before}` }
  if (previousCompatibility === COMPATIBILITY) return { name: subject, action: 'unchanged', detail }
  return { name: subject, action: 'updated', detail: `${previousCompatibility ?? 'unset'}, now ${COMPATIBILITY}` }
}

function incompatible(subject: string, schema: string, id: number | undefined, refusal: string): RegistryError {
  return new RegistryError(
    'INCOMPATIBLE',
    `${subject}: schemas/${schema}.avsc cannot read what schema ${id ?? 'before it'}, the newest there, has written (${refusal}). ` +
      'Needed is a schema that can: every new field has a default, no field changes its type. ' +
      'Change the file so, or take another --topic-prefix.',
  )
}

/** A registry keeps the order of versions: registering an old one again does not make it the newest. */
export function outdated(subject: string, latestId: number | undefined): RegistryError {
  return new RegistryError(
    'DIFFERENT_SCHEMA',
    `${subject}: schema ${latestId} there is newer than this program's. Run the version of Rupeestream that registered it, or take another --topic-prefix.`,
  )
}
