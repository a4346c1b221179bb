import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectKafka } from '#infra/kafka/client.ts'
import { waitForLeaders } from '#infra/kafka/deploy-topics.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { topicNames } from '#schemas/topics.ts'
import { defaultSettings } from '#services/settings.ts'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { silent } from '../helpers/deployed.ts'
import { GenuineCustomer, NOON_MS } from '../helpers/genuine.ts'
import { send } from '../helpers/records.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-commands-'))
const prefix = uniquePrefix()

const run = (args: readonly string[], topicPrefix = prefix) =>
  rupeestream([...args, '--topic-prefix', topicPrefix, '--data-dir', folder], connectedTo(sharedStack().connection))

/** What was done, by name, as a table of changes says it. */
const changes = (out: string): Map<string, string> =>
  new Map(out.split('\n').map((line) => line.split(/ {2,}/) as [string, string]))

afterEach(() => Child.endAll())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeOnStack('topics', () => {
  test('are made once, and then found to be as they should', async () => {
    const first = await run(['topics'])
    expect(first.code, first.errors).toBe(0)
    expect([...changes(first.out)]).toEqual(topicNames.map((name) => [prefix + name, 'created']))
    const second = await run(['topics'])
    expect([...changes(second.out).values()]).toEqual(topicNames.map(() => 'unchanged'))
    const { code, out } = await run(['topics', '--check'])
    expect({ code, out }).toEqual({ code: 0, out: `all ${topicNames.length} topics are as they should be` })
  })

  test('that would delete simulated time are an error that says what was found and what is needed', async () => {
    const other = uniquePrefix()
    const admin = connectKafka(sharedStack().connection, 'test', silent).admin()
    await admin.connect()
    const plain = { topic: `${other}transactions`, numPartitions: 3, replicationFactor: 1 }
    await admin.createTopics({ topics: [plain], waitForLeaders: false })
    await waitForLeaders(admin, [plain.topic])
    await admin.disconnect()
    const { code, errors } = await run(['topics'], other)
    expect(code).toBe(1)
    const topic = `topic ${other}transactions`
    expect(errors).toContain(`${topic} has 3 partitions, ${defaultSettings.partitions} are needed`)
    expect(errors).toContain(
      `${topic} has retention.ms=604800000, which refuses or deletes records of simulated time: -1 is needed`,
    )
    expect(errors).toContain(`${topic} has message.timestamp.after.max.ms=3600000`)
    expect(errors).not.toContain('    at ')
  })
})

describeOnStack('schemas', () => {
  test('are registered once, and have ids', async () => {
    const first = await run(['schemas'])
    expect(first.code, first.errors).toBe(0)
    const subjects = [...changes(first.out)].filter(([name]) => name.startsWith(prefix))
    expect(subjects).toEqual(topicNames.map((name) => [`${prefix}${name}-value`, 'created']))
    const { code, out } = await run(['schemas', '--check'])
    expect(code).toBe(0)
    expect([...changes(out).keys()]).toEqual(topicNames.map((name) => prefix + name))
    for (const id of changes(out).values()) expect(id).toMatch(/^schema \d+$/)
  })

  test('that are not there are an error that names the command', async () => {
    const { code, errors } = await run(['schemas', '--check'], uniquePrefix())
    expect(code).toBe(1)
    expect(errors).toMatch(/customers-value: the registry has no such subject\. Run `rupeestream schemas`/)
  })
})

describeOnStack('tail', () => {
  const customer = new GenuineCustomer(7, 10_000)
  // Coordinates are 32-bit floats on the wire.
  const payment = customer.pay(NOON_MS, 250, { lat: 18.5, lon: 73.75 })

  beforeAll(async () => {
    const { connection } = sharedStack()
    await Promise.all([run(['topics']), run(['schemas'])])
    const codec = new Codec(await lookUpSchemaIds(connection, { topicPrefix: prefix }))
    const value = codec.encode('transactions', payment)
    const record = { key: customer.id, timestampMs: NOON_MS }
    await send(`${prefix}transactions`, defaultSettings.partitions, [
      { ...record, value: Buffer.from('junk') },
      { ...record, value },
    ])
  })

  test('shows records decoded, as JSON, and says which it cannot read', async () => {
    const { code, out, errors } = await run(['tail', 'transactions', '--from-beginning', '-n', '2', '--json'])
    expect(code, errors).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      topic: 'transactions',
      key: customer.id,
      timestampMs: NOON_MS,
      value: JSON.parse(JSON.stringify(payment)),
    })
    expect(errors).toMatch(/^transactions\[\d\] @0: expected magic byte 0/)
  })

  test('ends with 130 when it is interrupted', async () => {
    const args = ['tail', 'transactions', '--from-beginning', '--topic-prefix', prefix]
    const child = new Child('infra/cli/main.ts', args, connectedTo(sharedStack().connection))
    await child.until('shown', () => child.out.some((line) => line.includes(payment.transaction_id)))
    child.signal('SIGINT')
    expect(await child.ended).toEqual({ code: 130, signal: null })
  })

  test('of a topic that does not exist suggests one that does', async () => {
    const { code, errors } = await run(['tail', 'transaction'])
    expect(code).toBe(2)
    expect(errors).toContain('Did you mean transactions?')
  })

  test('of topics that nobody has made says so', async () => {
    const nowhere = uniquePrefix()
    expect((await run(['schemas'], nowhere)).code).toBe(0)
    const { code, errors } = await run(['tail', 'transactions'], nowhere)
    expect(code).toBe(1)
    expect(errors).toBe(`topic ${nowhere}transactions does not exist: run \`rupeestream topics\``)
  })
})
