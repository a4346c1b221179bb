import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, gapsMs, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const runs = ['velocity-1', 'velocity-2', 'velocity-3'].map((seed) => campaignWorld('VELOCITY_ABUSE', seed, 15_000))
const bursts = runs.flatMap(fraudCampaigns)
const records = bursts.flat()
const twins = runs.flatMap(twinCampaigns)

describe('a burst on one instrument far above its own rate', () => {
  test('is 5 to 60 attempts, 12 in the median, unless the money runs out', () => {
    const counts = bursts.map((burst) => burst.length)
    expect(bursts.length).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThanOrEqual(60)
    expect(quantile(counts, 0.5)).toBeGreaterThanOrEqual(9)
    expect(quantile(counts, 0.5)).toBeLessThanOrEqual(15)
    expect(quantile(counts, 0.03)).toBeGreaterThanOrEqual(5)
  })

  test('follows within seconds to 15 minutes, 75 seconds in the median, five of them within an hour', () => {
    const gaps = bursts.flatMap(gapsMs)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3_000)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(900_000)
    expect(quantile(gaps, 0.5)).toBeGreaterThan(60_000)
    expect(quantile(gaps, 0.5)).toBeLessThan(95_000)
    for (const burst of bursts.filter(({ length }) => length >= 5)) {
      expect(burst[4]!.tx.event_time - burst[0]!.tx.event_time).toBeLessThan(HOUR_MS)
    }
  })

  test('is on one instrument, online, at 1 to 10 merchants, by card, wallet or UPI', () => {
    for (const burst of bursts) {
      expect(new Set(burst.map(({ tx }) => tx.instrument_token)).size).toBe(1)
      expect(new Set(burst.map(({ tx }) => tx.merchant_id)).size).toBeLessThanOrEqual(10)
      for (const { tx } of burst) {
        expect(['CREDIT_CARD', 'PREPAID_WALLET', 'UPI']).toContain(tx.payment_rail)
        expect(['ECOM', 'MOBILE_APP']).toContain(tx.channel)
      }
    }
  })

  test('is of small amounts: 20 to 5,000 rupees, about 350 in the median', () => {
    const amounts = records.map(({ tx }) => tx.amount_minor / 100)
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(19)
    expect(Math.max(...amounts)).toBeLessThanOrEqual(5_000)
    expect(quantile(amounts, 0.5)).toBeGreaterThan(300)
    expect(quantile(amounts, 0.5)).toBeLessThan(400)
  })

  test('is declined in 15 to 50 per cent by frequency and amount controls', () => {
    const declined = records.filter(({ tx }) => tx.status_response.status === 'DECLINED')
    expect(declined.length / records.length).toBeGreaterThan(0.2)
    expect(declined.length / records.length).toBeLessThan(0.5)
    const codes = new Set(declined.map(({ tx }) => tx.status_response.response_code))
    for (const code of codes) expect(['61', '65', 'Z7', 'Z8', '51', 'Z9', '59', 'YE']).toContain(code)
    for (const burst of bursts) expect(burst[0]!.tx.status_response.status).toBe('APPROVED')
  })

  test('its truth says so, with evidence that counts', () => {
    for (const burst of bursts) {
      burst.forEach(({ truth }, i) => {
        const soFar = burst.slice(0, i + 1)
        const refused = soFar.filter(({ tx }) => tx.status_response.status === 'DECLINED').length
        expect(truth).toMatchObject({
          fraud_type: 'VELOCITY_ABUSE',
          campaign_phase: 'burst',
          phase_seq: i + 1,
          actor_role: 'ATTACKER',
          authorised_by_customer: false,
          benign_twin_of: null,
        })
        expect(['PROMO_BOT', 'WALLET_LOAD_RUN', 'GIFT_CARD_BUYING']).toContain(truth.modus_operandi)
        expect(Number(truth.fraud_evidence.transactions_in_hour)).toBeGreaterThanOrEqual(Math.min(5, i + 1))
        expect(Number(truth.fraud_evidence.distinct_merchants)).toBe(
          new Set(soFar.map(({ tx }) => tx.merchant_id)).size,
        )
        expect(Number(truth.fraud_evidence.per_hour_baseline)).toBeLessThan(5)
        expect(Number(truth.fraud_evidence.decline_ratio)).toBeCloseTo(refused / soFar.length, 2)
      })
    }
  })

  test('is noticed within minutes to 10 days, 8 hours in the median', () => {
    const delays = bursts.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / HOUR_MS)
    expect(quantile(delays, 0.5)).toBeGreaterThan(5)
    expect(quantile(delays, 0.5)).toBeLessThan(13)
    expect(Math.max(...delays)).toBeLessThanOrEqual(241)
  })
})

describe('its innocent doubles', () => {
  test('are micro-payments at counters, or orders just after midnight', () => {
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['micro_payments', 'sale_midnight'])
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({
        is_fraud: false,
        fraud_type: 'NONE',
        benign_twin_of: 'VELOCITY_ABUSE',
        loss_minor: 0,
      })
      expect(truth.report_time).toBeNull()
      if (truth.campaign_phase === 'micro_payments') {
        expect(tx.channel).toBe('QR')
        expect(tx.amount_minor).toBeLessThanOrEqual(12_000)
      } else expect(new Date(tx.local_time).getUTCHours()).toBeLessThan(5)
    }
  })

  test('come half as often again as the campaigns, where one double is asked for each', () => {
    expect(twins.length / bursts.length).toBeGreaterThan(1.2)
    expect(twins.length / bursts.length).toBeLessThan(1.8)
  })
})
