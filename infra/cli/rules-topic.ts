import type { Rule } from '#schemas/types.ts'
import shipped from '#services/scorer/rules.json' with { type: 'json' }
import type { Settings } from '#services/settings.ts'
import type { Connection } from '../connection.ts'
import { readNewest, writeNewest } from './topic-access.ts'

/** A rule and where it comes from. */
export interface KnownRule {
  readonly rule: Rule
  readonly from: 'shipped' | 'changed' | 'added'
}

/** The shipped rules with what the topic says on top, in the order of their ids. */
export async function readRules(connection: Connection, settings: Settings): Promise<KnownRule[]> {
  return mergeRules(shipped as unknown as Rule[], await readNewest(connection, settings, 'rules'))
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
export const writeRules = (
  connection: Connection,
  settings: Settings,
  rules: ReadonlyMap<string, Rule | null>,
): Promise<void> => writeNewest(connection, settings, 'rules', rules)
