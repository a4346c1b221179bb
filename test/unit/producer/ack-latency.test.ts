import { expect, test } from 'vitest'
import { AckLatency } from '#infra/kafka/ack-latency.ts'
import { registerProducerMetrics } from '#infra/observability/producer-metrics.ts'
import { emptyRegistry } from '#infra/observability/registry.ts'
import { Random, streamKey } from '#services/random.ts'

test('percentiles are exact to the millisecond below 128 ms and never more than 1.6 % too long above', () => {
  const random = new Random().at(streamKey('test', 'ack-latency'), 0, 0)
  for (const median of [20, 3_000, 900_000]) {
    const latency = new AckLatency()
    const values = Array.from({ length: 20_000 }, () => Math.round(random.lognormal(median, 0.4)))
    for (const value of values) latency.observe(value)
    values.sort((a, b) => a - b)
    const { p50, p95, p99, max } = latency.summary()!
    for (const [found, q] of [
      [p50, 0.5],
      [p95, 0.95],
      [p99, 0.99],
    ] as const) {
      const exact = values[Math.ceil(q * values.length) - 1]!
      expect(found, `${q} of ${median}`).toBeGreaterThanOrEqual(exact)
      expect(found, `${q} of ${median}`).toBeLessThanOrEqual(exact < 128 ? exact : exact * 1.016)
    }
    expect(max).toBe(values.at(-1))
  }
})

test('a moment that was rounded up is no latency below zero, and an endless one has a place', () => {
  const latency = new AckLatency()
  expect(latency.summary()).toBeNull()
  latency.observe(-0.4)
  expect(latency.summary()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 })
  latency.observe(1e12)
  expect(latency.summary()!.max).toBe(2 ** 31 - 1)
})

test('Prometheus reads a histogram whose buckets add up', async () => {
  const registry = emptyRegistry()
  const latency = new AckLatency()
  for (const ms of [4, 5, 99, 255, 256, 60_000]) latency.observe(ms)
  registerProducerMetrics(
    registry,
    () => undefined,
    latency,
    () => undefined,
  )
  const text = await registry.metrics()
  const name = 'rupeestream_producer_ack_latency_seconds'
  expect(text).toContain(`# TYPE ${name} histogram`)
  for (const [edge, count] of Object.entries({ 0.005: 1, 0.01: 2, 0.1: 3, 0.256: 4, 0.512: 5, 30.72: 5, '+Inf': 6 })) {
    expect(text).toContain(`${name}_bucket{le="${edge}"} ${count}\n`)
  }
  expect(text).toContain(`${name}_sum 60.619\n`)
  expect(text).toContain(`${name}_count 6\n`)
})
