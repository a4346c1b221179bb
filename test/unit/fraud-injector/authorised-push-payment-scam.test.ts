import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { scamPayees } from '#services/fraud-injector/types/authorised-push-payment-scam.ts'
import { muleEpoch, muleRing } from '#services/fraud-injector/types/mule-account.ts'
import { limits, upiCollectUntilMs } from '#services/market/limits.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { civilDay, DAY_MS, HOUR_MS, hourIst } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'
import type { InjectorRun } from '../../helpers/injector.ts'

const SEEDS = ['scams-1', 'scams-2', 'scams-3']
const runs = SEEDS.map((seed) => campaignWorld('AUTHORISED_PUSH_PAYMENT_SCAM', seed, 60_000, 0.03))
const campaignsOf = runs.map(fraudCampaigns)
const campaigns = campaignsOf.flat()
const twinsOf = runs.map(twinCampaigns)
const twins = twinsOf.flat()
const told = (story: string): CampaignRecords[] => campaigns.filter(([first]) => first!.truth.modus_operandi === story)
const amounts = (of: readonly CampaignRecords[]): number[] => of.flat().map(({ tx }) => tx.amount_minor / 100)
/** Share of transfers that are more than the one before. */
function growing(of: readonly CampaignRecords[]): number {
  const steps = of.flatMap((campaign) =>
    campaign.slice(1).map(({ tx }, i) => tx.amount_minor > campaign[i]!.tx.amount_minor),
  )
  return steps.filter(Boolean).length / steps.length
}
/** Milliseconds from the last event of a kind before a payment of the customer. */
const since = (run: InjectorRun, type: string, { tx }: CampaignRecords[number]): number =>
  Math.min(
    ...run.events
      .filter(({ customer_id, event_type, event_time, details }) => {
        const mine = customer_id === tx.customer_id && event_type === type && event_time <= tx.event_time
        return mine && (details.payee_id ?? tx.payee_id) === tx.payee_id
      })
      .map(({ event_time }) => tx.event_time - event_time),
  )

describe('a customer who is talked into paying', () => {
  test('makes 1 to 12 transfers within a month, by day, after a call of minutes to hours', () => {
    expect(campaigns.length).toBeGreaterThan(250)
    for (const campaign of campaigns) {
      expect(campaign.length).toBeLessThanOrEqual(12)
      expect(campaign.at(-1)!.tx.event_time - campaign[0]!.tx.event_time).toBeLessThanOrEqual(31 * DAY_MS)
      const { truth, tx } = campaign[0]!
      expect(tx.event_time - truth.compromise_time!).toBeGreaterThanOrEqual(5 * 60_000)
      for (const { tx: paid } of campaign) {
        expect(paid.event_type).toBe('TRANSFER')
        expect(hourIst(paid.event_time)).toBeGreaterThanOrEqual(8)
        expect(hourIst(paid.event_time)).toBeLessThan(23)
      }
    }
  })

  test('pays with the own device, and the own PIN or password', () => {
    for (const run of runs) {
      const devices = new Map<string, Set<string | null>>()
      for (const { tx, truth } of run.labelled) {
        const own = devices.get(tx.customer_id) ?? new Set()
        devices.set(tx.customer_id, own)
        if (truth.is_fraud) {
          expect(own).toContain(tx.device_id)
          expect(tx.authentication_method).toBe(tx.payment_rail === 'UPI' ? 'UPI_PIN' : 'OTP')
        } else own.add(tx.device_id)
      }
    }
  })

  test('by the story: an arrest is dear, bets and tasks grow, a scanned code is over within hours', () => {
    const stories = new Set(campaigns.map(([first]) => first!.truth.modus_operandi))
    for (const story of ['DIGITAL_ARREST', 'INVESTMENT_TRADING', 'TASK_JOB', 'QR_RECEIVE_MONEY', 'LOAN_APP'])
      expect(stories).toContain(story)
    expect(quantile(amounts(told('DIGITAL_ARREST')), 0.5)).toBeGreaterThan(
      1.5 * quantile(amounts(told('LOAN_APP')), 0.5),
    )
    // Not all: a day, or the account, may hold no more.
    expect(growing([...told('INVESTMENT_TRADING'), ...told('TASK_JOB')])).toBeGreaterThan(0.75)
    expect(growing(told('LOAN_APP'))).toBeLessThan(0.65)
    for (const campaign of told('QR_RECEIVE_MONEY')) {
      for (const { tx } of campaign) expect(tx.payment_rail).toBe('UPI')
      expect(campaign.length).toBeLessThanOrEqual(3)
    }
  })

  test('a request to pay is for 2,000 rupees at the most, and for none from October 2025 on', () => {
    const asked = told('COLLECT_REQUEST')
    expect(asked.length).toBeGreaterThan(3)
    for (const { tx } of asked.flat()) {
      expect(tx.amount_minor).toBeLessThanOrEqual(200_000)
      expect(tx.event_time).toBeLessThan(upiCollectUntilMs)
    }
    expect(runs[0]!.transactions.at(-1)!.event_time).toBeGreaterThan(upiCollectUntilMs)
  })

  test('pays accounts that a ring of mules has that day, each added seconds before it is paid first, which others pay as well', () => {
    const victims = new Map<string, Set<string>>()
    for (const [i, run] of runs.entries()) {
      const chance = new Chance(SEEDS[i]!)
      for (const campaign of campaignsOf[i]!) {
        const called = campaign[0]!.truth.compromise_time!
        const rings = [0, 1, 2, 3].map((n) => muleRing(n, muleEpoch(called), chance))
        const ring = rings.findIndex(({ ringId }) => ringId === campaign[0]!.truth.ring_id)
        const known = new Set<string>()
        for (const record of campaign) {
          const payee = record.tx.payee_id!
          expect(scamPayees(ring, civilDay(record.tx.event_time), chance)).toContain(payee)
          if (!known.has(payee)) {
            expect(since(run, 'PAYEE_ADDED', record)).toBeGreaterThanOrEqual(2_000)
            expect(since(run, 'PAYEE_ADDED', record)).toBeLessThanOrEqual(6_000)
          }
          known.add(payee)
          victims.set(payee, (victims.get(payee) ?? new Set()).add(record.tx.customer_id))
        }
      }
    }
    expect([...victims.values()].filter(({ size }) => size >= 2).length).toBeGreaterThan(30)
  })

  test('logs in before a bank transfer, and raises the limit before one of more than a lakh', () => {
    const byBank = runs
      .flatMap((run, i) => [...campaignsOf[i]!, ...twinsOf[i]!].flat().map((record) => ({ run, record })))
      .filter(({ record }) => record.tx.payment_rail !== 'UPI')
    expect(byBank.length).toBeGreaterThan(20)
    for (const { run, record } of byBank) {
      expect(since(run, 'LOGIN', record)).toBeLessThanOrEqual(12_000)
      if (record.tx.amount_minor > 10_000_000) expect(since(run, 'LIMIT_RAISED', record)).toBeLessThan(32 * DAY_MS)
    }
  })

  test('no more than rails and balances allow', () => {
    for (const run of runs) {
      const sent = new Map<string, number>()
      const balances = new Map<string, number>()
      for (const tx of run.transactions) {
        if (tx.balance_after_minor === null) continue
        expect(tx.balance_after_minor).toBeGreaterThanOrEqual(0)
        const before = balances.get(tx.account_id)
        if (before !== undefined && before + signedAmountMinor(tx) !== tx.balance_after_minor)
          expect.fail(tx.transaction_id)
        balances.set(tx.account_id, tx.balance_after_minor)
        if (tx.payment_rail !== 'UPI' || tx.event_type !== 'TRANSFER' || signedAmountMinor(tx) === 0) continue
        const day = `${tx.customer_id}/${civilDay(tx.event_time)}`
        sent.set(day, (sent.get(day) ?? 0) + tx.amount_minor)
      }
      for (const sum of sent.values()) expect(sum).toBeLessThanOrEqual(limits.upiTransferDayMinor)
    }
    for (const { tx } of campaigns.flat())
      if (tx.payment_rail === 'IMPS') expect(tx.amount_minor).toBeLessThanOrEqual(limits.impsMinor)
  })

  test('its truth: authorised by the customer, who is harmed; reported to the police once it dawns on them', () => {
    for (const campaign of campaigns) {
      for (const { tx, truth } of campaign) {
        expect(truth).toMatchObject({
          fraud_type: 'AUTHORISED_PUSH_PAYMENT_SCAM',
          actor_role: 'VICTIM',
          authorised_by_customer: true,
          loss_minor: tx.status_response.status === 'APPROVED' ? tx.amount_minor : 0,
          campaign_phase: 'transfer',
        })
        expect(tx.status_response.status).toBe('APPROVED')
        expect(truth.report_time!).toBeGreaterThan(tx.event_time)
        const { amount_multiplier, baseline_amount } = truth.fraud_evidence
        expect(Math.abs(Number(amount_multiplier) - tx.amount_minor / 100 / Number(baseline_amount))).toBeLessThan(
          0.006,
        )
      }
    }
    const hours = campaigns.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / HOUR_MS)
    expect(quantile(hours, 0.5)).toBeGreaterThan(60)
    expect(quantile(hours, 0.5)).toBeLessThan(220)
    const reports = runs.flatMap((run) => run.reports)
    expect(reports.length).toBeGreaterThan(100)
    for (const { report_type } of reports) expect(report_type).toBe('POLICE_COMPLAINT')
  })
})

describe('its innocent doubles', () => {
  test('pay a deposit or a hospital bill to somebody new, as much and as suddenly', () => {
    expect(twins.length).toBeGreaterThan(250)
    expect(new Set(twins.flat().map(({ truth }) => truth.campaign_phase))).toEqual(
      new Set(['property_deposit', 'hospital_bill']),
    )
    for (const [i, run] of runs.entries()) {
      for (const twin of twinsOf[i]!) {
        expect(new Set(twin.map(({ tx }) => tx.payee_id)).size).toBe(1)
        expect(twin.length).toBeLessThanOrEqual(4)
        expect(since(run, 'PAYEE_ADDED', twin[0]!)).toBeLessThanOrEqual(6_000)
        for (const { truth } of twin)
          expect(truth).toMatchObject({
            is_fraud: false,
            loss_minor: 0,
            benign_twin_of: 'AUTHORISED_PUSH_PAYMENT_SCAM',
          })
      }
    }
    expect(quantile(amounts(twins), 0.5)).toBeGreaterThan(0.3 * quantile(amounts(campaigns), 0.5))
  })
})
