import type { Dataset } from './dataset.ts'

/** Bins of a feature at the most: a code fits into a byte. */
export const BINS_MAX = 255

/** Rows looked at to find the limits of bins. */
const ROWS_MAX = 100_000

/** A dataset with its values as bins, feature by feature. */
export interface Binned {
  /** Of each feature the values that end its bins, ascending: bin b holds what is up to limit b; one more bin the rest. */
  readonly limits: readonly Float32Array[]
  /** Of each feature the bin of each row. */
  readonly codes: readonly Uint8Array[]
}

/** Cuts each feature into bins of about as many rows each; few different values get a bin each. */
export function binned(dataset: Dataset): Binned {
  const { names, values, labels } = dataset
  const limits = names.map((_, feature) => limitsOf(dataset, feature))
  const codes = names.map((_, feature) => {
    const own = new Uint8Array(labels.length)
    for (let row = 0; row < own.length; row++) own[row] = binOf(limits[feature]!, values[row * names.length + feature]!)
    return own
  })
  return { limits, codes }
}

function limitsOf({ names, values, labels }: Dataset, feature: number): Float32Array {
  const step = Math.max(1, Math.ceil(labels.length / ROWS_MAX))
  const sorted = new Float32Array(Math.ceil(labels.length / step))
  for (let i = 0; i < sorted.length; i++) sorted[i] = values[i * step * names.length + feature]!
  sorted.sort()
  const different = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1])
  if (different.length <= BINS_MAX) return different.subarray(0, -1)
  const limits: number[] = []
  for (let bin = 1; bin < BINS_MAX; bin++) {
    const limit = sorted[Math.floor((bin * sorted.length) / BINS_MAX)]!
    if (limit !== limits.at(-1) && limit !== sorted.at(-1)) limits.push(limit)
  }
  return Float32Array.from(limits)
}

/** The first bin whose limit the value does not exceed. */
function binOf(limits: Float32Array, value: number): number {
  let low = 0
  let high = limits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= limits[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
