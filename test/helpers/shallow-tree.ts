/** A table to learn from: one array of values a column, rows in the same places in all of them. */
export interface Table {
  readonly names: readonly string[]
  readonly columns: readonly Float64Array[]
  readonly labels: Uint8Array
}

/** Predicts a share of positives. Inner nodes compare a column: up to and with `limit` goes left. */
export type Tree =
  | { readonly share: number }
  | { readonly column: number; readonly limit: number; readonly left: Tree; readonly right: Tree }

const BINS = 32
const LEAF_ROWS_MIN = 40

/** Up to 31 limits that cut the values of a column into bins of about as many rows each. */
function limitsOf(column: Float64Array, rows: readonly number[]): Float64Array {
  const sorted = Float64Array.from(rows, (row) => column[row]!).sort()
  const limits = new Set<number>()
  for (let bin = 1; bin < BINS; bin++) limits.add(sorted[Math.floor((bin * sorted.length) / BINS)]!)
  // A value that only few rows have can still give them away.
  for (const value of [sorted[0]!, sorted.at(-1)! - Number.EPSILON * Math.abs(sorted.at(-1)!)]) limits.add(value)
  return Float64Array.from(limits).sort()
}

interface Split {
  readonly column: number
  readonly limit: number
  readonly impurity: number
}

/** Gini impurity of a part, times its rows. */
const impurityOf = (rows: number, positives: number): number =>
  rows === 0 ? 0 : (2 * positives * (rows - positives)) / rows

/** A column cut into bins: the bin of each row, and where each bin but the last ends. */
interface Binned {
  readonly limits: Float64Array
  readonly bins: Uint8Array
}

function binned(column: Float64Array, rows: readonly number[]): Binned {
  const limits = limitsOf(column, rows)
  return { limits, bins: Uint8Array.from(column, (value) => binOf(limits, value)) }
}

function bestSplit(columns: readonly Binned[], labels: Uint8Array, rows: readonly number[]): Split | null {
  let best: Split | null = null
  const positives = rows.reduce((sum, row) => sum + labels[row]!, 0)
  for (const [column, { limits, bins }] of columns.entries()) {
    const count = new Int32Array(limits.length + 1)
    const positive = new Int32Array(limits.length + 1)
    for (const row of rows) {
      count[bins[row]!]!++
      positive[bins[row]!]! += labels[row]!
    }
    let left = 0
    let leftPositive = 0
    for (let bin = 0; bin < limits.length; bin++) {
      left += count[bin]!
      leftPositive += positive[bin]!
      if (left < LEAF_ROWS_MIN || rows.length - left < LEAF_ROWS_MIN) continue
      const impurity = impurityOf(left, leftPositive) + impurityOf(rows.length - left, positives - leftPositive)
      if (best === null || impurity < best.impurity) best = { column, limit: limits[bin]!, impurity }
    }
  }
  return best
}

/** The first bin whose limit the value does not exceed. */
function binOf(limits: Float64Array, value: number): number {
  let low = 0
  let high = limits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= limits[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

/** A classification tree (CART, Gini) of at most `depth` levels, over values binned by quantiles. */
export function growTree(table: Table, rows: readonly number[], depth: number): Tree {
  const columns = table.columns.map((column) => binned(column, rows))
  const grow = (own: readonly number[], left: number): Tree => {
    const split = left === 0 ? null : bestSplit(columns, table.labels, own)
    if (split === null) return { share: own.reduce((sum, row) => sum + table.labels[row]!, 0) / own.length }
    const column = table.columns[split.column]!
    const below = own.filter((row) => column[row]! <= split.limit)
    const above = own.filter((row) => column[row]! > split.limit)
    return { column: split.column, limit: split.limit, left: grow(below, left - 1), right: grow(above, left - 1) }
  }
  return grow(rows, depth)
}

export function predict({ columns }: Table, tree: Tree, row: number): number {
  let node = tree
  while (!('share' in node)) node = columns[node.column]![row]! <= node.limit ? node.left : node.right
  return node.share
}

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. */
export function areaUnderCurve(scores: readonly number[], labels: readonly number[]): number {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!)
  let rankSum = 0
  let positives = 0
  for (let i = 0; i < order.length; ) {
    let end = i
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) end++
    for (let j = i; j < end; j++) {
      if (labels[order[j]!] !== 1) continue
      positives++
      rankSum += (i + end + 1) / 2
    }
    i = end
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives))
}

/** The comparisons of a tree in words, for a failing message. */
export function describeTree({ names }: Table, tree: Tree): string {
  if ('share' in tree) return tree.share.toFixed(2)
  const { column, limit, left, right } = tree
  return `(${names[column]} <= ${limit} ? ${describeTree({ names } as Table, left)} : ${describeTree({ names } as Table, right)})`
}
