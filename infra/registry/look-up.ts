import type { Connection } from '#infra/connection.ts'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { type TopicName, topicNames, topics } from '#schemas/topics.ts'
import { createRegistryClient, type RegistryClient } from './client.ts'
import { outdated } from './deploy-schemas.ts'
import { RegistryError } from './registry-error.ts'
import { ask } from './request.ts'
import { subjectOf } from './subject.ts'

/**
 * The registry's ids of this program's schemas, by topic. Throws RegistryError, DIFFERENT_SCHEMA when the newest schema
 * of a subject is not the one in schemas/: a service must not write or read under another contract.
 */
export async function lookUpSchemaIds(
  connection: Connection,
  settings: { readonly topicPrefix: string },
): Promise<Record<TopicName, number>> {
  // One plain question first: when nobody answers, it says so best.
  await ask(connection, 'GET', '/subjects')
  const client = createRegistryClient(connection)
  const looked = await Promise.allSettled(topicNames.map((topic) => lookUp(client, topic, settings.topicPrefix)))
  const ids: Partial<Record<TopicName, number>> = {}
  for (const [index, topic] of topicNames.entries()) {
    const outcome = looked[index] as PromiseSettledResult<number>
    // In the order of the table, so that the same fault always has the same message.
    if (outcome.status === 'rejected') throw outcome.reason
    ids[topic] = outcome.value
  }
  return ids as Record<TopicName, number>
}

async function lookUp(client: RegistryClient, topic: TopicName, topicPrefix: string): Promise<number> {
  const subject = subjectOf(topicPrefix, topic)
  const { schema } = topics[topic]
  const [latest, own] = await Promise.all([client.latestId(subject), client.idOf(subject, schemaText(schema))])
  if (own !== undefined && own === latest) return own
  if (own !== undefined) throw outdated(subject, latest)
  const found =
    latest === undefined ? 'the registry has no such subject' : `schema ${latest} there is not schemas/${schema}.avsc`
  throw new RegistryError(
    'DIFFERENT_SCHEMA',
    `${subject}: ${found}. Run \`rupeestream schemas\` to register this program's schemas.`,
  )
}
