import { describe, expect, test } from 'vitest'
import type { FraudType } from '#schemas/types.ts'
import { HOUR_MS, hourIst } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const settings = [0, 0.5, 1]
const worlds = (type: FraudType) =>
  settings.map((difficulty) => campaignWorld(type, 'disguise', 60_000, 0.05, { difficulty }))

describe('the harder fraud is to see', () => {
  const takeovers = worlds('ACCOUNT_TAKEOVER')

  test('the nearer its amounts are to the habits of the victim', () => {
    const times = takeovers.map((run) =>
      quantile(
        run.labelled
          .filter(({ truth }) => truth.campaign_phase === 'drain')
          .map(({ truth }) => Number(truth.fraud_evidence.amount_multiplier)),
        0.5,
      ),
    )
    expect(times[0]).toBeGreaterThan(1.2 * times[1]!)
    expect(times[1]).toBeGreaterThan(1.5 * times[2]!)
  })

  test('the longer it takes', () => {
    const hours = takeovers.map((run) =>
      quantile(
        fraudCampaigns(run).map((campaign) => (campaign.at(-1)!.tx.event_time - campaign[0]!.tx.event_time) / HOUR_MS),
        0.5,
      ),
    )
    expect(hours[0]).toBeLessThan(hours[1]!)
    expect(hours[1]).toBeLessThan(hours[2]!)
  })

  test('yet it does not go on at night', () => {
    const nightly = takeovers.map((run) => {
      const hours = run.labelled.filter(({ truth }) => truth.is_fraud).map(({ tx }) => hourIst(tx.event_time))
      return hours.filter((hour) => hour < 8 || hour >= 22).length / hours.length
    })
    expect(nightly[2]).toBeLessThan(nightly[1]! + 0.05)
  })

  test('the rarer are new devices', () => {
    const shares = takeovers.map((run) => {
      const bound = new Set(
        run.events.filter(({ event_type }) => event_type === 'DEVICE_BOUND').map(({ device_id }) => device_id),
      )
      const frauds = run.labelled.filter(({ truth }) => truth.is_fraud)
      return frauds.filter(({ tx }) => bound.has(tx.device_id)).length / frauds.length
    })
    // Two of the five methods bind one, whatever the difficulty below the middle.
    for (const share of shares.slice(0, 2)) {
      expect(share).toBeGreaterThan(0.2)
      expect(share).toBeLessThan(0.6)
    }
    expect(shares[2]).toBeLessThan(0.6 * shares[1]!)
    expect(shares[2]).toBeGreaterThan(0.02)
  })

  test('the nearer a counterfeit card is used', () => {
    const km = worlds('CARD_CLONING').map((run) =>
      quantile(
        run.labelled
          .filter(({ truth }) => truth.campaign_phase === 'cashout')
          .map(({ truth }) => Number(truth.fraud_evidence.distance_km)),
        0.5,
      ),
    )
    expect(km[0]).toBeGreaterThan(300)
    expect(km[2]).toBeLessThan(0.6 * km[1]!)
  })

  test('the more innocent doubles there are', () => {
    const ratios = takeovers.map((run) => twinCampaigns(run).length / fraudCampaigns(run).length)
    expect(ratios[0]).toBeLessThan(ratios[1]!)
    expect(ratios[1]).toBeLessThan(ratios[2]!)
  })
})
