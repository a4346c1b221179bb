import type { FeatureContext } from './feature-context.ts'
import { computeFeatures, featureList } from './features.ts'
import { fields } from './fields.ts'
import { unrolled } from './unrolled.ts'

/** What a condition may name. `score` comes last: it is computed from all the others. */
export interface Operand {
  readonly name: string
  readonly unit: string
  readonly words: string
}

const fieldEntries = Object.entries(fields)
const computeFields = unrolled(
  fieldEntries.map(([, { compute }]) => compute),
  featureList.length,
)

export const operands: readonly Operand[] = [
  ...featureList,
  ...fieldEntries.map(([name, { unit, words }]) => ({ name, unit, words })),
  { name: 'score', unit: 'share', words: 'score' },
]

export const scoreIndex = operands.length - 1

const indexByName = new Map(operands.map(({ name }, index) => [name, index]))

/** Where an operand's value is; undefined for an unknown name. */
export const operandIndex = (name: string): number | undefined => indexByName.get(name)

/** Fills `values`, one place an operand, but for the score. */
export function computeOperands(context: FeatureContext, values: Float64Array): void {
  computeFeatures(context, values)
  computeFields(context, values)
}
