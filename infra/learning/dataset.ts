/** Rows of features with their labels: row i is `values` from i times the number of names on. */
export interface Dataset {
  readonly names: readonly string[]
  readonly values: Float32Array
  /** 1 for fraud, else 0. */
  readonly labels: Uint8Array
}

export const rowOf = ({ names, values }: Dataset, row: number): Float32Array =>
  values.subarray(row * names.length, (row + 1) * names.length)

/** Throws RangeError for what cannot be learnt from: a value that is no number, or labels of one kind only. */
export function checkDataset({ names, values, labels }: Dataset): void {
  if (values.length !== labels.length * names.length) {
    throw new RangeError(`expected ${labels.length} rows of ${names.length} values, came ${values.length} values`)
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const row = Math.floor(wrong / names.length)
    throw new RangeError(`${names[wrong % names.length]} of row ${row}: expected a number, came ${values[wrong]}`)
  }
  const positives = positivesOf(labels)
  if (positives === 0 || positives === labels.length) {
    throw new RangeError(`expected rows of both labels, came ${positives} frauds among ${labels.length} rows`)
  }
}

export const positivesOf = (labels: Uint8Array): number => labels.reduce((sum, label) => sum + label, 0)

/** The log-odds of a row drawn at random. */
export function logOddsOf(labels: Uint8Array): number {
  const positives = positivesOf(labels)
  return Math.log(positives / (labels.length - positives))
}
