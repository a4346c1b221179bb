import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, expect, test } from 'vitest'
import { connectKafka } from '#infra/kafka/client.ts'
import { deployTopics } from '#infra/kafka/deploy-topics.ts'
import { MemoryLog } from '#infra/memory/memory-log.ts'
import { deploySchemas } from '#infra/registry/deploy-schemas.ts'
import type { TopicName } from '#schemas/topics.ts'
import { World } from '#services/producer/world.ts'
import { type ScenarioFile, settingsSchema } from '#services/settings.ts'
import { readCommitted } from '../helpers/chaos/read-committed.ts'
import { type Line, lineOf } from '../helpers/chaos/stage.ts'
import { Child, connectedTo } from '../helpers/child.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const PARTITIONS = 8
const topics = ['transactions.genuine', 'customer-events'] as const satisfies TopicName[]
const scenario: ScenarioFile = {
  seed: 'shards',
  population: { customers: 500 },
  clock: { history: '8d' },
  // Small transactions: the kills strike while there is still much to do.
  runner: { transactionRecordsMax: 2 },
}
const log = pino({ level: 'silent' })

/** Whatever partition and order they came in. */
const digest = (lines: readonly Line[]): string =>
  createHash('sha256')
    .update([...lines].sort().join('\n'))
    .digest('hex')

/** What one world without partitions, in memory and undisturbed, makes before the live clock starts; and by partition. */
function undisturbed() {
  const memory = new MemoryLog(1)
  const world = new World(settingsSchema.parse({ ...scenario, partitions: 1 }), 0)
  while (world.peekMs() < world.liveFromMs) world.next(memory.append.bind(memory), null)
  return topics.flatMap((topic) =>
    memory.log(topic, 0).map(({ key, timestampMs, value }) => lineOf(key, String(timestampMs), value)),
  )
}

function paymentsOf(partition: number): number {
  const world = new World(settingsSchema.parse({ ...scenario, partitions: PARTITIONS }), partition)
  while (world.peekMs() < world.liveFromMs) world.next(() => {}, null)
  return world.transactions
}

describeOnStack('the producer', () => {
  const { connection } = sharedStack()
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-shards-'))
  const expected = undisturbed()
  const payments = Array.from({ length: PARTITIONS }, (_, partition) => paymentsOf(partition))

  afterEach(() => Child.endAll())
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Lives one shard's history, killed after each share of it; how many kills there were. */
  async function live(file: string, index: number, of: number, kills: readonly number[]): Promise<void> {
    const due = payments.reduce((sum, count, partition) => (partition % of === index ? sum + count : sum), 0)
    const args = ['--scenario', file, '--shard', `${index}/${of}`, '--hold-live']
    const start = () => new Child('services/producer/main.ts', args, connectedTo(connection))
    const committed = (child: Child) => (child.status?.service === 'producer' ? child.status.transactions : 0)
    for (const share of kills) {
      const child = start()
      await child.until(`${share} of its payments are committed`, () => committed(child) > share * due)
      expect(committed(child), 'the kill comes before the end').toBeLessThan(due)
      child.signal('SIGKILL')
      expect((await child.ended).signal).toBe('SIGKILL')
    }
    const last = start()
    await last.until('all of its payments are committed', () => committed(last) === due)
    last.signal('SIGTERM')
    expect((await last.ended).code).toBe(0)
  }

  test.each([1, 2, 3, 8])('as %i processes, each killed twice, makes the same payments, none twice', async (shards) => {
    const settings = settingsSchema.parse({ ...scenario, partitions: PARTITIONS, topicPrefix: uniquePrefix() })
    const file = join(folder, `${shards}.json`)
    writeFileSync(file, JSON.stringify({ ...scenario, partitions: PARTITIONS, topicPrefix: settings.topicPrefix }))
    await deployTopics(connection, settings, log)
    await deploySchemas(connection, settings)
    await Promise.all(Array.from({ length: shards }, (_, index) => live(file, index, shards, [0.1, 0.4])))
    const names = topics.map((topic) => settings.topicPrefix + topic)
    const found = await readCommitted(connectKafka(connection, 'chaos', log), names, PARTITIONS)
    const lines = [...found.values()].flat().map(({ key, timestamp, value }) => lineOf(String(key), timestamp, value))
    expect(lines).toHaveLength(expected.length)
    expect(digest(lines)).toBe(digest(expected))
  })
})
