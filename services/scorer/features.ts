import { anomalyFeatures } from './anomaly-features.ts'
import { behavioralFeatures } from './behavioral.ts'
import { extensionFeatures } from './extensions.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import list from './features.json' with { type: 'json' }
import { geographicFeatures } from './geographic.ts'
import { interactionFeatures } from './interaction.ts'
import { networkFeatures } from './network.ts'
import { unrolled } from './unrolled.ts'
import { velocityFeatures } from './velocity.ts'

/** A feature as data: what documentation, rules and tests know of it. */
export interface FeatureDescription {
  readonly name: string
  readonly group: string
  readonly subgroup: string
  /** Whose payments are looked at. */
  readonly key: string
  /** Event time looked back over; `point`, `last` and `derived` look at no window. */
  readonly window: string
  readonly type: string
  /** Of the value, and how it is written in alerts. */
  readonly unit: string
  /** Value while nothing is known. */
  readonly cold_start: string
  /** How alerts call it. */
  readonly words: string
  readonly definition: string
  /** Whether the definition is the one asked for (S), and what was chosen beyond it (C). */
  readonly basis: string
}

/** The functions by name. A new feature is one function in one of these tables and one row in features.json. */
export const featureFunctions = {
  ...velocityFeatures,
  ...behavioralFeatures,
  ...geographicFeatures,
  ...networkFeatures,
  ...anomalyFeatures,
  ...interactionFeatures,
  ...extensionFeatures,
} satisfies Record<string, FeatureFunction>

export type FeatureName = keyof typeof featureFunctions

/** The features in the order of their values in a record. */
export const featureList: readonly FeatureDescription[] = list.features

export const featureListVersion = list.version

/** Makes what fills the first places of `values` with the features of a payment, in the order of the list. */
export function computerOf(
  functions: Readonly<Record<string, FeatureFunction>>,
): (context: FeatureContext, values: Float64Array) => void {
  const inOrder = featureList.map(({ name }): FeatureFunction => {
    const compute = functions[name]
    if (compute === undefined) throw new Error(`features.json lists ${name}, which no function computes`)
    return compute
  })
  return unrolled(inOrder)
}

export const computeFeatures = computerOf(featureFunctions)

/** Of a number in single precision. */
const BYTES = Float32Array.BYTES_PER_ELEMENT

/** Rows are cut from pieces of so many: to ask for memory one by one costs more than to fill it. */
const ROWS_PER_PIECE = 64
let piece = new Float32Array(0)
let used = 0

/**
 * Single precision, little endian, 4 bytes a feature: the `values` of a Features record. As the machine has them, for
 * to write them byte by byte takes several times as long; machines of the other order are none of ours.
 */
export function encodeFeatures(values: Float64Array): Uint8Array {
  if (used === piece.length) {
    piece = new Float32Array(ROWS_PER_PIECE * featureList.length)
    used = 0
  }
  const row = piece
  const start = used
  for (let i = 0; i < featureList.length; i++) row[start + i] = values[i]!
  used += featureList.length
  return new Uint8Array(row.buffer, BYTES * start, BYTES * featureList.length)
}

/** The features of a record of this list version by name. Throws RangeError for another number of values. */
export function decodeFeatures(values: Uint8Array): Map<string, number> {
  if (values.byteLength !== BYTES * featureList.length) {
    throw new RangeError(`expected ${BYTES * featureList.length} bytes of features, got ${values.byteLength}`)
  }
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return new Map(featureList.map(({ name }, i) => [name, view.getFloat32(BYTES * i, true)]))
}
