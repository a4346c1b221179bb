import { describe, expect, test } from 'vitest'
import { readLightgbm } from '#services/scorer/model/lightgbm.ts'
import { TreeShap } from '#services/scorer/model/tree-shap.ts'
import { probability, rawScore, type Trees } from '#services/scorer/model/trees.ts'
import { readXgboost } from '#services/scorer/model/xgboost.ts'
import { type TreeFixture, treeFixture } from './fixtures.ts'

const largestDifference = (ours: readonly number[], theirs: readonly number[]): number =>
  Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)))

const rawScores = (trees: Trees, { rows }: TreeFixture): number[] => rows.map((row) => rawScore(trees, row))

/** Of all rows one after the other: contributions, then the expectation. */
function explained(trees: Trees, { rows, names }: TreeFixture): number[] {
  const shap = new TreeShap(trees)
  const contributions = new Float64Array(names.length)
  return rows.flatMap((row) => {
    shap.explain(row, contributions)
    return [...contributions, shap.expectation]
  })
}

const change = (trees: Trees, column: 'value' | 'cover', by: (value: number, node: number) => number): Trees => ({
  ...trees,
  [column]: trees[column].map((value, node) => by(value, node)),
})

describe.each(['lightgbm', 'lightgbm-missing', 'lightgbm-zero-missing'])('LightGBM: %s', (name) => {
  const fixture = treeFixture(name)
  const trees = readLightgbm(fixture.model)

  test('raw scores are its own, to the last bit', () => {
    expect(new Set(fixture.raw).size).toBeGreaterThan(30)
    expect(rawScores(trees, fixture)).toEqual(fixture.raw)
  })

  test('contributions are its own to 1e-9', () => {
    expect(largestDifference(explained(trees, fixture), fixture.contributions.flat())).toBeLessThan(1e-9)
  })

  test('a probability is the logistic function of the raw score', () => {
    expect(probability(trees, fixture.rows[0]!)).toBeCloseTo(1 / (1 + Math.exp(-fixture.raw[0]!)), 12)
  })

  describe('what is wrong is seen:', () => {
    test('limits moved by 0.01', () => {
      const moved = change(trees, 'value', (value, node) => (trees.feature[node]! < 0 ? value : value + 0.01))
      expect(largestDifference(rawScores(moved, fixture), fixture.raw)).toBeGreaterThan(0.01)
    })

    test('leaves moved by 0.01', () => {
      const moved = change(trees, 'value', (value, node) => (trees.feature[node]! < 0 ? value + 0.01 : value))
      expect(largestDifference(rawScores(moved, fixture), fixture.raw)).toBeGreaterThan(0.01)
    })

    test('rows shifted by one', () => {
      const rows = [...fixture.rows.slice(1), fixture.rows[0]!]
      expect(largestDifference(rawScores(trees, { ...fixture, rows }), fixture.raw)).toBeGreaterThan(0.1)
      expect(largestDifference(explained(trees, { ...fixture, rows }), fixture.contributions.flat())).toBeGreaterThan(
        0.1,
      )
    })

    test('covers that are a tenth off', () => {
      const moved = change(trees, 'cover', (value, node) => value * (1 + (node % 7) / 10))
      expect(largestDifference(explained(moved, fixture), fixture.contributions.flat())).toBeGreaterThan(1e-3)
    })
  })
})

describe('XGBoost', () => {
  const fixture = treeFixture('xgboost')
  const trees = readXgboost(fixture.model)
  // It adds up in single precision.
  const tolerance = 2e-6

  test('raw scores are its own, for rows on a limit and with missing values too', () => {
    expect(fixture.rows.some((row) => row.some(Number.isNaN))).toBe(true)
    expect(largestDifference(rawScores(trees, fixture), fixture.raw)).toBeLessThan(tolerance)
  })

  test('contributions are its own', () => {
    expect(largestDifference(explained(trees, fixture), fixture.contributions.flat())).toBeLessThan(tolerance)
  })

  test('rows on a limit that went left would be seen', () => {
    const upTo = change(trees, 'value', (value, node) => (trees.feature[node]! < 0 ? value : value + 1e-4))
    expect(largestDifference(rawScores(upTo, fixture), fixture.raw)).toBeGreaterThan(0.1)
  })
})

test.each(['lightgbm', 'lightgbm-missing', 'lightgbm-zero-missing'])(
  '%s: contributions add up to the raw score less its expectation',
  (name) => {
    const fixture = treeFixture(name)
    const trees = readLightgbm(fixture.model)
    const shap = new TreeShap(trees)
    const contributions = new Float64Array(fixture.names.length)
    for (const row of fixture.rows) {
      shap.explain(row, contributions)
      const sum = contributions.reduce((total, value) => total + value, shap.expectation)
      expect(sum).toBeCloseTo(rawScore(trees, row), 10)
    }
  },
)

describe('models that cannot be read are refused with the place of the mistake', () => {
  const lightgbm = treeFixture('lightgbm').model as { tree_info: { tree_structure: object }[] }
  const xgboost = treeFixture('xgboost').model as { learner: { gradient_booster: object } }
  const withRoot = (changes: object) => ({
    ...lightgbm,
    tree_info: [{ tree_structure: { ...lightgbm.tree_info[0]!.tree_structure, ...changes } }],
  })
  const withLearner = (changes: object) => ({ learner: { ...xgboost.learner, ...changes } })

  test.each([
    ['something else', { a: 1 }, 'This is not a dump of LightGBM'],
    ['several classes', { ...lightgbm, num_class: 3 }, 'num_class: expected 1, came 3'],
    ['a regression', { ...lightgbm, objective: 'regression' }, 'objective: expected the objective binary'],
    ['a random forest', { ...lightgbm, average_output: true }, 'average_output: expected false, came true'],
    ['a categorical split', withRoot({ decision_type: '==' }), 'decision_type'],
    ['an unknown feature', withRoot({ split_feature: 9 }), 'split_feature 9, but there are 5 feature_names'],
  ])('LightGBM: %s', (_, json, message) => {
    expect(() => readLightgbm(json)).toThrow(message)
  })

  const trees = (changes: object) => {
    const model = { trees: [{ ...treeOf(xgboost), ...changes }] }
    return withLearner({ gradient_booster: { name: 'gbtree', model } })
  }

  test.each([
    ['something else', [], 'This is not a model of XGBoost'],
    ['another objective', withLearner({ objective: { name: 'multi:softprob' } }), 'binary:logistic'],
    ['dropout', withLearner({ gradient_booster: { name: 'dart', model: { trees: [] } } }), 'expected gbtree'],
    ['a circle', trees({ left_children: treeOf(xgboost).left_children.map(() => 0) }), 'the children of node 0 are 0'],
    ['columns of other lengths', trees({ sum_hessian: [1] }), 'sum_hessian has 1 of 15 nodes'],
    ['an unknown feature', trees({ split_indices: new Array(15).fill(7) }), 'looks at feature 7'],
    [
      'no probability',
      withLearner({ learner_model_param: { base_score: '[2E0]' } }),
      'one probability between 0 and 1',
    ],
  ])('XGBoost: %s', (_, json, message) => {
    expect(() => readXgboost(json)).toThrow(message)
  })
})

function treeOf(xgboost: object): { left_children: number[] } {
  const saved = xgboost as { learner: { gradient_booster: { model: { trees: { left_children: number[] }[] } } } }
  return saved.learner.gradient_booster.model.trees[0]!
}
