import { describe, expect, test } from 'vitest'
import {
  benfordDeviation,
  cramersV,
  effectSize,
  etaSquared,
  firstDigit,
  jensenShannon,
  median,
  pauses,
  rankExponent,
  varianceRatio,
} from '#infra/fidelity/statistics.ts'

test('the effect size is the root of chi-square over n', () => {
  expect(effectSize([50, 50], [0.5, 0.5])).toBe(0)
  // Chi-square of 60 and 40 against 50 and 50 is 4, over 100.
  expect(effectSize([60, 40], [0.5, 0.5])).toBeCloseTo(0.2, 12)
  expect(effectSize([600, 400], [1, 1])).toBeCloseTo(0.2, 12)
})

test('the Jensen-Shannon distance is 0 for the same, 1 for disjoint distributions', () => {
  expect(jensenShannon([1, 2, 3], [10, 20, 30])).toBeCloseTo(0, 12)
  expect(jensenShannon([1, 0], [0, 1])).toBeCloseTo(1, 12)
  // Halves against all in one: the divergence is 1 - 0.75 log2(3) / 2 - ... = 0.3113 bits.
  expect(jensenShannon([1, 1], [1, 0])).toBeCloseTo(Math.sqrt(0.311278), 5)
})

describe("Benford's law", () => {
  test('holds for powers of two', () => {
    const counts = new Array<number>(9).fill(0)
    for (let power = 0; power < 1_000; power++) counts[firstDigit(2 ** power) - 1]!++
    expect(benfordDeviation(counts)).toBeLessThan(0.002)
  })

  test('does not hold for digits that are all as likely', () => {
    expect(benfordDeviation(new Array(9).fill(7))).toBeGreaterThan(0.05)
  })

  test('the first digit of any amount', () => {
    expect([1, 9.99, 10, 19, 500, 1_000, 99_999].map(firstDigit)).toEqual([1, 9, 1, 1, 5, 1, 9])
  })
})

test("Cramer's V is 0 for independence and 1 for a function, empty rows and columns aside", () => {
  expect(
    cramersV([
      [10, 20],
      [30, 60],
    ]),
  ).toBeCloseTo(0, 12)
  expect(
    cramersV([
      [10, 0, 0],
      [0, 0, 30],
      [0, 0, 0],
    ]),
  ).toBeCloseTo(1, 12)
})

test('eta squared is the share of the variance between groups', () => {
  expect(
    etaSquared([
      [1, 1],
      [3, 3],
    ]),
  ).toBe(1)
  expect(
    etaSquared([
      [1, 3],
      [1, 3],
    ]),
  ).toBe(0)
  expect(
    etaSquared([
      [1, 3],
      [3, 5],
    ]),
  ).toBeCloseTo(0.5, 12)
})

test('F is the variance between groups in that within them', () => {
  // Means 2 and 4, so 4 between with 1 degree of freedom; 4 within with 2.
  expect(
    varianceRatio([
      [1, 3],
      [3, 5],
    ]),
  ).toBeCloseTo(2, 12)
})

test('pauses between moments', () => {
  expect(pauses([0, 10, 20, 30])).toEqual({ mean: 10, deviation: 0 })
  expect(pauses([0, 10, 40])).toEqual({ mean: 20, deviation: 10 })
})

test('the exponent of a power law by rank', () => {
  expect(rankExponent([1, 2, 3, 4, 5].map((rank) => 100 / rank ** 1.3))).toBeCloseTo(1.3, 10)
})

test('the median', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([])).toBeNaN()
})
