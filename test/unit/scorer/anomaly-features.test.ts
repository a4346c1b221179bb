import { describe, expect, test } from 'vitest'
import type { Alert, Transaction } from '#schemas/types.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { NOON, ScorerNetwork, transaction, valuesOfLast } from './helpers.ts'
import { dice } from './traffic.ts'

const at = (agoMs: number, overrides: Partial<Transaction> = {}) =>
  transaction({ event_time: NOON - agoMs, ...overrides })

/** Twelve ordinary payments, so that amounts can be told; none of them is flagged. */
const usual = Array.from({ length: 12 }, (_, i) => at(29 * DAY_MS - i * HOUR_MS))

/** Just below 50,000 rupees, and far more than ever: of the family AMOUNT, severity 1. */
const hug = { amount_minor: 4_950_000, status_response: { status: 'DECLINED', response_code: 'Z9' } } as const
/** In Delhi, with a severity of 0.9 in the family GEOGRAPHIC from a minute after Pune, and of 0.46 after days. */
const delhi = { city: 'Delhi' } as const

const flagged = [
  at(20 * DAY_MS, hug),
  at(6 * DAY_MS, hug),
  at(6 * DAY_MS - HOUR_MS, hug),
  at(3 * DAY_MS),
  at(10 * HOUR_MS),
  at(10 * HOUR_MS - MINUTE_MS, delhi),
  at(30 * MINUTE_MS, hug),
]

describe('of payments flagged 20 and twice 6 days, 10 and half an hour ago, and of one that is not', () => {
  const values = valuesOfLast([...usual, ...flagged, at(0)])

  test.each([
    ['anom_count_1h', 1],
    ['anom_count_24h', 2],
    ['anom_count_7d', 4],
    ['anom_count_30d', 5],
    ['anom_rate_7d', 5 / 27],
    ['anom_rate_delta', 5 / 27 - 6 / 40],
    ['anom_sev_max_24h', 1],
    ['anom_sev_mean_7d', (1 + 1 + 0.9 + 1) / 4],
    [
      'anom_sev_decayed',
      Math.exp(-20) + Math.exp(-6) + Math.exp(-6 + 1 / 24) + 0.9 * Math.exp(-(600 - 1) / 1440) + Math.exp(-30 / 1440),
    ],
    ['anom_high_count_7d', 4],
    ['anom_sev_p90_30d', 1],
    ['anom_share_behavioral_30d', 0],
    ['anom_share_geographic_30d', 1 / 5],
    ['anom_share_temporal_30d', 0],
    ['anom_share_amount_30d', 4 / 5],
    ['anom_type_entropy_30d', -0.2 * Math.log2(0.2) - 0.8 * Math.log2(0.8)],
    ['anom_type_count_7d', 2],
    ['anom_secs_since_last', 1_800],
    ['anom_streak_len', 0],
    ['anom_max_streak_30d', 3],
    ['anom_active_days_30d', 3],
    ['anom_repeat_type_7d', 0],
    ['ix_family_agreement', 1],
  ])('%s is %d', (name, expected) => {
    expect(values[name]).toBeCloseTo(expected, 9)
  })

  test('the slope is that of least squares, per day', () => {
    const days = [-6, -6 + 1 / 24, -599 / 1440, -30 / 1440]
    const severities = [1, 1, 0.9, 1]
    const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length
    const covariance = mean(days.map((x, i) => (x - mean(days)) * (severities[i]! - mean(severities))))
    const variance = mean(days.map((x) => (x - mean(days)) ** 2))
    expect(values.anom_sev_slope_7d).toBeCloseTo(covariance / variance, 9)
  })

  test('burstiness compares deviation and mean of the gaps', () => {
    const times = [-20 * 1440, -6 * 1440, -6 * 1440 + 60, -599, -30]
    const gaps = times.slice(1).map((time, i) => time - times[i]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / 4
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / 4)
    expect(values.anom_gap_burstiness_30d).toBeCloseTo((deviation - mean) / (deviation + mean), 9)
  })
})

describe('of a flagged payment', () => {
  const values = valuesOfLast([...usual, ...flagged, at(0, hug)])

  test.each([
    ['anom_count_1h', 2],
    ['anom_secs_since_last', 1_800],
    ['anom_streak_len', 3],
    ['anom_max_streak_30d', 3],
    ['anom_repeat_type_7d', 3],
    ['anomaly_amount', 1],
    ['anomaly_geographic', 0],
  ])('%s is %d', (name, expected) => {
    expect(values[name]).toBe(expected)
  })
})

test('a customer of whom nothing is known has the values of the list', () => {
  const values = valuesOfLast([transaction()])
  expect(values.anom_rate_7d).toBe(1 / 21)
  expect(values.anom_secs_since_last).toBe(-1)
  expect(values.anom_sev_slope_7d).toBe(0)
  expect(values.anom_type_entropy_30d).toBe(0)
})

test('money coming in is neither flagged nor counted', () => {
  const before = valuesOfLast([...usual, ...flagged, at(1)])
  const credit = valuesOfLast([...usual, ...flagged, at(0, { event_type: 'CREDIT', amount_minor: 4_950_000 })])
  expect(credit.anom_count_1h).toBe(before.anom_count_1h)
  expect(credit.anomaly_amount).toBe(0)
})

test('a late payment sees what was flagged before it, and is seen by those after', () => {
  const late = at(HOUR_MS, hug)
  expect(valuesOfLast([...usual, at(30 * MINUTE_MS, hug), late]).anom_count_24h).toBe(1)
  expect(valuesOfLast([...usual, at(30 * MINUTE_MS, hug), late, at(0)]).anom_count_24h).toBe(2)
})

test('what the detectors find again and again within an hour is an alert of its own', () => {
  const alerts = (times: number) => {
    const network = new ScorerNetwork(1, dice('alerts'))
    network.feed([...usual, ...Array.from({ length: times }, (_, i) => at((times - i) * 9 * MINUTE_MS, hug))])
    network.finish(NOON + DAY_MS)
    network.run()
    return network.of('alerts.anomaly').filter(({ value }) => (value as Alert).rule_id === 'unlike-again-and-again')
  }
  expect(alerts(5)).toHaveLength(0)
  const [alert] = alerts(6)
  // What the score rests on comes after what the rule compared, or with it.
  expect((alert!.value as Alert).reasons.slice(0, 2).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^6 unusual payments within an hour \(limit: 6\)(, \d+ % of the score)?$/),
    expect.stringMatching(/^[12] ways in which the hour was very unusual \(limit: 1\)(, \d+ % of the score)?$/),
  ])
})
