import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { dropRing } from '#services/fraud-injector/types/shipping-fraud.ts'
import { DAY_MS, hourIst, MINUTE_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const SEEDS = ['drops-1', 'drops-2', 'drops-3']
const runs = SEEDS.map((seed) => campaignWorld('SHIPPING_FRAUD', seed, 40_000, 0.01))
const campaigns = runs.flatMap(fraudCampaigns)
const orders = campaigns.flat()
const diverted = campaigns.filter(([first]) => first!.truth.modus_operandi !== 'INTERCEPT')
const intercepted = campaigns.filter(([first]) => first!.truth.modus_operandi === 'INTERCEPT')
const twins = runs.flatMap(twinCampaigns)
const approvedOf = (records: typeof orders) => records.filter(({ tx }) => tx.status_response.status === 'APPROVED')

describe('goods diverted to a drop', () => {
  test('are ordered 1 to 4 times, for 4,000 rupees and more, 18,000 in the median, by card or pay-later', () => {
    expect(campaigns.length).toBeGreaterThan(200)
    for (const campaign of campaigns) expect(campaign.length).toBeLessThanOrEqual(4)
    const amounts = orders.map(({ tx }) => tx.amount_minor / 100)
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(3_900)
    expect(Math.max(...amounts)).toBeLessThanOrEqual(150_500)
    expect(quantile(amounts, 0.5)).toBeGreaterThan(15_000)
    expect(quantile(amounts, 0.5)).toBeLessThan(21_000)
    for (const { tx } of orders) {
      expect(['CREDIT_CARD', 'BNPL']).toContain(tx.payment_rail)
      expect(['ELECTRONICS', 'ECOMMERCE', 'JEWELLERY']).toContain(tx.category)
      expect(tx.authentication_method).toBe('OTP')
    }
  })

  test('go to the addresses of a ring, the same in every partition, from the phones of that ring or, for four in five, the victim’s own', () => {
    let own = 0
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      for (const campaign of fraudCampaigns(run)) {
        const { ring_id, modus_operandi, compromise_time } = campaign[0]!.truth
        const epoch = Math.floor(compromise_time! / (30 * DAY_MS))
        const ring = [0, 1, 2, 3, 4, 5].map((n) => dropRing(n, epoch, chance)).find(({ ringId }) => ringId === ring_id)!
        const isOwn = run.labelled.some(
          ({ tx, truth }) =>
            !truth.is_fraud &&
            tx.customer_id === campaign[0]!.tx.customer_id &&
            tx.device_id === campaign[0]!.tx.device_id,
        )
        if (isOwn) own++
        for (const { tx } of campaign) {
          if (!isOwn) expect(ring.devices.map(({ device_id }) => device_id)).toContain(tx.device_id)
          expect(tx.device_id).toBe(campaign[0]!.tx.device_id)
          const addresses = ring.addresses.map(({ shipping_address_hash }) => shipping_address_hash)
          if (modus_operandi === 'INTERCEPT') expect(addresses).not.toContain(tx.shipping_address_hash)
          else expect(addresses).toContain(tx.shipping_address_hash)
        }
      }
    }
    expect(own / campaigns.length).toBeGreaterThan(0.72)
    expect(own / campaigns.length).toBeLessThan(0.9)
    const victims = Map.groupBy(orders, ({ truth }) => truth.ring_id)
    const sizes = [...victims.values()].map((records) => new Set(records.map(({ tx }) => tx.customer_id)).size)
    expect(quantile(sizes, 0.5)).toBeGreaterThanOrEqual(3)
  })

  test('are sent more than 300 km from home for most', () => {
    const far = campaigns.filter(([first]) => Number(first!.truth.fraud_evidence.ship_home_distance_km) >= 300)
    expect(far.length / campaigns.length).toBeGreaterThan(0.55)
    expect(far.length / campaigns.length).toBeLessThan(0.95)
  })

  test('half of them are sent to the victim, whose address is changed 2 minutes to a day after the last is paid', () => {
    expect(intercepted.length / campaigns.length).toBeGreaterThan(0.4)
    expect(intercepted.length / campaigns.length).toBeLessThan(0.6)
    for (const run of runs) {
      const end = run.transactions.at(-1)!.event_time - 2 * DAY_MS
      for (const campaign of fraudCampaigns(run)) {
        const { tx, truth } = campaign.at(-1)!
        const changes = run.events.filter(
          ({ customer_id, event_type, event_time }) =>
            customer_id === tx.customer_id &&
            event_type === 'ADDRESS_CHANGED' &&
            event_time > tx.event_time &&
            event_time <= tx.event_time + DAY_MS,
        )
        if (truth.modus_operandi !== 'INTERCEPT') expect(changes).toEqual([])
        else if (tx.event_time < end) {
          expect(changes).toHaveLength(1)
          expect(changes[0]!.event_time - tx.event_time).toBeGreaterThanOrEqual(2 * MINUTE_MS)
        }
        expect(truth.fraud_evidence.post_auth_change).toBe(String(truth.modus_operandi === 'INTERCEPT'))
      }
    }
  })

  test('are ordered in the evening or at night for more than half', () => {
    const late = campaigns.filter(([first]) => hourIst(first!.tx.event_time) >= 20 || hourIst(first!.tx.event_time) < 2)
    expect(late.length / campaigns.length).toBeGreaterThan(0.5)
    expect(late.length / campaigns.length).toBeLessThan(0.9)
  })

  test('are missed a day to two months later, 10 days in the median', () => {
    const days = campaigns.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / DAY_MS)
    expect(Math.min(...days)).toBeGreaterThanOrEqual(1)
    expect(quantile(days, 0.5)).toBeGreaterThan(6)
    expect(quantile(days, 0.5)).toBeLessThan(15)
    for (const { tx, truth } of approvedOf(diverted.flat())) expect(truth.loss_minor).toBe(tx.amount_minor)
  })
})

describe('its innocent doubles', () => {
  test('are gifts to parents far away and parcels to the office, from the customer’s own device or, now and then, a new one', () => {
    let known = 0
    expect(twins.length).toBeGreaterThan(40)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['gift_to_parents', 'office_delivery'])
    for (const run of runs) {
      const own = new Set(
        run.labelled
          .filter(({ truth }) => truth.campaign_id === null)
          .map(({ tx }) => `${tx.customer_id}/${tx.device_id}`),
      )
      for (const { tx, truth } of twinCampaigns(run).flat()) {
        if (own.has(`${tx.customer_id}/${tx.device_id}`)) known++
        expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'SHIPPING_FRAUD' })
      }
    }
    const share = known / twins.flat().length
    expect(share).toBeGreaterThan(0.75)
    expect(share).toBeLessThan(1)
  })
})
