import { describe, expect, test } from 'vitest'
import { civilDayOf, hourCurves, hourQuantiles, hoursOf, hourTilt } from '#services/market/calendar.ts'
import { cityIndex } from '#services/market/cities.ts'
import { festivityOf } from '#services/market/festivals.ts'
import { DAY_MS } from '#services/time.ts'

const day = (date: string) => Date.parse(date) / DAY_MS

describe('a civil day', () => {
  test('knows its weekday and the last working day of its month', () => {
    expect(civilDayOf(day('2025-10-20'))).toMatchObject({ weekday: 0, dayOfMonth: 20, weekend: false })
    expect(civilDayOf(day('2025-08-29')).lastWorkingDay).toBe(true)
    expect(civilDayOf(day('2025-08-31')).lastWorkingDay).toBe(false)
    expect(civilDayOf(day('2025-10-31')).lastWorkingDay).toBe(true)
  })

  test('the first days of a month are worth more', () => {
    expect(civilDayOf(day('2025-10-02')).value).toBe(1.2)
    expect(civilDayOf(day('2025-10-26')).value).toBe(0.92)
  })
})

describe('festivals', () => {
  const delhi = cityIndex('Delhi')

  test('Diwali lifts the number of payments by a fifth at its peak, and less before', () => {
    const peak = festivityOf(day('2025-10-20'), delhi)
    expect(peak.count).toBeCloseTo(1.2, 1)
    expect(peak.categories.get('FASHION')).toBeGreaterThanOrEqual(1.8)
    expect(festivityOf(day('2025-10-08'), delhi).count).toBeLessThan(peak.count)
  })

  test('Onam is kept in Kerala alone', () => {
    expect(festivityOf(day('2025-09-05'), cityIndex('Kochi')).count).toBeGreaterThan(1.09)
    expect(festivityOf(day('2025-09-05'), cityIndex('Patna')).count).toBe(1)
  })

  test('an ordinal day is ordinary', () => {
    expect(festivityOf(day('2025-11-15'), delhi)).toEqual({ count: 1, value: 1, categories: new Map() })
  })
})

test('hours bend towards busy ones, and together are what the nation keeps', () => {
  const habits = [
    { peaks: [9], weight: 3 },
    { peaks: [13, 20], weight: 1 },
  ]
  const [early, late] = hoursOf(habits) as [number[], number[]]
  expect(early[9]! / late[9]!).toBeGreaterThan(1.5)
  expect(late[20]! / early[20]!).toBeGreaterThan(1.5)
  const together = early.map((weight, hour) => 0.75 * weight + 0.25 * late[hour]!)
  for (const [hour, weight] of together.entries()) {
    expect(weight).toBeCloseTo((2 * hourCurves.UPI_P2M_OFFLINE[hour]! + hourCurves.UPI_P2P[hour]!) / 3, 3)
  }
})

test('a tilt turns the national hours into those of a curve', () => {
  const tilt = hourTilt('ATM')
  const [national] = hoursOf([{ peaks: [], weight: 1 }]) as [number[]]
  const total = hourCurves.ATM.reduce((sum, weight) => sum + weight, 0)
  const nationalTotal = national.reduce((sum, weight) => sum + weight, 0)
  for (let index = 0; index < 24; index++) {
    const hour = (index + 3) % 24
    expect((tilt[index]! * national[hour]!) / nationalTotal).toBeCloseTo(hourCurves.ATM[hour]! / total, 10)
  }
})

test('hours drawn by quantile fall where the weights are', () => {
  const [, weights] = hoursOf([
    { peaks: [9], weight: 1 },
    { peaks: [20], weight: 1 },
  ]) as [number[], number[]]
  const quantiles = hourQuantiles(weights, 3, 512)
  expect(quantiles[0]).toBe(0)
  expect(quantiles[512]).toBeCloseTo(DAY_MS, 3)
  const evening = quantiles.filter((ms) => ms >= 14 * 3_600_000 && ms < 19 * 3_600_000).length / 513
  expect(evening).toBeGreaterThan(0.4)
})
