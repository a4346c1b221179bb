import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const runs = ['bust-1', 'bust-2'].map((seed) => campaignWorld('FIRST_PARTY_FRAUD', seed, 120_000, 0.02))
const busts = runs.flatMap(fraudCampaigns)
const twins = runs.flatMap(twinCampaigns)
/** Those that had time to end within the stream. */
const whole = runs.flatMap((run) => {
  const end = run.transactions.at(-1)!.event_time
  return fraudCampaigns(run).filter((bust) => bust[0]!.tx.event_time < end - 12 * DAY_MS)
})
const approved = busts.flat().filter(({ tx }) => tx.status_response.status === 'APPROVED')

describe('a card used up by its owner', () => {
  test('takes 6 to 25 payments within 2 to 10 days, unless the limit is used up before', () => {
    expect(whole.length).toBeGreaterThan(50)
    const counts = whole.map(({ length }) => length)
    expect(Math.max(...counts)).toBeLessThanOrEqual(25)
    expect(quantile(counts, 0.2)).toBeGreaterThanOrEqual(6)
    for (const bust of whole) {
      expect(bust.at(-1)!.tx.event_time - bust[0]!.tx.event_time).toBeLessThanOrEqual(11 * DAY_MS)
    }
  })

  test('has amounts of 5 to 15 times the own mean, until the last ones, for which the limit is too small', () => {
    const multiples = approved.map(({ truth }) => Number(truth.fraud_evidence.amount_multiplier))
    expect(Math.max(...multiples)).toBeLessThan(16)
    expect(quantile(multiples, 0.25)).toBeGreaterThan(5)
    expect(quantile(multiples, 0.5)).toBeGreaterThan(8)
    expect(quantile(multiples, 0.5)).toBeLessThan(12)
  })

  test('goes from at the most half of the limit to nearly all of it', () => {
    for (const { truth } of busts.flat()) {
      expect(Number(truth.fraud_evidence.utilisation_before)).toBeLessThanOrEqual(0.5)
    }
    const after = whole.map((bust) => Number(bust.at(-1)!.truth.fraud_evidence.utilisation_after))
    expect(quantile(after, 0.3)).toBeGreaterThan(0.85)
    expect(Math.max(...after)).toBeLessThanOrEqual(1)
  })

  test('is done online on the customer’s own device, mostly for what is as good as cash', () => {
    for (const run of runs) {
      const own = new Set(
        run.labelled
          .filter(({ truth }) => truth.campaign_id === null)
          .map(({ tx }) => `${tx.account_id}/${tx.device_id}`),
      )
      for (const { tx } of fraudCampaigns(run).flat()) {
        expect(own.has(`${tx.account_id}/${tx.device_id}`)).toBe(true)
        expect(tx).toMatchObject({ payment_rail: 'CREDIT_CARD', channel: 'ECOM', authentication_method: 'OTP' })
      }
    }
    const cashLike = whole.map((bust) => Number(bust.at(-1)!.truth.fraud_evidence.cash_like_share))
    expect(cashLike.reduce((sum, part) => sum + part, 0) / cashLike.length).toBeGreaterThan(0.4)
  })

  test('is followed by silence: card bills come back, and the card never gets the money', () => {
    const silent = runs.flatMap(({ labelled }) => labelled.filter(({ truth }) => truth.campaign_phase === 'silence'))
    expect(silent.length).toBeGreaterThan(5)
    for (const { tx, truth } of silent) {
      expect(truth).toMatchObject({ is_fraud: false, actor_role: 'CUSTOMER', benign_twin_of: null })
      expect(tx.status_response.status).toBe('DECLINED')
    }
  })

  test('is written off after a month to 250 days, 90 in the median', () => {
    const days = busts.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / (24 * HOUR_MS))
    expect(Math.min(...days)).toBeGreaterThanOrEqual(30)
    expect(Math.max(...days)).toBeLessThanOrEqual(250)
    expect(quantile(days, 0.5)).toBeGreaterThan(70)
    expect(quantile(days, 0.5)).toBeLessThan(115)
    for (const { truth } of busts.flat()) {
      expect(truth).toMatchObject({ actor_role: 'CUSTOMER', authorised_by_customer: true })
      expect(['BUST_OUT', 'LOAN_STACKING']).toContain(truth.modus_operandi)
    }
  })
})

describe('its innocent doubles', () => {
  test('are up to nine purchases online, by which nobody loses', () => {
    expect(twins.length).toBeGreaterThan(40)
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'FIRST_PARTY_FRAUD', loss_minor: 0 })
      expect(tx.channel).toBe('ECOM')
    }
    for (const twin of twins) expect(twin.length).toBeLessThanOrEqual(9)
  })
})
