import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import type { Features } from '#schemas/types.ts'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { send } from '../helpers/records.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-replay-'))
const topicPrefix = uniquePrefix()
const scenarioFile = join(folder, 'scenario.yaml')
const reportFile = join(folder, 'parity.json')
const own = ['--scenario', scenarioFile, '--data-dir', join(folder, 'data')]

writeFileSync(
  scenarioFile,
  stringify({
    topicPrefix,
    partitions: 2,
    population: { customers: 200 },
    clock: { history: '2d' },
    pace: { speed: 10_000 },
    fraud: { rate: 0.05 },
  }),
)

afterEach(() => Child.endAll())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Report {
  readonly transactions: number
  readonly holds: boolean
  readonly topics: readonly {
    readonly topic: string
    readonly compared: number
    readonly equal: number
    readonly examples: readonly { readonly id: string; readonly what: string }[]
  }[]
}

describeOnStack('replay', () => {
  test('finds a run equal to what its topics say, and one record that is too much', async () => {
    const { connection } = sharedStack()
    const environment = connectedTo(connection)
    const replay = async () => {
      const { code, out, errors } = await rupeestream(['replay', '--json', reportFile, ...own], environment)
      return { code, out, errors, report: JSON.parse(readFileSync(reportFile, 'utf8')) as Report }
    }
    const run = await rupeestream(['start', '--json', '--for', '5s', '--metrics-port', '0', ...own], environment)
    expect(run.code, run.errors).toBe(0)

    const first = await replay()
    expect(first.code, first.out + first.errors).toBe(0)
    const { transactions, topics } = first.report
    expect(transactions).toBeGreaterThan(500)
    expect(topics.slice(0, 2)).toMatchObject([
      { topic: 'features', compared: transactions, equal: transactions, examples: [] },
      { topic: 'scores', compared: transactions, equal: transactions, examples: [] },
    ])
    const alerts = topics.slice(2)
    expect(alerts.reduce((sum, { equal }) => sum + equal, 0)).toBeGreaterThan(0)
    for (const { compared, equal } of alerts) expect(equal).toBe(compared)

    const forged: Features = {
      transaction_id: 'FORGED',
      customer_id: 'CUST0000001',
      event_time: Date.parse('2025-10-13T06:30:00Z'),
      intended_at: null,
      list_version: 1,
      values: Buffer.alloc(4),
    }
    const value = new Codec(await lookUpSchemaIds(connection, { topicPrefix })).encode('features', forged)
    await send(`${topicPrefix}features`, 2, [{ key: forged.customer_id, value, timestampMs: forged.event_time }])
    const second = await replay()
    expect(second.code, second.errors).toBe(1)
    expect(second.report.topics[0]!.examples).toMatchObject([{ id: 'FORGED', what: 'extra' }])
    expect(second.out).toContain('What the run wrote is NOT what is recomputed.')
  })
})
