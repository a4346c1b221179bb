import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { botOf } from '#services/fraud-injector/types/card-testing-bot.ts'
import { DAY_MS, HOUR_MS, hourIst } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const SEEDS = ['testing-1', 'testing-2', 'testing-3']
const runs = SEEDS.map((seed) => campaignWorld('CARD_TESTING', seed, 60_000, 0.01))
const tested = runs.flatMap(fraudCampaigns)
const twins = runs.flatMap(twinCampaigns)
const phase = (campaign: CampaignRecords, name: string): CampaignRecords =>
  campaign.filter(({ truth }) => truth.campaign_phase === name)
const probes = tested.map((campaign) => phase(campaign, 'probe'))

describe('a card on a bot’s list', () => {
  test('is tried 1 to 3 times online with 1 to 100 rupees, and refused each time', () => {
    expect(tested.length).toBeGreaterThan(300)
    for (const attempts of probes) {
      expect(attempts.length).toBeGreaterThanOrEqual(1)
      expect(attempts.length).toBeLessThanOrEqual(3)
      for (const { tx } of attempts) {
        expect(['CREDIT_CARD', 'DEBIT_CARD']).toContain(tx.payment_rail)
        expect(tx.channel).toBe('ECOM')
        expect(tx.amount_minor).toBeGreaterThanOrEqual(100)
        expect(tx.amount_minor).toBeLessThanOrEqual(10_000)
        expect(['N7', '54', '05', '1A']).toContain(tx.status_response.response_code)
      }
    }
  })

  test('is alive in 5 to 40 per cent: it asks for a password, and nothing is tried after that', () => {
    const alive = probes.filter((attempts) => attempts.at(-1)!.tx.status_response.response_code === '1A')
    expect(alive.length / probes.length).toBeGreaterThan(0.05)
    expect(alive.length / probes.length).toBeLessThan(0.4)
    for (const attempts of probes) {
      for (const { tx } of attempts.slice(0, -1)) expect(tx.status_response.response_code).not.toBe('1A')
    }
  })

  test('is used once for 2,000 rupees and more if it is, 1 to 168 hours later, for about a third', () => {
    const used = tested.filter((campaign) => phase(campaign, 'monetise').length > 0)
    expect(used.length).toBeGreaterThan(5)
    for (const campaign of used) {
      const [use, ...more] = phase(campaign, 'monetise')
      expect(more).toEqual([])
      expect(phase(campaign, 'probe').at(-1)!.tx.status_response.response_code).toBe('1A')
      const waited = use!.tx.event_time - campaign[0]!.tx.event_time
      expect(waited).toBeGreaterThanOrEqual(HOUR_MS)
      expect(waited).toBeLessThanOrEqual(168 * HOUR_MS)
      expect(use!.tx.authentication_method).toBe('OTP')
      if (use!.tx.status_response.status === 'APPROVED') expect(use!.tx.amount_minor).toBeLessThanOrEqual(10_000_000)
    }
  })

  test('shares up to five devices, three merchants and a night, or a day, with the other cards of the list', () => {
    const rings = Map.groupBy(
      tested.filter(([first]) => first!.truth.campaign_phase === 'probe'),
      ([first]) => first!.truth.ring_id!,
    )
    const sizes = [...rings.values()].map(({ length }) => length)
    expect(quantile(sizes, 0.5)).toBeGreaterThanOrEqual(3)
    let nightly = 0
    for (const ring of rings.values()) {
      const attempts = ring.flatMap((campaign) => phase(campaign, 'probe'))
      expect(new Set(attempts.map(({ tx }) => tx.device_id)).size).toBeLessThanOrEqual(5)
      expect(new Set(attempts.map(({ tx }) => tx.merchant_id)).size).toBeLessThanOrEqual(3)
      expect(attempts[0]!.truth.combination).toBe('COORDINATED')
      const times = attempts.map(({ tx }) => tx.event_time)
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(2 * DAY_MS)
      if (attempts.every(({ tx }) => hourIst(tx.event_time) < 10)) nightly++
    }
    expect(nightly / rings.size).toBeGreaterThan(0.4)
  })

  test('stands there with many of its own bank: most cards of a ring are of one issuer', () => {
    const rings = Map.groupBy(tested, ([first]) => first!.truth.ring_id!)
    let same = 0
    let all = 0
    for (const ring of rings.values()) {
      const issuers = ring.map(([first]) => first!.tx.issuer_code)
      const most = Math.max(...[...Map.groupBy(issuers, (issuer) => issuer).values()].map(({ length }) => length))
      same += most
      all += issuers.length
    }
    expect(same / all).toBeGreaterThan(0.5)
  })

  test('is reported for what was taken, and in a third of cases for what was refused: the issuer that finds the bot lists all attempts', () => {
    for (const run of runs) {
      const end = run.transactions.at(-1)!.event_time
      const known = fraudCampaigns(run).filter((campaign) => campaign.every(({ truth }) => truth.report_time! <= end))
      const reports = new Map(
        run.reports.filter(({ version }) => version === 1).map((report) => [report.transaction_id, report]),
      )
      let listed = 0
      for (const campaign of known) {
        const refused = campaign.filter(({ tx }) => tx.status_response.status !== 'APPROVED')
        const found = refused.filter(({ tx }) => reports.has(tx.transaction_id))
        expect([0, refused.length]).toContain(found.length)
        if (found.length > 0) listed++
        for (const { tx, truth } of campaign) {
          const approved = tx.status_response.status === 'APPROVED'
          if (!approved && found.length === 0) continue
          expect(reports.get(tx.transaction_id)).toMatchObject({
            claimed_type: 'CARD_TESTING',
            report_time: truth.report_time,
            amount_minor: approved ? tx.amount_minor : 0,
            report_type: approved ? 'CHARGEBACK' : 'DISPUTE',
          })
        }
      }
      expect(known.length).toBeGreaterThan(50)
      expect(listed / known.length).toBeGreaterThan(0.2)
      expect(listed / known.length).toBeLessThan(0.5)
    }
  })
})

test('a bot is the same whoever asks, and in whatever order', () => {
  const [one, other] = [new Chance('kaveri'), new Chance('kaveri')]
  const forwards = [0, 1, 2].flatMap((n) => [100, 101].map((epoch) => botOf(n, epoch, one)))
  const backwards = [2, 1, 0].flatMap((n) => [101, 100].map((epoch) => botOf(n, epoch, other))).reverse()
  expect(forwards).toEqual(backwards)
  expect(new Set(forwards.map(({ ringId }) => ringId)).size).toBe(6)
  expect(botOf(0, 100, new Chance('narmada')).ringId).not.toBe(forwards[0]!.ringId)
})

describe('its innocent doubles', () => {
  test('are a rupee or two to check a card, and small alms, from the owner’s device', () => {
    expect(twins.length).toBeGreaterThan(200)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['donation_drive', 'mandate_check'])
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'CARD_TESTING' })
      expect([100, 200, 1_100, 2_100, 5_100]).toContain(tx.amount_minor)
    }
  })
})
