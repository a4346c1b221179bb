import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { loyaltyRing } from '#services/fraud-injector/types/loyalty-abuse.ts'
import { DAY_MS, HOUR_MS, toLocalMs } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  gapsMs,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const SEEDS = ['loyalty-1', 'loyalty-2', 'loyalty-3']
const OFFERS = [99, 199, 499, 999, 1999, 4999]
const runs = SEEDS.map((seed) => campaignWorld('LOYALTY_ABUSE', seed, 120_000, 0.03))
const campaignsOf = runs.map(fraudCampaigns)
const campaigns = campaignsOf.flat()
const twins = runs.flatMap(twinCampaigns)
const phase = (campaign: CampaignRecords, name: string): CampaignRecords =>
  campaign.filter(({ truth }) => truth.campaign_phase === name)
/** Share of an offer by which an amount misses it. */
const distance = (amountMinor: number): number =>
  Math.min(...OFFERS.map((offer) => Math.abs(amountMinor / 100 / offer - 1)))
/** Those that began two weeks before the end. */
const whole = runs.flatMap((run, i) => {
  const end = run.transactions.at(-1)!.event_time - 14 * DAY_MS
  return campaignsOf[i]!.filter(([first]) => first!.tx.event_time < end)
})

describe('an account that farms rewards', () => {
  test('pays 5 to 40 times, hours apart, amounts within a twentieth of an offer, most of them just above', () => {
    expect(campaigns.length).toBeGreaterThan(150)
    for (const campaign of campaigns) expect(phase(campaign, 'earn').length).toBeLessThanOrEqual(40)
    const counts = whole.map((campaign) => phase(campaign, 'earn').length)
    expect(quantile(counts, 0.02)).toBeGreaterThanOrEqual(5)
    expect(quantile(counts, 0.5)).toBeGreaterThan(14)
    const gaps = whole.flatMap((campaign) => gapsMs(phase(campaign, 'earn')))
    expect(quantile(gaps, 0.5)).toBeGreaterThan(5 * HOUR_MS)
    expect(quantile(gaps, 0.5)).toBeLessThan(14 * HOUR_MS)
    const amounts = campaigns.flatMap((campaign) => phase(campaign, 'earn').map(({ tx }) => tx.amount_minor))
    // Rounded as prices are: at the counter to tens, online often to one below a hundred.
    for (const amount of amounts) expect(distance(amount)).toBeLessThan(0.12)
    expect(quantile(amounts.map(distance), 0.95)).toBeLessThan(0.03)
    const below = amounts.filter((amount) =>
      OFFERS.some((offer) => amount / 100 < offer && amount / 100 > 0.94 * offer),
    )
    expect(below.length / amounts.length).toBeGreaterThan(0.14)
    expect(below.length / amounts.length).toBeLessThan(0.26)
  })

  test('three in ten begin as an offer does, at midnight', () => {
    const atLaunch = campaigns.filter(([first]) => toLocalMs(first!.tx.event_time) % DAY_MS < 2 * HOUR_MS)
    expect(atLaunch.length / campaigns.length).toBeGreaterThan(0.12)
    expect(atLaunch.length / campaigns.length).toBeLessThan(0.45)
  })

  test('some of it goes to a shop of their own, by its code and from their own phone', () => {
    const all = campaigns.flatMap((campaign) => phase(campaign, 'earn'))
    const own = all.filter(({ truth }) => truth.fraud_evidence.self_payment === 'true')
    expect(own.length / all.length).toBeGreaterThan(0.15)
    expect(own.length / all.length).toBeLessThan(0.4)
    for (const { tx } of own) expect(tx).toMatchObject({ payment_rail: 'UPI', channel: 'QR' })
    for (const campaign of campaigns) {
      const shops = new Set(
        campaign.filter(({ truth }) => truth.fraud_evidence.self_payment === 'true').map(({ tx }) => tx.merchant_id),
      )
      expect(shops.size).toBeLessThanOrEqual(1)
    }
  })

  test('the points are redeemed within two days, on the device that earned them', () => {
    for (const run of runs) {
      const redeemed = run.events.filter(({ event_type }) => event_type === 'LOYALTY_REDEEMED')
      expect(redeemed.length).toBeGreaterThan(50)
      const byCustomer = Map.groupBy(
        run.labelled.filter(({ truth }) => truth.campaign_phase === 'earn' || truth.campaign_phase === 'top_up'),
        ({ tx }) => tx.customer_id,
      )
      for (const { customer_id, event_time, details } of redeemed) {
        const earned = byCustomer.get(customer_id)!
        const before = earned.filter(({ tx }) => tx.event_time < event_time)
        expect(event_time - before.at(-1)!.tx.event_time).toBeLessThanOrEqual(2 * DAY_MS)
        expect(Number(details.points)).toBeGreaterThan(0)
      }
    }
  })

  test('four in ten undo purchases afterwards: in full, by the same merchant, to the same account, once', () => {
    const unwinding = whole.filter((campaign) => phase(campaign, 'unwind').length > 0)
    expect(unwinding.length / whole.length).toBeGreaterThan(0.25)
    expect(unwinding.length / whole.length).toBeLessThan(0.5)
    for (const campaign of unwinding) {
      const refunds = phase(campaign, 'unwind')
      const originals = refunds.map(({ tx }) =>
        phase(campaign, 'earn').find((earned) => earned.tx.transaction_id === tx.original_transaction_id),
      )
      expect(new Set(originals).size).toBe(refunds.length)
      refunds.forEach(({ tx, truth }, i) => {
        const original = originals[i]!.tx
        expect(original.status_response.status).toBe('APPROVED')
        expect(tx).toMatchObject({
          event_type: 'REFUND',
          amount_minor: original.amount_minor,
          merchant_id: original.merchant_id,
          account_id: original.account_id,
          loyalty_points_delta: 0 - original.loyalty_points_delta,
        })
        expect(truth.fraud_evidence.earn_refund_loops).toBe(String(i + 1))
      })
    }
  })

  test('points come as for any purchase: one for a hundred rupees on a credit card, none elsewhere', () => {
    for (const { tx } of [...campaigns, ...twins].flat()) {
      const approved = tx.status_response.status === 'APPROVED' && tx.payment_rail === 'CREDIT_CARD'
      const points = approved ? Math.floor(tx.amount_minor / 10_000) : 0
      expect(Math.abs(tx.loyalty_points_delta)).toBe(points)
    }
  })
})

describe('a ring', () => {
  test('is a function of seed and epoch, and other in each', () => {
    const [one, two] = [new Chance('a'), new Chance('a')]
    expect(loyaltyRing(1, 7, one)).toEqual(loyaltyRing(1, 7, two))
    const rings = [0, 1, 2, 3].flatMap((n) => [6, 7].map((epoch) => loyaltyRing(n, epoch, one).ringId))
    expect(new Set(rings).size).toBe(8)
    expect(loyaltyRing(1, 7, new Chance('b')).ringId).not.toBe(loyaltyRing(1, 7, one).ringId)
  })

  test('pays from its own phones, bound a day before where the bank asks for that; several accounts share one', () => {
    let shared = 0
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      const accounts = new Map<string, Set<string>>()
      for (const campaign of campaignsOf[i]!) {
        const { ring_id, modus_operandi } = campaign[0]!.truth
        expect(ring_id !== null).toBe(modus_operandi === 'REFERRAL_RING')
        if (ring_id === null) continue
        const epochs = [-1, 0, 1].map((n) => Math.floor(campaign[0]!.tx.event_time / (30 * DAY_MS)) + n)
        const ring = epochs
          .flatMap((epoch) => [0, 1, 2, 3].map((n) => loyaltyRing(n, epoch, chance)))
          .find(({ ringId }) => ringId === ring_id)!
        const online = phase(campaign, 'earn').filter(({ tx }) => tx.channel !== 'QR')
        for (const { tx } of online) {
          expect(ring.devices.map(({ device_id }) => device_id)).toContain(tx.device_id)
          accounts.set(tx.device_id!, (accounts.get(tx.device_id!) ?? new Set()).add(tx.customer_id))
          if (tx.channel !== 'MOBILE_APP') continue
          const bound = run.events.find(
            ({ customer_id, event_type, device_id }) =>
              customer_id === tx.customer_id && event_type === 'DEVICE_BOUND' && device_id === tx.device_id,
          )
          expect(tx.event_time - bound!.event_time).toBeGreaterThanOrEqual(DAY_MS)
        }
      }
      shared += [...accounts.values()].filter(({ size }) => size >= 3).length
    }
    expect(shared).toBeGreaterThan(5)
  })
})

test('its truth says what a reward is worth, a twentieth of what was paid; it is reported when the truth says', () => {
  for (const { tx, truth } of campaigns.flat()) {
    const earned = tx.event_type !== 'REFUND' && tx.status_response.status === 'APPROVED'
    expect(truth).toMatchObject({
      fraud_type: 'LOYALTY_ABUSE',
      actor_role: 'CUSTOMER',
      authorised_by_customer: true,
      loss_minor: earned ? Math.round(tx.amount_minor / 20) : 0,
    })
    expect(['LOW', 'MEDIUM']).toContain(truth.fraud_severity)
    expect(OFFERS.map(String)).toContain(truth.fraud_evidence.offer_threshold)
    expect(truth.report_time! - tx.event_time).toBeGreaterThan(0)
  }
  const days = campaigns.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / DAY_MS)
  expect(Math.min(...days)).toBeGreaterThanOrEqual(2)
  expect(quantile(days, 0.5)).toBeGreaterThan(20)
  expect(quantile(days, 0.5)).toBeLessThan(42)
})

describe('its innocent doubles', () => {
  test('fill 3 to 8 baskets up to an offer, from their own device, and redeem points as well', () => {
    expect(twins.length).toBeGreaterThan(100)
    for (const twin of twins) {
      expect(twin.length).toBeLessThanOrEqual(8)
      for (const { tx, truth } of twin) {
        expect(distance(tx.amount_minor)).toBeLessThan(0.12)
        expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'LOYALTY_ABUSE', campaign_phase: 'top_up' })
      }
    }
    const customers = new Set(twins.map(([first]) => first!.tx.customer_id))
    const redeemed = runs.flatMap(({ events }) =>
      events.filter(({ event_type, customer_id }) => event_type === 'LOYALTY_REDEEMED' && customers.has(customer_id)),
    )
    expect(redeemed.length).toBeGreaterThan(50)
  })
})
