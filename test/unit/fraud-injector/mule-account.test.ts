import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { muleRing } from '#services/fraud-injector/types/mule-account.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const SEEDS = ['mules-1', 'mules-2', 'mules-3']
const runs = SEEDS.map((seed) => campaignWorld('MULE_ACCOUNT', seed, 60_000, 0.03))
const phase = (campaign: CampaignRecords, name: string): CampaignRecords =>
  campaign.filter(({ truth }) => truth.campaign_phase === name)
const approved = (campaign: CampaignRecords): CampaignRecords =>
  campaign.filter(({ tx }) => tx.status_response.status === 'APPROVED')
const sum = (campaign: CampaignRecords): number => campaign.reduce((total, { tx }) => total + tx.amount_minor, 0)
/** Those that began four days before the end: their money has come and gone. */
const over = (campaignsOf: (run: (typeof runs)[number]) => CampaignRecords[]): CampaignRecords[] =>
  runs.flatMap((run) => {
    const end = run.transactions.at(-1)!.event_time - 4 * DAY_MS
    return campaignsOf(run).filter(([first]) => first!.tx.event_time < end)
  })
const mules = over(fraudCampaigns)
const twins = over(twinCampaigns)

describe('an account that passes money on', () => {
  test('is tested with 1 to 10 rupees that go to the ring and come back, then paid into 4 to 50 times within three days', () => {
    expect(mules.length).toBeGreaterThan(40)
    for (const mule of mules) {
      const tests = phase(mule, 'test')
      const back = tests.filter(({ tx }) => tx.event_type === 'CREDIT')
      expect(back.length).toBeGreaterThanOrEqual(1)
      expect(back.length).toBeLessThanOrEqual(3)
      const amounts = (records: CampaignRecords) => records.map(({ tx }) => tx.amount_minor).sort((a, b) => a - b)
      expect(amounts(tests.filter((record) => !back.includes(record)))).toEqual(amounts(back))
      for (const { tx } of tests) expect(tx.amount_minor).toBeLessThanOrEqual(1_000)
      const fanIn = phase(mule, 'fan_in')
      expect(fanIn[0]!.tx.event_time - back.at(-1)!.tx.event_time).toBeGreaterThan(0)
      expect(fanIn.length).toBeGreaterThanOrEqual(1)
      expect(fanIn.length).toBeLessThanOrEqual(50)
      expect(fanIn.at(-1)!.tx.event_time - fanIn[0]!.tx.event_time).toBeLessThanOrEqual(72 * HOUR_MS)
      for (const { tx } of fanIn) {
        expect(tx.event_type).toBe('CREDIT')
        expect(tx.amount_minor).toBeGreaterThanOrEqual(50_000)
        expect(tx.amount_minor).toBeLessThanOrEqual(10_000_000)
      }
    }
    expect(
      quantile(
        mules.map((mule) => phase(mule, 'fan_in').length),
        0.2,
      ),
    ).toBeGreaterThanOrEqual(4)
  })

  test('passes nine tenths and more on where limits and the block allow, minutes after it came but for what it buys', () => {
    const passed = mules.map((mule) => {
      const out = approved([...phase(mule, 'fan_out'), ...phase(mule, 'cash_out')])
      return sum(out) / sum(approved([...phase(mule, 'test'), ...phase(mule, 'fan_in')]))
    })
    expect(Math.max(...passed)).toBeLessThanOrEqual(1)
    expect(quantile(passed, 0.5)).toBeGreaterThan(0.75)
    // Where all of the money has gone out, and no block came before the last of it.
    expect(quantile(passed, 0.9)).toBeGreaterThan(0.9)
    const residence = mules
      .flatMap((mule) => phase(mule, 'fan_out'))
      .map(({ truth }) => Number(truth.fraud_evidence.residence_minutes))
    expect(quantile(residence, 0.5)).toBeGreaterThan(1)
    expect(quantile(residence, 0.5)).toBeLessThan(20)
  })

  test('sends to collectors of its ring, which other mules of the ring send to as well', () => {
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      for (const mule of fraudCampaigns(run)) {
        const epoch = Math.floor(mule[0]!.tx.event_time / (14 * DAY_MS))
        const ring = [0, 1, 2, 3]
          .map((n) => muleRing(n, epoch, chance))
          .find((r) => r.ringId === mule[0]!.truth.ring_id)!
        const payees = new Set(phase(mule, 'fan_out').map(({ tx }) => tx.payee_id!))
        expect(payees.size).toBeLessThanOrEqual(5)
        for (const payee of payees) {
          expect(ring.collectors).toContain(payee)
          const added = run.events.find(
            (event) => event.customer_id === mule[0]!.tx.customer_id && event.details.payee_id === payee,
          )
          expect(added?.event_type).toBe('PAYEE_ADDED')
        }
      }
    }
    const rings = Map.groupBy(mules, ([first]) => first!.truth.ring_id!)
    expect(
      quantile(
        [...rings.values()].map(({ length }) => length),
        0.5,
      ),
    ).toBeGreaterThanOrEqual(3)
  })

  test('is frozen when it is found out: what is paid in after that is refused with YF, nothing goes out', () => {
    let frozen = 0
    for (const mule of mules) {
      const noticedMs = mule.find(({ truth }) => truth.campaign_phase === 'fan_in')!.truth.report_time!
      for (const { tx } of mule.filter((record) => record.tx.event_time >= noticedMs)) {
        expect(tx.status_response.status).toBe('DECLINED')
      }
      for (const { tx } of phase(mule, 'frozen')) {
        expect(tx.status_response.response_code).toBe('YF')
        frozen++
      }
    }
    expect(frozen).toBeGreaterThan(10)
  })

  test('draws cash in the city of the ring, ten thousand at a time', () => {
    const cash = mules.flatMap((mule) => phase(mule, 'cash_out')).filter(({ tx }) => tx.channel === 'ATM')
    expect(cash.length).toBeGreaterThan(5)
    for (const { tx } of cash) expect(tx.amount_minor).toBe(1_000_000)
    const cities = Map.groupBy(cash, ({ truth }) => truth.ring_id)
    for (const records of cities.values()) expect(new Set(records.map(({ tx }) => tx.city)).size).toBe(1)
  })

  test('or buys goods for a part of it, at shops where the account holder is, in the days after', () => {
    const buyers = mules.filter((mule) => phase(mule, 'cash_out').some(({ tx }) => tx.channel === 'QR'))
    expect(buyers.length).toBeGreaterThan(5)
    for (const mule of buyers) {
      const goods = phase(mule, 'cash_out')
      const lastIn = phase(mule, 'fan_in').at(-1)!.tx.event_time
      for (const { tx } of goods) {
        expect(tx).toMatchObject({ channel: 'QR', event_type: 'AUTHORISATION' })
        expect(['ELECTRONICS', 'FASHION', 'GROCERIES', 'FOOD_DINING', 'FUEL']).toContain(tx.category)
        expect(tx.amount_minor).toBeGreaterThanOrEqual(3_000)
        expect(tx.amount_minor).toBeLessThanOrEqual(1_000_000)
        expect(tx.event_time).toBeGreaterThan(lastIn)
      }
      expect(sum(approved(goods))).toBeLessThanOrEqual(0.51 * sum(approved(phase(mule, 'fan_in'))))
    }
  })

  test('its truth counts payers and turnover; what comes in is no loss of its own, what goes out is reported', () => {
    for (const mule of mules) {
      let credits = 0
      for (const { tx, truth } of mule) {
        const inward = tx.event_type === 'CREDIT'
        if (inward && tx.status_response.status === 'APPROVED') credits++
        expect(Number(truth.fraud_evidence.distinct_payers_24h)).toBe(credits)
        expect(truth.fraud_reason).toContain(
          credits === 0 ? 'tries whether the account pays' : `what ${credits} others`,
        )
        expect(Number(truth.fraud_evidence.residence_minutes)).toBeLessThan(14 * 24 * 60)
        expect(truth).toMatchObject({ actor_role: 'MULE', authorised_by_customer: true, fraud_type: 'MULE_ACCOUNT' })
        expect(truth.loss_minor).toBe(inward || tx.status_response.status !== 'APPROVED' ? 0 : tx.amount_minor)
      }
    }
    for (const run of runs) {
      const out = new Set(run.labelled.filter(({ truth }) => truth.loss_minor > 0).map(({ tx }) => tx.transaction_id))
      for (const report of run.reports) {
        expect(out.has(report.transaction_id)).toBe(true)
        expect(report.report_type).toBe('POLICE_COMPLAINT')
      }
    }
  })
})

describe('its innocent doubles', () => {
  test('collect the same sum from 5 to 20 people within hours, and pay it on within a day, to one or to several', () => {
    expect(twins.length).toBeGreaterThan(30)
    for (const twin of twins) {
      const collected = phase(twin, 'collected')
      expect(collected.length).toBeLessThanOrEqual(20)
      expect(new Set(collected.map(({ tx }) => tx.amount_minor)).size).toBe(1)
      for (const { tx } of collected) expect(tx.status_response.status).toBe('APPROVED')
      for (const paid of phase(twin, 'passed_on')) {
        expect(paid.tx.event_time - collected[0]!.tx.event_time).toBeGreaterThanOrEqual(2 * MINUTE_MS)
        expect(paid.tx.event_time - collected.at(-1)!.tx.event_time).toBeLessThanOrEqual(DAY_MS)
      }
      expect(sum(phase(twin, 'passed_on'))).toBeLessThanOrEqual(sum(collected))
      for (const { truth } of twin) expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'MULE_ACCOUNT' })
    }
  })
})
