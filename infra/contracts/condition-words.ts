import type { Condition } from '#schemas/types.ts'
import { type Operand, operandIndex, operands } from '#services/scorer/operands.ts'
import { inWords, withUnit } from '#services/scorer/words.ts'
import { figure } from './example-text.ts'

const comparisons: Readonly<Partial<Record<Condition['op'], string>>> = {
  GT: 'above',
  GTE: 'at least',
  LT: 'below',
  LTE: 'at most',
  EQ: 'exactly',
}

const joins: Readonly<Partial<Record<Condition['op'], string>>> = {
  AND: 'All of these hold:',
  OR: 'At least one of these holds:',
  NOT: 'This does not hold:',
}

const operandOf = (name: string): Operand => operands[operandIndex(name)!]!

/** A checked condition as a nested list in Markdown. */
export function conditionWords(condition: Condition, depth = 0): string {
  const line = `${'  '.repeat(depth)}- ${joins[condition.op] ?? comparison(condition)}`
  return [line, ...condition.children.map((child) => conditionWords(child, depth + 1))].join('\n')
}

/** One comparison: "payments within an hour: at least the greater of 5 and 6 times own payments an hour". */
export function comparison({ op, feature, value, times, of }: Condition): string {
  const operand = operandOf(feature!)
  if (operand.unit === 'flag' && op === 'EQ' && value !== null) return inWords(operand, value)
  const limits = [
    ...(value === null ? [] : [operand.unit === 'paise' ? withUnit(value, operand.unit) : figure(value)]),
    ...(of === null ? [] : [`${times} times ${operandOf(of).words}`]),
  ]
  const limit = limits.length === 2 ? `the greater of ${limits.join(' and ')}` : limits[0]
  return `${operand.words}: ${comparisons[op]} ${limit}`
}
