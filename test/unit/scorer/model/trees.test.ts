import { describe, expect, test } from 'vitest'
import { KnownWays } from '#services/scorer/model/known-ways.ts'
import { readLightgbm } from '#services/scorer/model/lightgbm.ts'
import { type Model, readModel, writeModel } from '#services/scorer/model/model-file.ts'
import { TreeNodes } from '#services/scorer/model/tree-nodes.ts'
import { TreeShap } from '#services/scorer/model/tree-shap.ts'
import { bindTrees, missing, probability, rawScore } from '#services/scorer/model/trees.ts'
import { treeFixture } from './fixtures.ts'

/** amount <= 10 ? -1 : (pace <= 2 ? 0.5 : 2), with a base of 0.25. */
function small(how: number = missing.asZero) {
  const nodes = new TreeNodes()
  nodes.beginTree()
  const root = nodes.split({ feature: 0, limit: 10, missing: how, cover: 100 })
  const low = nodes.leaf(-1, 60)
  const high = nodes.split({ feature: 1, limit: 2, missing: how, cover: 40 })
  nodes.join(root, low, high)
  nodes.join(high, nodes.leaf(0.5, 30), nodes.leaf(2, 10))
  return nodes.finish(['amount', 'pace'], 0.25, 1)
}

const row = (...values: number[]): Float32Array => Float32Array.from(values)

test('a value up to the limit goes left, one beyond it right', () => {
  expect(rawScore(small(), row(10, 9))).toBe(-0.75)
  expect(rawScore(small(), row(10.000001, 2))).toBe(0.75)
  expect(rawScore(small(), row(11, 3))).toBe(2.25)
  expect(probability(small(), row(11, 3))).toBeCloseTo(0.9046505, 7)
})

test.each([
  ['asZero', Number.NaN, -0.75],
  ['nanLeft', Number.NaN, -0.75],
  ['nanRight', Number.NaN, 2.25],
  ['nanRight', 0, -0.75],
  ['zeroLeft', 0, -0.75],
  ['zeroRight', 0, 2.25],
  ['zeroRight', Number.NaN, 2.25],
] as const)('where %s, %d goes where it should', (how, value, raw) => {
  expect(rawScore(small(missing[how]), row(value, 5))).toBe(raw)
})

test('contributions of two features are those of Shapley, by hand', () => {
  const shap = new TreeShap(small())
  const contributions = new Float64Array(2)
  shap.explain(row(11, 3), contributions)
  // Means by cover: nothing known 0.05, amount known 0.875, pace known .6 * -1 + .4 * 2 = 0.2, both 2.
  expect(shap.expectation).toBeCloseTo(0.25 - 0.25, 12)
  const nothing = -0.25
  const [amount, pace, both] = [0.875, 0.2, 2]
  expect(contributions[0]).toBeCloseTo((amount - nothing + (both - pace)) / 2, 12)
  expect(contributions[1]).toBeCloseTo((pace - nothing + (both - amount)) / 2, 12)
})

test('trees find their features by name in another order', () => {
  const bound = bindTrees(small(), ['other', 'pace', 'amount'])
  expect(rawScore(bound, row(0, 3, 11))).toBe(2.25)
  expect(() => bindTrees(small(), ['amount'])).toThrow('the model looks at pace, which is none of the 1 features known')
})

const card = {
  data: {
    seed: 'one',
    customers: 10,
    from: '2025-09-01T00:00:00Z',
    to: '2025-10-01T00:00:00Z',
    fraudRate: 0.01,
    rows: 100,
    reported: 3,
    frauds: 4,
  },
  cut: '2025-09-20T00:00:00Z',
  training: { trees: 1 },
  metrics: { auc: 0.9, averagePrecision: null },
  baselines: { amount: 100 },
  thresholds: [{ falseAlarms: 0.01, score: 0.4 }],
  featureListVersion: 1,
}

describe('a model file', () => {
  const fixture = treeFixture('lightgbm-missing')
  const model: Model = { card, trees: readLightgbm(fixture.model) }
  const written = writeModel(model)

  test('comes back as it was written, score for score', () => {
    const read = readModel(JSON.parse(written))
    expect(read).toEqual(model)
    expect(fixture.rows.map((values) => rawScore(read.trees, values))).toEqual(fixture.raw)
  })

  const changed = (changes: object) => ({ ...JSON.parse(written), ...changes })
  const { left, feature } = JSON.parse(written) as { left: number[]; feature: number[] }

  test.each([
    ['another format', changed({ format: 'trees' }), 'format: expected rupeestream-trees-1'],
    ['no card', changed({ card: undefined }), 'card'],
    ['a column cut short', changed({ left: left.slice(1) }), 'left: expected'],
    ['a circle', changed({ left: left.map(() => 0) }), 'left[0]: expected 1 to'],
    ['a root beyond the nodes', changed({ roots: [9_999] }), 'roots[0]: expected 0 to'],
    ['an unknown feature', changed({ feature: feature.map(() => 5) }), 'feature[0]: expected -1 to 4, came 5'],
    ['no cover', changed({ cover: feature.map(() => 0) }), 'cover[0]'],
  ])('%s is refused with its place', (_, json, message) => {
    expect(() => readModel(json)).toThrow(message)
  })
})

describe('what is remembered of rows that went the same way', () => {
  const { model, rows } = treeFixture('lightgbm-missing')
  const trees = readLightgbm(model)
  const explained = (shap: TreeShap, row: Float32Array): number[] => {
    const contributions = new Float64Array(trees.names.length)
    shap.explain(row, contributions)
    return [...contributions]
  }

  test('changes no bit of an explanation', () => {
    const warm = new TreeShap(trees)
    for (const row of rows) explained(warm, row)
    for (const row of rows) expect(explained(warm, row)).toEqual(explained(new TreeShap(trees), row))
  })

  test('is told apart by the ways taken, and of too many ways the first are known', () => {
    const known = new KnownWays(Int32Array.of(3, 2, 2), Int32Array.of(11, 20, 31))
    for (let i = 0; i < 512; i++) known.numbers[known.place(1, 1_024 * i) + 1] = i
    for (const i of [0, 1, 511]) expect(known.numbers[known.find(1, 1_024 * i) + 1]).toBe(i)
    expect(known.place(1, 1_024 * 512)).toBe(-1)
    expect([known.find(1, 1_024 * 512), known.find(1, 1), known.find(0, 0)]).toEqual([-1, -1, -1])
    expect(known.place(0, 0)).toBeGreaterThanOrEqual(0)
    // Too many splits for one word.
    expect([known.place(2, 5), known.find(2, 5), known.find(2, -1)]).toEqual([-1, -1, -1])
  })
})

/** x0 <= 1 ? 1 : (x1 <= 2 ? 2 : (x0 <= 3 ? 3 : ...)), of two features in turn, with so many splits. */
function staircase(splits: number) {
  const nodes = new TreeNodes()
  nodes.beginTree()
  let last: number | undefined
  for (let i = 0; i < splits; i++) {
    const split = nodes.split({ feature: i % 2, limit: i + 1, missing: missing.asZero, cover: splits - i + 1 })
    if (last !== undefined) nodes.join(last, nodes.leaf(i, 1), split)
    last = split
  }
  nodes.join(last!, nodes.leaf(splits, 1), nodes.leaf(splits + 1, 1))
  return nodes.finish(['x0', 'x1'], 0, 1)
}

test.each([1, 9, 12, 40])('a staircase of %i splits is explained, the second time as the first', (splits) => {
  const trees = staircase(splits)
  const shap = new TreeShap(trees)
  for (const values of [row(0, 0), row(4, 5), row(100, 5.5), row(100, 100), row(4, 5), row(100, 100)]) {
    const contributions = new Float64Array(2)
    shap.explain(values, contributions)
    expect(shap.expectation + contributions[0]! + contributions[1]!).toBeCloseTo(rawScore(trees, values), 9)
  }
})
