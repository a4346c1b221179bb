import { partitionOf } from '#schemas/partition.ts'
import type { Rule } from '#schemas/types.ts'
import shipped from '#services/scorer/rules.json' with { type: 'json' }
import type { Settings } from '#services/settings.ts'
import type { Connection } from '../connection.ts'
import { follow, quietLog } from './topic-access.ts'

/** A reader of committed records never sees where a topic ends: so long without another record is taken for it. */
const QUIET_MS = 4_000

/** A rule and where it comes from. */
export interface KnownRule {
  readonly rule: Rule
  readonly from: 'shipped' | 'changed' | 'added'
}

/** The shipped rules with what the topic says on top, in the order of their ids. Takes some seconds. */
export async function readRules(connection: Connection, settings: Settings): Promise<KnownRule[]> {
  const changes = new Map<string, Rule | null>()
  const quiet = new AbortController()
  const wait = () => setTimeout(() => quiet.abort(), QUIET_MS)
  let timer = wait()
  for await (const { key, value } of await follow(connection, settings, 'rules', true, quiet.signal)) {
    clearTimeout(timer)
    timer = wait()
    if (value !== undefined) changes.set(key, value as Rule | null)
  }
  return mergeRules(shipped as unknown as Rule[], changes)
}

/** What is in force when a topic says `changes`: null takes a change back. */
export function mergeRules(rules: readonly Rule[], changes: ReadonlyMap<string, Rule | null>): KnownRule[] {
  const known = new Map<string, KnownRule>(rules.map((rule) => [rule.rule_id, { rule, from: 'shipped' }]))
  for (const [id, rule] of changes) {
    if (rule !== null) known.set(id, { rule, from: known.has(id) ? 'changed' : 'added' })
  }
  return [...known.values()].sort((a, b) => (a.rule.rule_id < b.rule.rule_id ? -1 : 1))
}

/** Writes rules by id; null takes back what was written before. All of them, or none. */
export async function writeRules(
  connection: Connection,
  { topicPrefix, partitions }: Settings,
  rules: ReadonlyMap<string, Rule | null>,
): Promise<void> {
  const [{ connectKafka }, { TransactionalProducer }, { Outbox }, { Codec }, { lookUpSchemaIds }] = await Promise.all([
    import('../kafka/client.ts'),
    import('../kafka/transactional-producer.ts'),
    import('../kafka/outbox.ts'),
    import('../registry/codec.ts'),
    import('../registry/look-up.ts'),
  ])
  const codec = new Codec(await lookUpSchemaIds(connection, { topicPrefix }))
  const outbox = new Outbox()
  for (const [id, rule] of rules) {
    const value = rule === null ? null : codec.encode('rules', rule)
    outbox.add(`${topicPrefix}rules`, {
      key: id,
      value,
      timestamp: String(Date.now()),
      partition: partitionOf(id, partitions),
    })
  }
  const kafka = connectKafka(connection, 'rupeestream-rules', quietLog())
  const producer = await TransactionalProducer.open(kafka, `${topicPrefix}rules-cli`)
  try {
    await producer.deliver({ parcels: outbox.take() })
  } finally {
    await producer.discard()
  }
}
