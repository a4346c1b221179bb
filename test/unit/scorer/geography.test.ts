import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { NOON, transaction, valuesOfLast } from './helpers.ts'

const inPune = (agoMs: number) => transaction({ event_time: NOON - agoMs })
const delhi = { city: 'Delhi', channel: 'POS', payment_rail: 'DEBIT_CARD' } as const
const atHome = [inPune(3 * DAY_MS), inPune(2 * DAY_MS), inPune(DAY_MS)]

/** Great circle between the two centroids. */
const PUNE_DELHI_KM = 1_173

describe('distance_from_home_km', () => {
  test('home is the most frequent city of physical payments, once there are three', () => {
    expect(valuesOfLast([...atHome.slice(1), transaction(delhi)]).distance_from_home_km).toBe(-1)
    expect(valuesOfLast([...atHome, transaction(delhi)]).distance_from_home_km).toBeCloseTo(PUNE_DELHI_KM, -1)
    expect(valuesOfLast([...atHome, transaction()]).distance_from_home_km).toBe(0)
  })

  test('-1 where the payment is nowhere', () => {
    expect(valuesOfLast([...atHome, transaction({ channel: 'ECOM', city: 'Delhi' })]).distance_from_home_km).toBe(-1)
    expect(valuesOfLast([...atHome, transaction({ ...delhi, city: 'Atlantis' })]).distance_from_home_km).toBe(-1)
  })
})

describe('implied_speed_kmh', () => {
  test('distance over time since the last place', () => {
    const speed = valuesOfLast([inPune(2 * HOUR_MS), transaction(delhi)]).implied_speed_kmh!
    expect(speed).toBeCloseTo(PUNE_DELHI_KM / 2, -1)
  })

  test('the gap is at least a minute, and near places are no journey', () => {
    expect(valuesOfLast([inPune(1), transaction(delhi)]).implied_speed_kmh).toBeCloseTo(PUNE_DELHI_KM * 60, -3)
    expect(valuesOfLast([inPune(1), transaction({ lat: 18.6, lon: 73.9 })]).implied_speed_kmh).toBe(0)
  })

  test('an unreachable place is not where the customer is', () => {
    const clone = transaction({ ...delhi, event_time: NOON - 10 * MINUTE_MS })
    const owner = valuesOfLast([inPune(20 * MINUTE_MS), clone, transaction()])
    expect(owner.implied_speed_kmh).toBe(0)
    const again = valuesOfLast([inPune(20 * MINUTE_MS), clone, transaction(delhi)])
    expect(again.implied_speed_kmh).toBeGreaterThan(800)
  })

  test('online payments move nobody', () => {
    const online = transaction({ channel: 'ECOM', city: 'Delhi', event_time: NOON - MINUTE_MS })
    expect(valuesOfLast([inPune(HOUR_MS), online, transaction()]).implied_speed_kmh).toBe(0)
  })
})

test('distinct_city_count_7d counts physical cities', () => {
  const history = [
    transaction({ ...delhi, event_time: NOON - 8 * DAY_MS, city: 'Jaipur' }),
    transaction({ ...delhi, event_time: NOON - 6 * DAY_MS }),
    transaction({ event_time: NOON - 5 * DAY_MS, channel: 'ECOM', city: 'Surat' }),
  ]
  expect(valuesOfLast([...history, transaction()]).distinct_city_count_7d).toBe(2)
})
