import type { Condition, Rule } from '#schemas/types.ts'
import { operandIndex, operands } from './operands.ts'

const DEPTH_MAX = 8
const CONDITIONS_MAX = 64
const COOLDOWN_MAX_SECONDS = 30 * 86_400

const joins = new Set<string>(['AND', 'OR', 'NOT'])
const comparisons = new Set<string>(['GT', 'GTE', 'LT', 'LTE', 'EQ'])
const kinds = new Set<string>(['VELOCITY', 'ANOMALY', 'FRAUD'])
const severities = new Set<string>(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])
const statuses = new Set<string>(['ACTIVE', 'PAUSED'])

const ruleKeys = [
  'rule_id',
  'status',
  'kind',
  'severity',
  'description',
  'when',
  'cooldown_seconds',
  'sample_share',
] satisfies (keyof Rule)[]
const conditionKeys = ['op', 'feature', 'value', 'times', 'of', 'children'] satisfies (keyof Condition)[]

const oneOf = (allowed: ReadonlySet<string>): string => [...allowed].join(', ')

/** All that is wrong with a rule, each mistake with its path; nothing for a rule that can be applied. */
export function checkRule(rule: Rule): string[] {
  const mistakes: string[] = []
  if (!rule.rule_id) mistakes.push('rule_id: expected a name, got nothing')
  if (!statuses.has(rule.status)) mistakes.push(`status: expected ${oneOf(statuses)}, got ${rule.status}`)
  if (!kinds.has(rule.kind)) mistakes.push(`kind: expected ${oneOf(kinds)}, got ${rule.kind}`)
  if (!severities.has(rule.severity)) mistakes.push(`severity: expected ${oneOf(severities)}, got ${rule.severity}`)
  if (typeof rule.description !== 'string') mistakes.push(`description: expected a text, got ${rule.description}`)
  checkKeys(rule, ruleKeys, '', mistakes)
  const { cooldown_seconds: seconds, sample_share: share } = rule
  if (!(seconds >= 0 && seconds <= COOLDOWN_MAX_SECONDS)) {
    mistakes.push(`cooldown_seconds: expected 0 to ${COOLDOWN_MAX_SECONDS}, got ${seconds}`)
  }
  if (!(share > 0 && share <= 1)) mistakes.push(`sample_share: expected above 0, at most 1, got ${share}`)
  const count = checkCondition(rule.when, 'when', 1, mistakes)
  if (count > CONDITIONS_MAX) mistakes.push(`when: expected at most ${CONDITIONS_MAX} conditions, got ${count}`)
  return mistakes
}

/** Returns how many conditions there are. */
function checkCondition(condition: Condition, path: string, depth: number, mistakes: string[]): number {
  if (depth > DEPTH_MAX) {
    mistakes.push(`${path}: expected at most ${DEPTH_MAX} levels`)
    return 1
  }
  checkKeys(condition, conditionKeys, `${path}.`, mistakes)
  if (joins.has(condition.op)) return checkJoin(condition, path, depth, mistakes)
  if (comparisons.has(condition.op)) checkComparison(condition, path, mistakes)
  else mistakes.push(`${path}.op: expected ${oneOf(joins)}, ${oneOf(comparisons)}, got ${condition.op}`)
  return 1
}

/** A misspelt key would be left out in silence. */
function checkKeys(given: object, known: readonly string[], path: string, mistakes: string[]): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) mistakes.push(`${path}${key}: no such key; expected ${known.join(', ')}`)
  }
}

function checkJoin({ op, children }: Condition, path: string, depth: number, mistakes: string[]): number {
  if (op === 'NOT' ? children.length !== 1 : children.length === 0) {
    const expected = op === 'NOT' ? 'exactly one condition' : 'at least one condition'
    mistakes.push(`${path}.children: ${op} expects ${expected}, got ${children.length}`)
  }
  let count = 1
  children.forEach((child, i) => {
    count += checkCondition(child, `${path}.children[${i}]`, depth + 1, mistakes)
  })
  return count
}

function checkComparison(condition: Condition, path: string, mistakes: string[]): void {
  const { feature, value, times, of, children } = condition
  checkOperand(feature, `${path}.feature`, mistakes)
  if (children.length > 0) mistakes.push(`${path}.children: a comparison joins nothing, got ${children.length}`)
  if (value === null && times === null) {
    mistakes.push(`${path}: expected a value, or times and of, to compare with`)
  }
  if ((times === null) !== (of === null)) mistakes.push(`${path}: times and of go together`)
  if (of !== null) checkOperand(of, `${path}.of`, mistakes)
  for (const [name, number] of [
    ['value', value],
    ['times', times],
  ] as const) {
    if (number !== null && !Number.isFinite(number)) mistakes.push(`${path}.${name}: expected a number, got ${number}`)
  }
}

function checkOperand(name: string | null, path: string, mistakes: string[]): void {
  if (name === null) mistakes.push(`${path}: expected the name of a feature or field, got nothing`)
  else if (operandIndex(name) === undefined) {
    mistakes.push(`${path}: no feature or field is called ${name}; did you mean ${nearest(name)}?`)
  }
}

function nearest(name: string): string {
  let best = ''
  let least = Number.POSITIVE_INFINITY
  for (const operand of operands) {
    const distance = editDistance(name.toLowerCase(), operand.name)
    if (distance < least) {
      least = distance
      best = operand.name
    }
  }
  return best
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
