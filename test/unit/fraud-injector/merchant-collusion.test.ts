import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { colluderIn, collusionEpoch } from '#services/fraud-injector/types/merchant-collusion.ts'
import { distanceKm } from '#services/market/cities.ts'
import { merchantSites } from '#services/market/merchants.ts'
import { DAY_MS, hourIst } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const SEEDS = ['collusion-1', 'collusion-2', 'collusion-3']
const runs = SEEDS.map((seed) => campaignWorld('MERCHANT_COLLUSION', seed, 60_000, 0.02))
const payers = runs.flatMap(fraudCampaigns)
const sales = payers.flat()
const twins = runs.flatMap(twinCampaigns)
const phase = (records: CampaignRecords, name: string): CampaignRecords =>
  records.filter(({ truth }) => truth.campaign_phase === name)
const share = (records: CampaignRecords, holds: (rupees: number) => boolean): number =>
  records.filter(({ tx }) => holds(tx.amount_minor / 100)).length / records.length

describe('a shop that rings up sales that never were', () => {
  test('is one shop of one city for its ring, the same seen from every partition', () => {
    expect(payers.length).toBeGreaterThan(100)
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      const rings = Map.groupBy(fraudCampaigns(run).flat(), ({ truth }) => truth.ring_id!)
      for (const records of rings.values()) {
        const { city, merchant_id, event_time } = records[0]!.tx
        expect(new Set(records.map(({ tx }) => tx.merchant_id)).size).toBe(1)
        const colluder = colluderIn(city, collusionEpoch(city, event_time), chance)!
        expect(merchantSites[colluder.site]).toMatchObject({ id: merchant_id, city })
        expect(colluder.ringId).toBe(records[0]!.truth.ring_id)
      }
      const sizes = [...rings.values()].map((records) => new Set(records.map(({ tx }) => tx.customer_id)).size)
      expect(Math.max(...sizes)).toBeGreaterThanOrEqual(3)
    }
  })

  test('has six of ten tickets in its cycle within 2 per cent below a threshold, three at multiples of 5,000', () => {
    const cycle = phase(sales, 'cycle')
    expect(cycle.length).toBeGreaterThan(300)
    const below = share(cycle, (rupees) =>
      [10_000, 20_000, 50_000, 100_000, 200_000].some((limit) => rupees < limit && rupees >= limit * 0.979),
    )
    expect(below).toBeGreaterThan(0.45)
    expect(below).toBeLessThan(0.7)
    const round = share(cycle, (rupees) => rupees % 5_000 === 0)
    expect(round).toBeGreaterThan(0.2)
    expect(round).toBeLessThan(0.42)
  })

  test('warms up with small tickets, and takes more of them at its end', () => {
    for (const { tx } of phase(sales, 'warm_up')) expect(tx.amount_minor).toBeLessThanOrEqual(300_000)
    expect(phase(sales, 'warm_up').length).toBeGreaterThan(10)
    // Of three weeks the cycle takes 5 to 17 days, its end 1 or 2.
    expect(phase(sales, 'exit').length / 1.5).toBeGreaterThan((1.5 * phase(sales, 'cycle').length) / 11)
  })

  test('sells while it is shut for about half, by card or code, and leaves the payer’s account and device alone', () => {
    const shut = sales.filter(({ tx }) => hourIst(tx.event_time) >= 21 || hourIst(tx.event_time) < 10).length
    expect(shut / sales.length).toBeGreaterThan(0.35)
    expect(shut / sales.length).toBeLessThan(0.65)
    for (const run of runs) {
      const own = new Set(
        run.labelled
          .filter(({ truth }) => truth.campaign_id === null)
          .map(({ tx }) => `${tx.account_id}/${tx.instrument_token}/${tx.device_id}`),
      )
      for (const { tx } of fraudCampaigns(run).flat()) {
        expect(own.has(`${tx.account_id}/${tx.instrument_token}/${tx.device_id}`)).toBe(true)
        expect(['POS', 'QR']).toContain(tx.channel)
      }
    }
  })

  test('comes back to the same payers: most pay there more than once', () => {
    expect(
      quantile(
        payers.map(({ length }) => length),
        0.4,
      ),
    ).toBeGreaterThanOrEqual(2)
  })

  test('is done with neighbours, who pay by code from home and by card at the shop', () => {
    let codes = 0
    let atShop = 0
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      const genuine = Map.groupBy(
        run.labelled.filter(({ tx, truth }) => truth.campaign_id === null && tx.lat !== null),
        ({ tx }) => tx.customer_id,
      )
      for (const records of fraudCampaigns(run)) {
        const { city, customer_id, event_time } = records[0]!.tx
        const { seat } = colluderIn(city, collusionEpoch(city, event_time), chance)!
        const before = genuine.get(customer_id)!.filter(({ tx }) => tx.event_time < event_time)
        const kmTo = ({ lat, lon }: { lat: number; lon: number }): number =>
          Math.min(...before.map(({ tx }) => distanceKm(tx.lat!, tx.lon!, lat, lon)))
        expect(kmTo(seat)).toBeLessThanOrEqual(3.5)
        for (const { tx } of records) {
          const [lat, lon] = [tx.lat!, tx.lon!]
          const km = distanceKm(lat, lon, seat.lat, seat.lon)
          if (tx.terminal_id === null) {
            expect(Math.min(kmTo({ lat, lon }), km)).toBeLessThan(1)
            codes++
            if (km < 1) atShop++
          } else expect(km).toBeLessThan(1)
        }
      }
    }
    // Of those within 3.5 km few live within 1; who was last seen in another city pays at the shop.
    expect(codes).toBeGreaterThan(100)
    expect(atShop / codes).toBeLessThan(0.3)
  })

  test('its truth blames the merchant, names threshold and margin, and comes to light after weeks', () => {
    for (const { tx, truth } of sales) {
      const { threshold, margin_below_threshold, merchant_age_days, payer_concentration_hhi } = truth.fraud_evidence
      expect(truth).toMatchObject({ actor_role: 'MERCHANT', authorised_by_customer: null, combination: 'COORDINATED' })
      expect(Number(merchant_age_days)).toBeLessThanOrEqual(365)
      expect(Number(payer_concentration_hhi)).toBeGreaterThanOrEqual(0.04)
      if (threshold === '0') continue
      expect(tx.amount_minor / 100).toBeCloseTo(Number(threshold) * (1 - Number(margin_below_threshold)), -1.5)
    }
    const days = payers.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / DAY_MS)
    expect(Math.min(...days)).toBeGreaterThanOrEqual(3)
    expect(quantile(days, 0.5)).toBeGreaterThan(20)
    expect(quantile(days, 0.5)).toBeLessThan(42)
  })
})

describe('its innocent doubles', () => {
  test('are fees and bracelets at 49,500, and visits to a new shop', () => {
    expect(twins.length).toBeGreaterThan(60)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['fee_below_threshold', 'launch_sale'])
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'MERCHANT_COLLUSION' })
      expect(['POS', 'QR']).toContain(tx.channel)
    }
  })
})
