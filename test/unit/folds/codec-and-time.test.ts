import { describe, expect, test } from 'vitest'
import { jsonCodec } from '#services/json-codec.ts'
import {
  civilDay,
  DAY_MS,
  dayStartMs,
  HOUR_MS,
  hourIst,
  MINUTE_MS,
  parseDuration,
  simulatedDay,
} from '#services/time.ts'

describe('jsonCodec', () => {
  test.each([
    [{ text: 'रुपये ₹ \u0000', list: [1, null, true] }],
    [{ numbers: [0.1 + 0.2, 2 ** 53 - 1, 5e-324, -1.7976931348623157e308] }],
    [{}],
  ])('%j comes back as it was', (state) => {
    const codec = jsonCodec<unknown>(3)
    expect(codec.version).toBe(3)
    expect(codec.decode(codec.encode(state))).toEqual(state)
  })
})

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 15 * MINUTE_MS],
    ['14d', 14 * DAY_MS],
    ['1h30m', HOUR_MS + 30 * MINUTE_MS],
    ['250ms', 250],
    ['1.5h', 1.5 * HOUR_MS],
    ['2m5ms', 2 * MINUTE_MS + 5],
    ['0s', 0],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  test.each(['', '5', 's', '-5s', '5 s', '5x', '1h 30m', '.5h', '1e3s', '5S'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('days in India', () => {
  const midnight = Date.UTC(2025, 9, 12, 18, 30)

  test('the civil day changes at 18:30 UTC, the simulated one at 21:30', () => {
    expect(civilDay(midnight) - civilDay(midnight - 1)).toBe(1)
    expect(hourIst(midnight)).toBe(0)
    expect(hourIst(midnight - 1)).toBe(23)
    const start = midnight + 3 * HOUR_MS
    expect(dayStartMs(civilDay(midnight))).toBe(start)
    expect(simulatedDay(start)).toBe(civilDay(midnight))
    expect(simulatedDay(start - 1)).toBe(civilDay(midnight) - 1)
  })
})
