import { expect, test } from 'vitest'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { freePorts } from '#infra/local/ports.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import { fetchSchema } from '#infra/registry/fetch-schema.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { topicNames, topics } from '#schemas/topics.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

/** Registers the schema of `scores`, changed, as somebody else would. */
async function registerChanged(subject: string, change: (fields: object[]) => object[]): Promise<void> {
  const schema = JSON.parse(schemaText('score'))
  const changed = JSON.stringify({ ...schema, fields: change(schema.fields) })
  const response = await fetch(`${sharedStack().connection.registry}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: changed }),
  })
  expect(response.status, await response.text()).toBe(200)
}

const optional = { name: 'added_later', type: ['null', 'string'], default: null }

describeOnStack('the schema registry', () => {
  test('has every schema after a deploy, byte for byte, and the second deploy changes nothing', async () => {
    const { connection } = sharedStack()
    const settings = { topicPrefix: uniquePrefix() }
    const first = await deploySchemas(connection, settings)
    const created = first.filter(({ action }) => action === 'created').map(({ name }) => name)
    expect(created).toEqual(topicNames.map((topic) => `${settings.topicPrefix}${topic}-value`))
    const second = await deploySchemas(connection, settings)
    expect(new Set(second.map(({ action }) => action))).toEqual(new Set(['unchanged']))

    const ids = await lookUpSchemaIds(connection, settings)
    expect(Object.keys(ids)).toEqual(topicNames)
    const { transactions } = ids
    expect(JSON.parse(await fetchSchema(connection, transactions))).toEqual(
      JSON.parse(schemaText(topics.transactions.schema)),
    )
    expect(ids['transactions.genuine']).toBe(transactions)
  })

  test('is refused to services before the deploy, with the command to run', async () => {
    const { connection } = sharedStack()
    await expect(lookUpSchemaIds(connection, { topicPrefix: uniquePrefix() })).rejects.toMatchObject({
      code: 'DIFFERENT_SCHEMA',
      message: expect.stringMatching(/customers-value: .*no such subject.*rupeestream schemas/),
    })
  })

  test('stops a deploy that could not read what is written, naming the subject', async () => {
    const { connection } = sharedStack()
    const settings = { topicPrefix: uniquePrefix() }
    const subject = `${settings.topicPrefix}scores-value`
    // What is written lacks a field that this program's schema has without a default.
    await registerChanged(subject, (fields) => fields.slice(1))
    await expect(deploySchemas(connection, settings)).rejects.toMatchObject({
      code: 'INCOMPATIBLE',
      message: expect.stringContaining(`${subject}: schemas/score.avsc cannot read what schema`),
    })
    await expect(lookUpSchemaIds(connection, settings)).rejects.toMatchObject({ code: 'DIFFERENT_SCHEMA' })
  })

  test('refuses this program when a newer one has registered its schema', async () => {
    const { connection } = sharedStack()
    const settings = { topicPrefix: uniquePrefix() }
    await deploySchemas(connection, settings)
    await registerChanged(`${settings.topicPrefix}scores-value`, (fields) => [...fields, optional])
    const newer = { code: 'DIFFERENT_SCHEMA', message: expect.stringContaining('newer than this program') }
    await expect(lookUpSchemaIds(connection, settings)).rejects.toMatchObject(newer)
    await expect(deploySchemas(connection, settings)).rejects.toMatchObject(newer)
  })

  test('takes a schema that can read what an older one has written', async () => {
    const { connection } = sharedStack()
    const settings = { topicPrefix: uniquePrefix() }
    const subject = `${settings.topicPrefix}scores-value`
    await registerChanged(subject, (fields) => [...fields, optional])
    const changes = await deploySchemas(connection, settings)
    expect(changes.find(({ name }) => name === subject)).toMatchObject({ action: 'updated' })
    expect(await lookUpSchemaIds(connection, settings)).toHaveProperty('scores')
  })

  test('tells an unknown id from a registry that is down', async () => {
    const { connection } = sharedStack()
    await expect(fetchSchema(connection, 987_654)).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
    const [port] = await freePorts(1)
    const nobody = { ...connection, registry: `http://127.0.0.1:${port}/apis/ccompat/v7` }
    await expect(lookUpSchemaIds(nobody, { topicPrefix: '' })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await expect(deploySchemas(nobody, { topicPrefix: '' })).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })
})
