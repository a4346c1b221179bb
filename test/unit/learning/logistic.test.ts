import { describe, expect, test } from 'vitest'
import type { Dataset } from '#infra/learning/dataset.ts'
import { logisticScore, trainLogistic } from '#infra/learning/logistic.ts'
import { solve } from '#infra/learning/solve.ts'

const dataset = (rows: readonly (readonly [number[], number])[], times = 1): Dataset => {
  const repeated = Array.from({ length: times }, () => rows).flat()
  return {
    names: rows[0]![0].map((_, i) => `feature_${i}`),
    values: Float32Array.from(repeated.flatMap(([values]) => values)),
    labels: Uint8Array.from(repeated, ([, label]) => label),
  }
}

test('a linear system is solved', () => {
  const x = solve(Float64Array.from([4, 0, 0, 2, 3, 0, 1, 1, 2]), Float64Array.from([9, 11, 9]))
  // 4 x + 2 y + z = 9, 2 x + 3 y + z = 11, x + y + 2 z = 9.
  const [a, b, c] = x as unknown as [number, number, number]
  expect(4 * a + 2 * b + c).toBeCloseTo(9, 12)
  expect(2 * a + 3 * b + c).toBeCloseTo(11, 12)
  expect(a + b + 2 * c).toBeCloseTo(9, 12)
  expect(() => solve(Float64Array.from([0]), Float64Array.from([1]))).toThrow('not positive definite')
})

describe('logistic regression', () => {
  // Of rows with 0 a fifth is fraud, of rows with 1 a half: the log-odds are exact where nothing is penalised.
  const flags = dataset([
    [[0], 1],
    [[0], 0],
    [[0], 0],
    [[0], 0],
    [[0], 0],
    [[1], 1],
    [[1], 0],
  ])

  test('of one flag gives the log-odds of both groups', () => {
    const model = trainLogistic(flags, 0)
    expect(logisticScore(model, Float32Array.of(0))).toBeCloseTo(Math.log(1 / 4), 6)
    expect(logisticScore(model, Float32Array.of(1))).toBeCloseTo(0, 6)
  })

  test('does not care for units', () => {
    const paise = { ...flags, values: flags.values.map((value) => value * 1e7 + 5e6) }
    expect(logisticScore(trainLogistic(paise), Float32Array.of(1.5e7))).toBeCloseTo(
      logisticScore(trainLogistic(flags), Float32Array.of(1)),
      6,
    )
  })

  test('a heavy penalty leaves the share of frauds only', () => {
    const model = trainLogistic(flags, 1e9)
    expect(logisticScore(model, Float32Array.of(1))).toBeCloseTo(Math.log(2 / 5), 4)
  })

  test('is found where the data can be told apart without error, and with a feature twice, or one that never changes', () => {
    const model = trainLogistic(
      dataset(
        [
          [[0, 0, 7], 0],
          [[1, 1, 7], 1],
        ],
        50,
      ),
      1,
    )
    expect(logisticScore(model, Float32Array.of(1, 1, 7))).toBeGreaterThan(2)
    expect(logisticScore(model, Float32Array.of(0, 0, 7))).toBeLessThan(-2)
    expect([...model.weights].every(Number.isFinite)).toBe(true)
    expect(model.weights[0]).toBeCloseTo(model.weights[1]!, 9)
    expect(model.weights[2]).toBeCloseTo(0, 12)
  })

  test.each([
    ['no frauds', dataset([[[1], 0]]), 'expected rows of both labels, came 0 frauds among 1 rows'],
    [
      'a value that is none',
      dataset([
        [[1, 2], 0],
        [[3, Number.NaN], 1],
      ]),
      'feature_1 of row 1: expected a number, came NaN',
    ],
    ['a row cut short', { ...flags, values: flags.values.subarray(1) }, 'expected 7 rows of 1 values, came 6 values'],
  ])('%s cannot be learnt from', (_, data, message) => {
    expect(() => trainLogistic(data)).toThrow(message)
  })
})
