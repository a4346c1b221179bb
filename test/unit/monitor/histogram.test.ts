import { describe, expect, test } from 'vitest'
import { LatencyHistogram } from '#services/monitor/latency.ts'
import { addValue, emptyHistogram, quantile } from '#services/monitor/log-histogram.ts'
import { Random, streamKey } from '#services/random.ts'

describe('log histogram', () => {
  test('quantiles are within half a bucket of the exact ones', () => {
    const random = new Random().at(streamKey('test', 'histogram'), 0, 0)
    const values = Array.from({ length: 20_000 }, () => random.lognormal(200, 1.5))
    const histogram = emptyHistogram()
    for (const value of values) addValue(histogram, value)
    values.sort((a, b) => a - b)
    for (const q of [0.01, 0.5, 0.95, 0.99, 1]) {
      const exact = values[Math.ceil(q * values.length) - 1]!
      expect(Math.abs(quantile([histogram], q)! / exact - 1), `quantile ${q}`).toBeLessThan(0.023)
    }
  })

  test('histograms add up to one of all values', () => {
    const [low, high] = [emptyHistogram(), emptyHistogram()]
    for (const value of [1, 2, 3]) addValue(low, value)
    for (const value of [100, 200, 300, 400]) addValue(high, value)
    expect(quantile([low, high], 0.5)! / 100).toBeCloseTo(1, 1)
  })

  test('a value taken back leaves no trace', () => {
    const histogram = emptyHistogram()
    addValue(histogram, 12)
    addValue(histogram, 12, -1)
    expect(histogram).toEqual(emptyHistogram())
    expect(quantile([histogram], 0.5)).toBeNull()
  })
})

describe('latency', () => {
  test('has no summary before the first observation', () => {
    expect(new LatencyHistogram().summary()).toBeNull()
  })

  test('gives p50, p95 and p99 in whole milliseconds', () => {
    const latency = new LatencyHistogram()
    for (let ms = 1; ms <= 1_000; ms++) latency.observe(ms)
    const { p50, p95, p99 } = latency.summary()!
    expect(Math.abs(p50 - 500)).toBeLessThan(12)
    expect(Math.abs(p95 - 950)).toBeLessThan(22)
    expect(Math.abs(p99 - 990)).toBeLessThan(23)
  })

  test('an alert that seems to come before its payment counts as zero', () => {
    const latency = new LatencyHistogram()
    latency.observe(-5)
    expect(latency.summary()).toEqual({ p50: 0, p95: 0, p99: 0 })
  })
})
