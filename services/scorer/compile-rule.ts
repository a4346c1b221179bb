import type { Condition, Reason, Rule } from '#schemas/types.ts'
import { mix } from '#services/market/identifiers.ts'
import { hash32 } from '#services/random.ts'
import { SECOND_MS } from '#services/time.ts'
import { operandIndex, operands } from './operands.ts'
import { type Measure, reasonOf } from './words.ts'

/** A rule ready to be applied to the operands of a payment. */
export interface CompiledRule {
  readonly rule: Rule
  /** Names the rule in customers' cool-downs. */
  readonly hash: number
  readonly cooldownMs: number
  readonly fires: (values: Float64Array) => boolean
  /** Whether it raises alerts for a customer at all. */
  readonly samples: (customerId: string) => boolean
  /**
   * What was compared and held, once each: what is unusual before what only narrows the rule down. `shares` has what each
   * operand contributes to the score.
   */
  readonly reasons: (values: Float64Array, shares: Float64Array) => Reason[]
}

interface Test {
  readonly holds: (values: Float64Array) => boolean
  /** The comparisons that speak for it; none below a NOT, for what is absent is no reason. */
  readonly leaves: readonly Leaf[]
}

interface Leaf {
  readonly index: number
  readonly holds: (values: Float64Array) => boolean
  readonly baseline: (values: Float64Array) => number
  readonly measure: Measure
}

/** The rule must have passed `checkRule`. */
export function compileRule(rule: Rule): CompiledRule {
  const { holds, leaves } = compile(rule.when)
  return {
    rule,
    hash: hash32(rule.rule_id),
    cooldownMs: rule.cooldown_seconds * SECOND_MS,
    fires: holds,
    samples: (customerId) => rule.sample_share === 1 || isSampled(rule, customerId),
    reasons: (values, shares) => {
      const held = new Map<number, Leaf>()
      for (const leaf of leaves) if (leaf.holds(values) && !held.has(leaf.index)) held.set(leaf.index, leaf)
      const order = [...held.values()].sort((a, b) => rank(a, values) - rank(b, values))
      return order.map(({ index, baseline, measure }) =>
        reasonOf(operands[index]!, values[index]!, baseline(values), measure, shares[index]!),
      )
    },
  }
}

/** By customer, not by payment: what belongs to one cause is told or left out as a whole. */
const isSampled = ({ rule_id, sample_share }: Rule, customerId: string): boolean =>
  mix(hash32(rule_id), hash32(customerId)) < sample_share * 2 ** 32

/** How much is known of a customer is no reason at all, and a flag that is not set is hardly one. */
function rank({ index }: Leaf, values: Float64Array): number {
  const { name, unit } = operands[index]!
  if (name.startsWith('own_')) return 2
  return unit === 'flag' && values[index] === 0 ? 1 : 0
}

function compile(condition: Condition): Test {
  const { op } = condition
  if (op !== 'AND' && op !== 'OR' && op !== 'NOT') return compileComparison(condition)
  const tests = condition.children.map(compile)
  const leaves = op === 'NOT' ? [] : tests.flatMap((test) => test.leaves)
  if (op === 'NOT') return { holds: (values) => !tests[0]!.holds(values), leaves }
  const all = tests.map((test) => test.holds)
  return { holds: op === 'OR' ? anyOf(all) : allOf(all), leaves }
}

type Holds = Test['holds']

/** Loops of their own: `some` and `every` are dearer than most comparisons. */
function anyOf(tests: readonly Holds[]): Holds {
  return (values) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(values)) return true
    return false
  }
}

function allOf(tests: readonly Holds[]): Holds {
  return (values) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(values)) return false
    return true
  }
}

function compileComparison(condition: Condition): Test {
  const index = indexOf(condition.feature)
  const limit = compileLimit(condition)
  const holds = condition.of === null ? compareFixed(condition, index) : compare(condition.op, index, limit)
  if (condition.of === null) return { holds, leaves: [{ index, holds, baseline: limit, measure: 'limit' }] }
  const other = indexOf(condition.of)
  return { holds, leaves: [{ index, holds, baseline: (values) => values[other]!, measure: 'ordinary' }] }
}

/** max(value, times x of), or the one of the two that is given. */
function compileLimit({ value, times, of }: Condition): (values: Float64Array) => number {
  if (times === null) return () => value ?? 0
  const other = indexOf(of)
  if (value === null) return (values) => times * values[other]!
  return (values) => Math.max(value, times * values[other]!)
}

function compare(
  op: Condition['op'],
  index: number,
  limit: (values: Float64Array) => number,
): (values: Float64Array) => boolean {
  switch (op) {
    case 'GT':
      return (values) => values[index]! > limit(values)
    case 'GTE':
      return (values) => values[index]! >= limit(values)
    case 'LT':
      return (values) => values[index]! < limit(values)
    case 'LTE':
      return (values) => values[index]! <= limit(values)
    case 'EQ':
      return (values) => values[index]! === limit(values)
    default:
      throw new TypeError(`${op} does not compare`)
  }
}

/** With a limit that is the same for all payments, as most are. */
function compareFixed({ op, value }: Condition, index: number): (values: Float64Array) => boolean {
  const limit = value ?? 0
  switch (op) {
    case 'GT':
      return (values) => values[index]! > limit
    case 'GTE':
      return (values) => values[index]! >= limit
    case 'LT':
      return (values) => values[index]! < limit
    case 'LTE':
      return (values) => values[index]! <= limit
    default:
      return compare(op, index, () => limit)
  }
}

function indexOf(name: string | null): number {
  const index = name === null ? undefined : operandIndex(name)
  if (index === undefined) throw new TypeError(`no feature or field is called ${name}`)
  return index
}
