import { describe, expect, test } from 'vitest'
import { DAY_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { injectorSettings } from '../../helpers/injector.ts'

const SEEDS = ['friendly-1', 'friendly-2', 'friendly-3']
const runs = SEEDS.map((seed) => campaignWorld('FRIENDLY_FRAUD', seed, 60_000, 0.01))
const campaigns = runs.flatMap(fraudCampaigns)
const purchases = campaigns.flat()
const twins = runs.flatMap(twinCampaigns)

describe('a purchase that its buyer will dispute', () => {
  test('is the genuine record, byte for byte: nothing at all is to be seen at purchase time', () => {
    const settings = injectorSettings(SEEDS[0]!)
    const population = { ...settings.population, customers: 2_000 }
    const genuine = worldTransactions({ ...settings, population }, 10_000)
    expect(purchases.filter(({ tx }) => tx.event_time < genuine.at(-1)!.event_time).length).toBeGreaterThan(20)
    genuine.forEach((tx, i) => {
      if (JSON.stringify(runs[0]!.transactions[i]) !== JSON.stringify(tx)) expect.fail(tx.transaction_id)
    })
  })

  test('is an approved one, online, of 300 to 80,000 rupees; up to five of one customer within weeks', () => {
    expect(campaigns.length).toBeGreaterThan(400)
    for (const { tx } of purchases) {
      expect(tx.status_response.status).toBe('APPROVED')
      expect(['ECOM', 'MOBILE_APP']).toContain(tx.channel)
      expect(tx.amount_minor).toBeGreaterThanOrEqual(30_000)
      expect(tx.amount_minor).toBeLessThanOrEqual(8_000_000)
    }
    for (const campaign of campaigns) {
      expect(campaign.map(({ truth }) => truth.phase_seq)).toEqual(campaign.map((_, i) => i + 1))
      expect(campaign.length).toBeLessThanOrEqual(5)
      expect(campaign.at(-1)!.tx.event_time - campaign[0]!.tx.event_time).toBeLessThanOrEqual(21 * DAY_MS)
    }
  })

  test('is worth the trouble: small sums are disputed less often, in proportion to the sum', () => {
    const rupees = purchases.map(({ tx }) => tx.amount_minor / 100)
    expect(quantile(rupees, 0.5)).toBeGreaterThan(1_500)
    expect(quantile(rupees, 0.5)).toBeLessThan(4_500)
    expect(rupees.filter((amount) => amount < 600).length / rupees.length).toBeLessThan(0.15)
  })

  test('is disputed 3 to 120 days later, 24 in the median, and never sooner than 3 after the last', () => {
    const days = campaigns.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / DAY_MS)
    expect(quantile(days, 0.5)).toBeGreaterThan(18)
    expect(quantile(days, 0.5)).toBeLessThan(30)
    expect(Math.max(...days)).toBeLessThanOrEqual(120)
    for (const { tx, truth } of purchases) expect(truth.report_time! - tx.event_time).toBeGreaterThanOrEqual(3 * DAY_MS)
  })

  test('its reports come when the truth says, and half of them claim a theft', () => {
    const reports = runs.flatMap((run) => {
      const frauds = new Map(
        run.labelled.filter(({ truth }) => truth.is_fraud).map(({ tx, truth }) => [tx.transaction_id, truth]),
      )
      return run.reports
        .filter(({ version }) => version === 1)
        .filter(({ transaction_id }) => frauds.has(transaction_id))
        .map((report) => ({ report, truth: frauds.get(report.transaction_id)! }))
    })
    expect(reports.length).toBeGreaterThan(5)
    for (const { report, truth } of reports) {
      expect(report.report_time).toBe(truth.report_time)
      expect(report.claimed_type).toBe(truth.fraud_evidence.reason_code === '10.4' ? 'ACCOUNT_TAKEOVER' : 'NONE')
    }
    const theft = purchases.filter(({ truth }) => truth.fraud_evidence.reason_code === '10.4').length
    expect(theft / purchases.length).toBeGreaterThan(0.4)
    expect(theft / purchases.length).toBeLessThan(0.6)
  })

  test('its truth knows the buyer, whose disputes are 30 to 150 times as frequent as others’', () => {
    for (const { truth } of purchases) {
      expect(truth).toMatchObject({
        fraud_type: 'FRIENDLY_FRAUD',
        actor_role: 'CUSTOMER',
        authorised_by_customer: true,
        campaign_phase: 'purchase',
      })
      expect(Number(truth.fraud_evidence.dispute_multiplier)).toBeGreaterThanOrEqual(30)
      expect(Number(truth.fraud_evidence.dispute_multiplier)).toBeLessThanOrEqual(150)
      expect(truth.fraud_severity).not.toBe('NONE')
    }
    const won = purchases.filter(({ truth }) => truth.recovered_minor === truth.loss_minor).length
    expect(won / purchases.length).toBeGreaterThan(0.4)
    expect(won / purchases.length).toBeLessThan(0.6)
  })
})

test('once the merchant has won, the bank’s second report says what it was', () => {
  const run = campaignWorld('FRIENDLY_FRAUD', 'later', 20_000)
  run.watermark(run.transactions.at(-1)!.event_time + 200 * DAY_MS)
  const revised = run.reports.filter(({ version }) => version === 2)
  const found = revised.filter(({ claimed_type }) => claimed_type === 'FRIENDLY_FRAUD')
  expect(found.length).toBeGreaterThan(3)
  for (const { amount_minor, recovered_minor } of found) expect(recovered_minor).toBe(amount_minor)
})

describe('its innocent doubles', () => {
  test('are parcels that never came and subscriptions forgotten: reported too, of no fraud', () => {
    expect(twins.length).toBeGreaterThan(300)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['forgotten_subscription', 'not_delivered'])
    const ids = new Set(twins.flat().map(({ tx }) => tx.transaction_id))
    const honest = runs.flatMap(({ reports }) => reports.filter(({ transaction_id }) => ids.has(transaction_id)))
    expect(honest.length).toBeGreaterThan(5)
    for (const { claimed_type } of honest) expect(claimed_type).toBe('NONE')
    for (const { truth } of twins.flat()) expect(truth).toMatchObject({ is_fraud: false, loss_minor: 0 })
  })
})
