import { describe, expect, test } from 'vitest'
import { foundText, fraudText, named, rupees, verdictOf, whoText } from '#infra/page/public/alert-text.ts'
import { project, radiusOf } from '#infra/page/public/projection.ts'
import { BIN_SECONDS, bin, merge, sumOfLast, WINDOW_SECONDS } from '#infra/page/public/seconds.ts'
import { cities } from '#services/market/cities.ts'
import type { CampaignView } from '#services/monitor/live/truths.ts'
import { MINUTE_MS } from '#services/time.ts'

const second = (at: number, payments = 1) => ({ second: at, payments, frauds: 0, alerts: 0 })
const ofPayments = ({ payments }: { readonly payments: number }) => payments

describe('the seconds of a chart', () => {
  test('take the newest word for what was told before', () => {
    expect(
      merge([second(1), second(2), second(3)], [second(2, 5), second(3, 6), second(4, 7)]).map(ofPayments),
    ).toEqual([1, 5, 6, 7])
    expect(merge([second(1)], [])).toEqual([second(1)])
    const many = Array.from({ length: 2 * WINDOW_SECONDS }, (_, i) => second(i))
    expect(merge([], many)).toHaveLength(WINDOW_SECONDS)
  })

  test('are summed by fives that stay the same as time goes by, with nothing where nothing was', () => {
    const seconds = [second(1_000), second(1_004), second(1_005), second(1_012)]
    const [ago, counts] = bin(seconds, ofPayments)
    expect(counts).toHaveLength(WINDOW_SECONDS / BIN_SECONDS)
    expect(counts.slice(-4)).toEqual([0, 2, 1, 1])
    expect(ago.slice(-3)).toEqual([-12, -7, -2])
    expect(bin([], ofPayments)[1].every((count) => count === 0)).toBe(true)
  })

  test('are summed without the one that has only begun', () => {
    expect(sumOfLast([second(1, 1), second(2, 2), second(3, 4), second(4, 100)], 2, ofPayments)).toBe(6)
  })
})

describe('the map', () => {
  test('has all cities on it, north above south and west left of east', () => {
    const at = (name: string) => {
      const { lat, lon } = cities.find((city) => city.name === name)!
      return project(lat, lon)
    }
    for (const { name } of cities) {
      const { x, y } = at(name)
      expect([name, x > 2 && x < 98, y > 2 && y < 98]).toEqual([name, true, true])
    }
    expect(at('Delhi').y).toBeLessThan(at('Chennai').y)
    expect(at('Mumbai').x).toBeLessThan(at('Kolkata').x)
  })

  test('is true to scale between two cities of one latitude and of one longitude', () => {
    const eastKm = 111.2 * Math.cos((20.5 * Math.PI) / 180)
    const scaleEast = (project(20.5, 80).x - project(20.5, 79).x) / eastKm
    const scaleNorth = (project(20, 80).y - project(21, 80).y) / 111.2
    expect(scaleEast / scaleNorth).toBeCloseTo(1, 5)
  })

  test('draws areas by counts', () => {
    expect([radiusOf(100, 100, 6), radiusOf(25, 100, 6), radiusOf(0, 100, 6), radiusOf(0, 0, 6)]).toEqual([6, 3, 0, 0])
  })
})

describe('the words of an alert', () => {
  test('say who, what and where', () => {
    const card = { customerId: 'CUST0000042', amountMinor: 12_345_600, rail: 'CREDIT_CARD', city: 'Pune' }
    expect(whoText(card)).toBe('CUST0000042 · ₹1,23,456 by credit card in Pune')
    expect(rupees(12_345)).toBe('₹123.45')
  })

  test('say whether the truth agrees, with a sign for each', () => {
    const verdicts = [
      verdictOf({ kind: 'fraud', type: 'ACCOUNT_TAKEOVER', modus: 'SIM_SWAP' }),
      verdictOf({ kind: 'twin', of: 'CARD_TESTING' }),
      verdictOf({ kind: 'genuine' }),
      verdictOf({ kind: 'unknown' }),
    ]
    expect(verdicts.map(({ text }) => text)).toEqual([
      'The truth agrees: account takeover (SIM swap).',
      'The truth disagrees: innocent, and made to look like card testing.',
      'The truth disagrees: an ordinary payment.',
      'The truth is not in yet.',
    ])
    expect(new Set(verdicts.map(({ sign }) => sign)).size).toBe(4)
  })

  test('say how long the rules took to notice', () => {
    const campaign = { firstFraudMs: 0, firstAlertMs: 0 } as CampaignView
    expect(foundText(campaign)).toBe('alert at once')
    expect(foundText({ ...campaign, firstAlertMs: 4 * MINUTE_MS })).toBe('alert after 4 min')
    expect(foundText({ ...campaign, firstAlertMs: null })).toBe('no alert yet')
  })

  test('have names for constants', () => {
    expect(named('OTP_PHISHING')).toBe('OTP phishing')
    expect(fraudText({ type: 'CARD_TESTING', modus: 'NONE' })).toBe('card testing')
  })
})
