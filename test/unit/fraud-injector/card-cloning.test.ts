import { describe, expect, test } from 'vitest'
import { kmBetween } from '#services/fraud-injector/places.ts'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const runs = ['cloning-1', 'cloning-2', 'cloning-3'].map((seed) => campaignWorld('CARD_CLONING', seed, 40_000, 0.01))
const clonings = runs.flatMap(fraudCampaigns)
const records = clonings.flat()

describe('a card that was copied', () => {
  test('was used at the compromised terminal by its owner, 1 to 60 days before', () => {
    expect(clonings.length).toBeGreaterThan(120)
    for (const run of runs) {
      for (const [first] of fraudCampaigns(run)) {
        const { truth, tx } = first!
        const days = (tx.event_time - truth.compromise_time!) / DAY_MS
        expect(days).toBeGreaterThan(0.9)
        expect(days).toBeLessThanOrEqual(61)
        // Before the first record nobody was looking.
        if (truth.compromise_time! < run.transactions[0]!.event_time) continue
        const point = run.labelled.find(
          (record) => record.truth.campaign_id === truth.campaign_id && record.truth.actor_role === 'COMPROMISE_POINT',
        )!
        expect(point.tx.event_time).toBe(truth.compromise_time)
        expect(point.tx.terminal_id).toBe(truth.fraud_evidence.cpp_terminal_id)
        expect(point.truth).toMatchObject({ is_fraud: false, fraud_type: 'NONE', ring_id: truth.ring_id })
      }
    }
  })

  test('is probed at the most once, then used 2 to 6 times, 9 minutes apart in the median', () => {
    const cashouts = clonings.map((campaign) => campaign.filter(({ truth }) => truth.campaign_phase === 'cashout'))
    for (const [i, campaign] of clonings.entries()) {
      expect(campaign.length - cashouts[i]!.length).toBeLessThanOrEqual(1)
      expect(cashouts[i]!.length).toBeLessThanOrEqual(6)
    }
    expect(
      quantile(
        cashouts.map(({ length }) => length),
        0.2,
      ),
    ).toBeGreaterThanOrEqual(2)
  })

  test('is used at terminals 300 km and more from where its owner was last, by stripe or fallback', () => {
    for (const { tx, truth } of records) {
      const { prev_city, distance_km } = truth.fraud_evidence
      expect(['ATM', 'POS']).toContain(tx.channel)
      expect(['90', '80']).toContain(tx.pos_entry_mode)
      expect(tx.terminal_id).not.toBeNull()
      expect(Number(distance_km)).toBe(Math.round(kmBetween(prev_city!, tx.city)))
    }
    const firsts = clonings.map(([first]) => Number(first!.truth.fraud_evidence.distance_km))
    expect(Math.min(...firsts)).toBeGreaterThanOrEqual(300)
  })

  test('is often in two places at once: faster than 800 km/h for a good part, not for all', () => {
    const fast = clonings.filter((campaign) =>
      campaign.some(({ truth }) => Number(truth.fraud_evidence.implied_speed_kmh) > 800),
    )
    expect(fast.length / clonings.length).toBeGreaterThan(0.05)
    expect(fast.length / clonings.length).toBeLessThan(0.95)
  })

  test('takes 10,000 rupees again and again at ATMs, until the daily limit declines it; some straddle midnight', () => {
    const atm = records.filter(({ tx }) => tx.channel === 'ATM')
    expect(atm.length).toBeGreaterThan(20)
    for (const { tx } of atm) expect(tx.amount_minor).toBe(1_000_000)
    const codes = new Set(atm.map(({ tx }) => tx.status_response.response_code))
    expect(codes).toContain('61')
    const straddling = clonings.filter((campaign) => {
      const days = new Set(campaign.map(({ tx }) => Math.floor(tx.local_time / DAY_MS)))
      return campaign.some(({ tx }) => tx.channel === 'ATM') && days.size === 2
    })
    expect(straddling.length).toBeGreaterThan(0)
  })

  test('shares its ring with the others that were skimmed at the same terminal, and with nobody else', () => {
    const rings = new Map<string, string>()
    for (const { truth } of records) {
      const terminal = truth.fraud_evidence.cpp_terminal_id!
      const known = rings.get(truth.ring_id!) ?? terminal
      expect(terminal).toBe(known)
      rings.set(truth.ring_id!, known)
    }
  })

  test('is noticed within hours', () => {
    const delays = clonings.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / HOUR_MS)
    expect(quantile(delays, 0.5)).toBeGreaterThan(1.5)
    expect(quantile(delays, 0.5)).toBeLessThan(6)
  })

  test('occurs steadily from the first days on, although it takes nine days in the median', () => {
    // Together: one run has some twenty campaigns in each half, which is too few for a ratio.
    const halves = [0, 0]
    for (const run of runs) {
      const start = run.transactions[0]!.event_time
      const span = run.transactions.at(-1)!.event_time - start
      for (const { tx, truth } of run.labelled) {
        if (truth.is_fraud) halves[tx.event_time - start < span / 2 ? 0 : 1]!++
      }
    }
    expect(halves[0]! / halves[1]!).toBeGreaterThan(0.55)
    expect(halves[0]! / halves[1]!).toBeLessThan(1.8)
  })
})

describe('its innocent doubles', () => {
  const twins = runs.flatMap(twinCampaigns)
  const flights = twins.filter(([first]) => first!.truth.campaign_phase === 'air_traveller')
  const families = twins.filter(([first]) => first!.truth.campaign_phase === 'family_card')

  test('are a family’s card used in two cities, faster than anybody travels', () => {
    expect(families.length).toBeGreaterThan(20)
    for (const { tx, truth } of families.flat()) {
      expect(tx.channel).toBe('POS')
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'CARD_CLONING' })
    }
  })

  test('are air travellers: 500 to 750 km/h, at least 90 minutes, and never in two places at once', () => {
    expect(flights.length).toBeGreaterThan(20)
    const ids = new Set(flights.flat().map(({ tx }) => tx.transaction_id))
    for (const run of runs) {
      // A family member elsewhere is somebody else; so is a thief.
      const own = run.labelled.filter(({ truth }) => !truth.is_fraud && truth.campaign_phase !== 'family_card')
      const last = new Map<string, (typeof own)[number]>()
      for (const record of own) {
        const { tx } = record
        const before = last.get(tx.customer_id)
        last.set(tx.customer_id, record)
        if (before === undefined || before.tx.city === tx.city) continue
        const km = kmBetween(before.tx.city, tx.city)
        const hours = (tx.event_time - before.tx.event_time) / HOUR_MS
        const ours = ids.has(tx.transaction_id) || ids.has(before.tx.transaction_id)
        if (!ours) continue
        expect(hours).toBeGreaterThanOrEqual(1.5)
        expect(km / hours).toBeLessThanOrEqual(750)
        if (record.truth.phase_seq === 1) expect(km / hours).toBeGreaterThanOrEqual(499)
      }
    }
  })
})
