import { describe, expect, test } from 'vitest'
import { calibration, cardPrecisionByDay, Genuine } from '#infra/learning/metrics.ts'

const scores = (...values: number[]): Float64Array => Float64Array.from(values)

describe('area under the ROC curve', () => {
  test('is the share of pairs in which the fraud scores higher', () => {
    expect(new Genuine([1, 2, 3, 4]).auc(scores(5, 6))).toBe(1)
    expect(new Genuine([1, 2, 3, 4]).auc(scores(0))).toBe(0)
    // 2.5 is above two of four, 3.5 above three.
    expect(new Genuine([4, 1, 3, 2]).auc(scores(3.5, 2.5))).toBe(5 / 8)
  })

  test('is the mean of what each fraud adds', () => {
    const genuine = new Genuine([4, 1, 3, 2, 2])
    const frauds = [3.5, 2, 0]
    const mean = frauds.reduce((sum, score) => sum + genuine.winsOf(score), 0) / 3
    expect(genuine.winsOf(2)).toBe(2 / 5)
    expect(mean).toBeCloseTo(genuine.auc(scores(...frauds)), 12)
  })

  test('ties count half', () => {
    expect(new Genuine([1, 1, 1]).auc(scores(1, 1))).toBe(0.5)
    expect(new Genuine([0, 1]).auc(scores(1))).toBe(0.75)
  })

  test('is nothing without frauds or without genuine payments', () => {
    expect(new Genuine([1]).auc(scores())).toBeNaN()
    expect(new Genuine([]).auc(scores(1))).toBeNaN()
  })
})

test('the score of a share of false alarms disturbs no more than that, ties or none', () => {
  const genuine = new Genuine(Array.from({ length: 100 }, (_, i) => i))
  expect(genuine.scoreAt(0.02)).toBe(98)
  expect(genuine.shareFrom(98)).toBe(0.02)
  expect(new Genuine([1, 2, 2, 2, 3]).scoreAt(0.5)).toBe(3)
  expect(new Genuine([1, 2, 2]).scoreAt(0.5)).toBe(Number.POSITIVE_INFINITY)
})

describe('recall at a share of false alarms', () => {
  const genuine = new Genuine(Array.from({ length: 100 }, (_, i) => i))

  test('counts the frauds above the genuine payments that may be disturbed', () => {
    // Of 0 to 99 one may be disturbed: alarms from just above 98 on.
    expect(genuine.recallAt(0.01, scores(98.5, 99.5, 97.5, 10))).toBeCloseTo(0.5, 12)
    expect(genuine.recallAt(0.02, scores(98.5, 99.5, 97.5, 10))).toBeCloseTo(0.75, 12)
    expect(genuine.recallAt(0.01, scores(200, 300))).toBe(1)
    expect(genuine.recallAt(0.01, scores(1, 2))).toBe(0)
  })

  test('finds ties in proportion', () => {
    // A rule that fires for 4 of 100 genuine payments and 3 of 4 frauds: a quarter of its alerts may be looked at.
    const rule = new Genuine([...new Array(4).fill(1), ...new Array(96).fill(0)])
    expect(rule.recallAt(0.01, scores(1, 1, 1, 0))).toBeCloseTo(0.75 / 4, 12)
  })
})

describe('average precision', () => {
  test('is the mean precision at the frauds, at the prevalence that is there', () => {
    // In order: fraud, genuine, fraud, genuine, genuine. Precision 1 and 2/3.
    const genuine = new Genuine([4, 2, 1])
    expect(genuine.averagePrecision(scores(5, 3), 2 / 5)).toBeCloseTo((1 + 2 / 3) / 2, 12)
  })

  test('at another prevalence it is that of a stream with so many times the genuine payments', () => {
    const frauds = scores(5, 3, 2)
    const more = new Genuine([4, 2, 1, 0].flatMap((score) => new Array(50).fill(score)))
    const prevalence = 3 / 203
    expect(new Genuine([4, 2, 1, 0]).averagePrecision(frauds, prevalence)).toBeCloseTo(
      more.averagePrecision(frauds, prevalence),
      12,
    )
  })

  test('is the prevalence for scores that say nothing', () => {
    expect(new Genuine([1, 1, 1]).averagePrecision(scores(1, 1), 0.005)).toBeCloseTo(0.005, 12)
  })
})

describe('card precision', () => {
  const payment = (day: number, customer: number, score: number, isFraud = false) => ({ day, customer, score, isFraud })

  test('is the share with a fraud among the highest customers of a day, day by day', () => {
    const payments = [
      payment(1, 1, 0.9),
      // The same customer's fraud, although the other payment made them suspicious.
      payment(1, 1, 0.1, true),
      payment(1, 2, 0.8),
      payment(1, 3, 0.2, true),
      payment(2, 1, 0.9, true),
      payment(2, 2, 0.8, true),
      payment(2, 3, 0.1),
    ]
    expect(cardPrecisionByDay(payments, 2)).toEqual([1 / 2, 2 / 2])
  })

  test('takes of customers with the same score as many as there is room for', () => {
    const payments = [payment(1, 1, 1, true), payment(1, 2, 0, true), payment(1, 3, 0), payment(1, 4, 0)]
    const [share] = cardPrecisionByDay(payments, 2)
    expect(share).toBeCloseTo((1 + 1 / 3) / 2, 12)
  })

  test('a day with fewer customers has as many as it has', () => {
    expect(cardPrecisionByDay([payment(1, 1, 1, true), payment(1, 2, 0)], 100)).toEqual([0.5])
  })
})

test('calibration holds what was said against what was true, by probability', () => {
  const bins = calibration(scores(1, 0.1, 0.2, 0.7), Uint8Array.from([1, 0, 0, 0]), [0, 0.2, 0.5, 0.6, 1])
  expect(bins.map(({ from, to, payments }) => [from, to, payments])).toEqual([
    [0, 0.2, 1],
    [0.2, 0.5, 1],
    [0.5, 0.6, 0],
    [0.6, 1, 2],
  ])
  expect(bins.map(({ observed }) => observed)).toEqual([0, 0, Number.NaN, 0.5])
  expect(bins[3]!.predicted).toBeCloseTo(0.85, 12)
})
