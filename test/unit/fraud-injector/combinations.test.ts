import { describe, expect, test } from 'vitest'
import type { FraudType } from '#schemas/types.ts'
import data from '#services/fraud-injector/combinations.json' with { type: 'json' }
import { FabricatedCustomers } from '#services/market/fabricated.ts'
import { customerNumber } from '#services/market/identifiers.ts'
import type { Settings } from '#services/settings.ts'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import { type CampaignRecords, fraudCampaigns } from '../../helpers/campaigns.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

/** A world in which every campaign that can be the first of several is. */
function combinedWorld(
  seed: string,
  mix: Partial<Record<FraudType, number>>,
  records: number,
  population: Partial<Settings['population']> = {},
): CampaignRecords[] {
  const settings = injectorSettings(seed, { rate: 0.05, mix, combinations: 1 })
  const world = { ...settings, population: { ...settings.population, customers: 2_000, ...population } }
  const run = new InjectorRun(world)
  for (const tx of worldTransactions(world, records)) run.genuine(tx)
  return fraudCampaigns(run)
}

const headOf = (campaign: CampaignRecords) => campaign[0]!.truth
const idOf = (campaign: CampaignRecords): string => headOf(campaign).campaign_id!
const followed = ({ truth }: CampaignRecords[number]): string | undefined => truth.fraud_evidence.follows_campaign
const customerOf = (campaign: CampaignRecords): string => campaign[0]!.tx.customer_id
const endOf = (campaign: CampaignRecords): number => campaign.at(-1)!.tx.event_time

describe('a chain', () => {
  const campaigns = ['ganga', 'yamuna'].flatMap((seed) =>
    combinedWorld(seed, { ACCOUNT_TAKEOVER: 1, CARD_CLONING: 1 }, 120_000),
  )
  const byId = new Map(campaigns.map((campaign) => [idOf(campaign), campaign]))
  const second = campaigns.filter(
    (campaign) => headOf(campaign).combination === 'CHAINED' && followed(campaign[0]!) !== undefined,
  )

  test('is one that is known to be done', () => {
    expect(second.length).toBeGreaterThan(20)
    const known = data.chained.chains.map(({ from, to }) => `${from}>${to}`)
    for (const campaign of second) {
      const first = byId.get(followed(campaign[0]!)!)!
      expect(known).toContain(`${headOf(first).fraud_type}>${headOf(campaign).fraud_type}`)
      expect(headOf(first).combination).toBe('CHAINED')
    }
  })

  test('hurts one customer, the second campaign after the first has ended, and within days', () => {
    for (const campaign of second) {
      const first = byId.get(followed(campaign[0]!)!)!
      expect(customerOf(campaign)).toBe(customerOf(first))
      const waitMs = campaign[0]!.tx.event_time - endOf(first)
      expect(waitMs).toBeGreaterThan(data.chained.delayHours.min * HOUR_MS)
    }
  })

  test('does not occur among other types, nor where none is wanted', () => {
    const types = campaigns
      .filter((campaign) => headOf(campaign).combination === 'CHAINED')
      .map((campaign) => headOf(campaign).fraud_type)
    expect(new Set(types).has('STOLEN_CARD')).toBe(false)
    const settings = injectorSettings('ganga', { rate: 0.05, mix: { CARD_CLONING: 1 }, combinations: 0 })
    const run = new InjectorRun(settings)
    for (const tx of worldTransactions(settings, 30_000)) run.genuine(tx)
    const combined = fraudCampaigns(run).map((campaign) => headOf(campaign).combination)
    expect(combined.length).toBeGreaterThan(5)
    expect(combined).not.toContain('CHAINED')
  })
})

describe('the chain from a synthetic identity to first-party fraud', () => {
  const population = { customers: 2_000, syntheticShare: 0.08 }
  const fabricated = new FabricatedCustomers('narmada', population)
  const campaigns = combinedWorld('narmada', { SYNTHETIC_IDENTITY: 1 }, 160_000, population)
  const byId = new Map(campaigns.map((campaign) => [idOf(campaign), campaign]))
  const busts = campaigns.filter((campaign) => headOf(campaign).fraud_type === 'FIRST_PARTY_FRAUD')

  test('comes about: whom a ring has nurtured uses up the card, after its last bill is paid', () => {
    expect(busts.length).toBeGreaterThan(15)
    for (const bust of busts) {
      const life = byId.get(followed(bust[0]!)!)!
      expect(customerOf(bust)).toBe(customerOf(life))
      expect(fabricated.ringOf(customerNumber(customerOf(bust)))).toBeDefined()
      expect(headOf(life).fraud_type).toBe('SYNTHETIC_IDENTITY')
      expect(headOf(bust)).toMatchObject({ combination: 'CHAINED', ring_id: headOf(life).ring_id })
      expect(bust[0]!.tx.event_time - endOf(life)).toBeGreaterThan(data.chained.delayHours.min * HOUR_MS)
    }
  })

  test('leaves the bust-out to the second campaign, which uses up most of the limit', () => {
    const lives = campaigns.filter((campaign) => headOf(campaign).fraud_type === 'SYNTHETIC_IDENTITY')
    // Where several of a ring pay within a day, that is said instead.
    const combinations = new Set(lives.flatMap((life) => life.map(({ truth }) => truth.combination)))
    expect([...combinations].sort()).toEqual(['CHAINED', 'COORDINATED'])
    const phases = lives.flatMap((life) => life.map(({ truth }) => truth.campaign_phase))
    expect([...new Set(phases)].sort()).toEqual(['limit_increase', 'nurture', 'onboard'])
    for (const bust of busts) {
      expect(Number(headOf(bust).fraud_evidence.utilisation_before)).toBeLessThanOrEqual(0.5)
      for (const { tx, truth } of bust) {
        expect(truth.campaign_phase).toBe('bust')
        expect(tx.credit_utilisation).not.toBeNull()
      }
    }
    const last = busts.map((bust) => bust.at(-1)!.tx.credit_utilisation!).sort((a, b) => a - b)
    expect(last[Math.floor(last.length / 2)]).toBeGreaterThan(0.5)
  })
})

describe('a progression', () => {
  const campaigns = ['ganga', 'yamuna', 'kosi'].flatMap((seed) => combinedWorld(seed, { VELOCITY_ABUSE: 1 }, 120_000))
  const stageOf = (campaign: CampaignRecords): number => Number(headOf(campaign).fraud_evidence.stage)
  const byId = new Map(campaigns.map((campaign) => [idOf(campaign), campaign]))
  const whole = campaigns
    .filter((campaign) => stageOf(campaign) === 3)
    .map((third) => {
      const second = byId.get(followed(third[0]!)!)!
      return [byId.get(followed(second[0]!)!)!, second, third] as const
    })

  test('goes up from LOW by MEDIUM to HIGH', () => {
    expect(whole.length).toBeGreaterThan(10)
    for (const stages of whole) {
      expect(stages.map(stageOf)).toEqual([1, 2, 3])
      expect(stages.map((stage) => headOf(stage).fraud_severity)).toEqual(['LOW', 'MEDIUM', 'HIGH'])
    }
  })

  test('is of one actor, one type and one customer, over 3 to 30 days', () => {
    for (const stages of whole) {
      expect(new Set(stages.map((stage) => headOf(stage).fraud_type)).size).toBe(1)
      expect(new Set(stages.map(customerOf)).size).toBe(1)
      for (const stage of stages) expect(headOf(stage).combination).toBe('PROGRESSIVE')
      const days = (stages[2][0]!.tx.event_time - stages[0][0]!.tx.event_time) / DAY_MS
      expect(days).toBeGreaterThan(3)
      expect(days).toBeLessThan(30)
    }
  })

  test('is noticed only once it is over', () => {
    for (const [first, second, third] of whole) {
      for (const { truth } of [...first, ...second]) expect(truth.report_time).toBeGreaterThan(third[0]!.tx.event_time)
    }
  })
})
