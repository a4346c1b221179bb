import { describe, expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import { readLightgbm } from '#services/scorer/model/lightgbm.ts'
import { readModel } from '#services/scorer/model/model-file.ts'
import { quickScorer } from '#services/scorer/model/quick-scorer.ts'
import { TreeNodes } from '#services/scorer/model/tree-nodes.ts'
import { missing, rawScore, type Trees } from '#services/scorer/model/trees.ts'
import shipped from '#services/scorer/score-model.json' with { type: 'json' }
import { treeFixture } from './fixtures.ts'

/** x0 <= 0 ? 0 : (x1 <= 1 ? 1 : (x0 <= 2 ? 2 : ...)), with so many splits; leaning to the other side if wanted. */
function staircase(splits: number, isMirrored = false): Trees {
  const nodes = new TreeNodes()
  nodes.beginTree()
  const join = (node: number, leaf: number, rest: number): void =>
    isMirrored ? nodes.join(node, rest, leaf) : nodes.join(node, leaf, rest)
  let last: number | undefined
  for (let i = 0; i < splits; i++) {
    const limit = isMirrored ? splits - i : i
    const split = nodes.split({ feature: i % 2, limit, missing: missing.asZero, cover: splits - i + 1 })
    if (last !== undefined) join(last, nodes.leaf(i, 1), split)
    last = split
  }
  join(last!, nodes.leaf(splits, 1), nodes.leaf(splits + 1, 1))
  return nodes.finish(['x0', 'x1'], 0.1, 1)
}

/** Rows of numbers around the limits of the trees, many of them at a limit itself. */
function rowsFor({ names, feature, value }: Trees, count: number): Float32Array[] {
  const random = new Random().at(streamKey('quick-scorer', 'test'), 0, count)
  const limits = names.map((_, own) => [0, ...value.filter((__, node) => feature[node] === own)])
  return Array.from({ length: count }, () =>
    Float32Array.from(limits, (its) => random.pick(its) + (random.chance(0.5) ? 0 : random.normal())),
  )
}

const same = (trees: Trees, rows: readonly Float32Array[]): void => {
  const score = quickScorer(trees)
  for (const row of rows) expect(score(row)).toBe(rawScore(trees, row))
}

describe('gives what going down each tree gives, to the last bit', () => {
  test('with the shipped model', () => {
    const { trees } = readModel(shipped)
    same(trees, rowsFor(trees, 500))
  })

  test('with LightGBM’s, whether values can be missing or not', () => {
    for (const name of ['lightgbm', 'lightgbm-missing']) {
      const { model, rows } = treeFixture(name)
      same(readLightgbm(model), rows)
    }
  })

  test.each([1, 2, 31, 32, 60])('with a staircase of %i splits, leaning to either side', (splits) => {
    for (const trees of [staircase(splits), staircase(splits, true)]) same(trees, rowsFor(trees, 200))
  })

  test('for rows with NaN, and after them', () => {
    const trees = staircase(9)
    const nan = Float32Array.of(5, Number.NaN)
    same(trees, [nan, Float32Array.of(5, 5), nan, Float32Array.of(100, 100)])
  })
})

test('a limit moved by little shows', () => {
  const trees = staircase(9)
  const moved = quickScorer({
    ...trees,
    value: trees.value.map((value, i) => (trees.feature[i]! < 0 ? value : value - 0.01)),
  })
  const rows = rowsFor(trees, 200)
  expect(rows.some((row) => moved(row) !== rawScore(trees, row))).toBe(true)
})
