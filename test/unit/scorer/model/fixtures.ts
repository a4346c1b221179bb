import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What LightGBM or XGBoost says of its own model; test/fixtures/make-tree-fixtures.py makes them. */
export interface TreeFixture {
  readonly model: unknown
  readonly names: readonly string[]
  readonly rows: readonly Float32Array[]
  readonly raw: readonly number[]
  /** One a feature, and the expectation. */
  readonly contributions: readonly (readonly number[])[]
}

const folder = join(import.meta.dirname, '../../../fixtures/trees')

export function treeFixture(name: string): TreeFixture {
  const read = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const rows = read.rows.map((row: (number | null)[]) => Float32Array.from(row, (value) => value ?? Number.NaN))
  return { ...read, rows }
}
