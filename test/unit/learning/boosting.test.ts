import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binned } from '#infra/learning/binning.ts'
import { type BoostingOptions, defaultBoosting, trainTrees } from '#infra/learning/boosting.ts'
import type { Dataset } from '#infra/learning/dataset.ts'
import { Genuine } from '#infra/learning/metrics.ts'
import { TreeShap } from '#services/scorer/model/tree-shap.ts'
import { rawScore, type Trees } from '#services/scorer/model/trees.ts'

/** Every row and every feature in every tree. */
const whole: BoostingOptions = { ...defaultBoosting, rowShare: 1, featureShare: 1 }

const table = (names: readonly string[], rows: readonly (readonly number[])[], labels: readonly number[]): Dataset => ({
  names,
  values: Float32Array.from(rows.flat()),
  labels: Uint8Array.from(labels),
})

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/trees/training.json'), 'utf8'))
const seen = table(fixture.names, fixture.rows, fixture.labels)
const unseen = table(fixture.names, fixture.testRows, fixture.testLabels)

function aucOf(trees: Trees, rows: readonly number[][], labels: readonly number[]): number {
  const scores = rows.map((row) => rawScore(trees, Float32Array.from(row)))
  const genuine = new Genuine(scores.filter((_, i) => labels[i] === 0))
  return genuine.auc(Float64Array.from(scores.filter((_, i) => labels[i] === 1)))
}

describe('bins', () => {
  test('few different values get a bin each', () => {
    const { limits, codes } = binned(table(['a'], [[3], [1], [1], [7]], [0, 1, 0, 1]))
    expect([...limits[0]!]).toEqual([1, 3])
    expect([...codes[0]!]).toEqual([1, 0, 0, 2])
  })

  test('many get bins of about as many rows, and a value on a limit is below it', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => [(i * 7_919) % 10_000])
    const { limits, codes } = binned(table(['a'], rows, new Array(10_000).fill(0)))
    expect(limits[0]!.length).toBe(254)
    const counts = new Int32Array(255)
    for (const [row, code] of codes[0]!.entries()) {
      counts[code]!++
      if (code > 0) expect(rows[row]![0]).toBeGreaterThan(limits[0]![code - 1]!)
      if (code < 254) expect(rows[row]![0]).toBeLessThanOrEqual(limits[0]![code]!)
    }
    expect(Math.min(...counts)).toBeGreaterThan(35)
    expect(Math.max(...counts)).toBeLessThan(45)
  })
})

describe('boosted trees', () => {
  test('one tree of two leaves is a step of Newton from the share of frauds, by hand', () => {
    const rows = [[0], [0], [0], [0], [1], [1], [1], [1]]
    const data = table(['flag'], rows, [0, 0, 0, 1, 1, 1, 1, 0])
    const options = { ...whole, trees: 1, leaves: 2, rowsMin: 1, learningRate: 1, l2: 0 }
    const trees = trainTrees(data, options, 'one')
    // Half are fraud: log-odds 0, gradients 1/2 and -1/2, hessians 1/4. Of the zeros the sum is 1 over 1.
    expect(rawScore(trees, Float32Array.of(0))).toBeCloseTo(-1, 12)
    expect(rawScore(trees, Float32Array.of(1))).toBeCloseTo(1, 12)
    expect([...trees.cover]).toEqual([8, 4, 4])
    const shrunk = trainTrees(data, { ...options, learningRate: 0.1, l2: 1 }, 'one')
    expect(rawScore(shrunk, Float32Array.of(1))).toBeCloseTo(0.05, 12)
  })

  test('tells apart what needs two features together', () => {
    const corners = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    const rows = corners.flatMap((corner, i) => new Array(100 + i).fill(corner)) as number[][]
    const labels = rows.map(([a, b]) => (a === b ? 0 : 1))
    const trees = trainTrees(table(['a', 'b'], rows, labels), whole, 'xor')
    expect(aucOf(trees, rows, labels)).toBe(1)
  })

  test('no leaf has fewer rows than asked for', () => {
    const trees = trainTrees(seen, { ...whole, trees: 5, rowsMin: 150 }, 'leaves')
    expect(Math.min(...trees.cover)).toBeGreaterThanOrEqual(150)
  })

  test('the scores that it trained on are those that the scorer computes', () => {
    const trees = trainTrees(seen, { ...whole, trees: 20 }, 'parity')
    // The gradient of the loss by a constant is 0 once the trees have found the share of frauds.
    const shares = fixture.rows.map((row: number[]) => 1 / (1 + Math.exp(-rawScore(trees, Float32Array.from(row)))))
    const predicted = shares.reduce((sum: number, share: number) => sum + share, 0) / shares.length
    const observed = fixture.labels.reduce((sum: number, label: number) => sum + label, 0) / shares.length
    expect(predicted).toBeCloseTo(observed, 2)
  })

  test('does about as well as LightGBM on rows that neither has seen: within 0.01 of its AUC', () => {
    const options = { ...whole, trees: 50, leaves: 15, weightMin: 1e-3, l2: 0 }
    const auc = aucOf(trainTrees(seen, options, 'oracle'), fixture.testRows, fixture.testLabels)
    expect(fixture.lightgbmAuc).toBeGreaterThan(0.75)
    expect(Math.abs(auc - fixture.lightgbmAuc)).toBeLessThan(0.01)
  })

  test('labels that say nothing teach nothing, and labels of other rows neither', () => {
    const shifted = [...fixture.labels.slice(1), fixture.labels[0]]
    const trees = trainTrees(table(fixture.names, fixture.rows, shifted), whole, 'shifted')
    expect(Math.abs(aucOf(trees, fixture.testRows, fixture.testLabels) - 0.5)).toBeLessThan(0.08)
  })

  test('follow from data, options and seed; another seed draws other rows and features', () => {
    const some = { ...whole, trees: 5, rowShare: 0.5, featureShare: 0.5 }
    expect(trainTrees(seen, some, 'one')).toEqual(trainTrees(seen, some, 'one'))
    expect(trainTrees(seen, some, 'two')).not.toEqual(trainTrees(seen, some, 'one'))
  })

  test('can be explained: contributions add up to the score', () => {
    const trees = trainTrees(seen, { ...defaultBoosting, trees: 10 }, 'explained')
    const shap = new TreeShap(trees)
    const contributions = new Float64Array(seen.names.length)
    for (const row of fixture.testRows.slice(0, 50)) {
      shap.explain(Float32Array.from(row), contributions)
      const sum = contributions.reduce((total, value) => total + value, shap.expectation)
      expect(sum).toBeCloseTo(rawScore(trees, Float32Array.from(row)), 9)
    }
  })

  test('what cannot be learnt from is refused', () => {
    expect(() => trainTrees({ ...unseen, labels: new Uint8Array(2_000) }, whole, 'none')).toThrow('both labels')
  })
})
