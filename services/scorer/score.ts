import type { Reason } from '#schemas/types.ts'
import { operandIndex, operands } from './operands.ts'
import model from './score-model.json' with { type: 'json' }
import { reasonOf } from './words.ts'

export const modelVersion = model.version

const REASONS_MAX = 3

interface Term {
  readonly index: number
  /** Where the ramp starts: up to here a value is ordinary. */
  readonly from: number
  readonly to: number
  /** Added to the log-odds at the end of the ramp. */
  readonly weight: number
}

const terms = model.terms.map(({ operand, from, to, weight }): Term => {
  const index = operandIndex(operand)
  if (index === undefined) throw new Error(`score-model.json names ${operand}, which is no operand`)
  return { index, from, to, weight }
})

const contributions = new Float64Array(terms.length)

/**
 * The log-odds of fraud as a sum of ramps, each from 0 at `from` to its weight at `to`, as a probability. The weights
 * are set by hand: what each says can be read in score-model.json.
 */
export function scoreOf(values: Float64Array): { readonly score: number; readonly reasons: readonly Reason[] } {
  let total = 0
  for (let i = 0; i < terms.length; i++) {
    const { index, from, to, weight } = terms[i]!
    contributions[i] = weight * Math.min(1, Math.max(0, (values[index]! - from) / (to - from)))
    total += contributions[i]!
  }
  const score = 1 / (1 + Math.exp(-(model.intercept + total)))
  return { score, reasons: total === 0 ? [] : largest(values, total) }
}

/** The largest contributions, as shares of all that speaks for fraud. */
function largest(values: Float64Array, total: number): Reason[] {
  const reasons: Reason[] = []
  const order: number[] = []
  for (let i = 0; i < terms.length; i++) if (contributions[i]! > 0) order.push(i)
  order.sort((a, b) => contributions[b]! - contributions[a]! || a - b)
  for (const i of order.slice(0, REASONS_MAX)) {
    const { index, from, to } = terms[i]!
    const measure = to > from ? 'ordinary: up to' : 'ordinary: from'
    reasons.push(reasonOf(operands[index]!, values[index]!, from, measure, contributions[i]! / total))
  }
  return reasons
}
