import { describe, expect, test } from 'vitest'
import { limits } from '#services/market/limits.ts'
import { civilDay, HOUR_MS, hourIst } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  gapsMs,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'
import type { InjectorRun } from '../../helpers/injector.ts'

const runs = ['split-1', 'split-2', 'split-3'].map((seed) => campaignWorld('AMOUNT_MANIPULATION', seed, 40_000, 0.02))
const splits = runs.flatMap(fraudCampaigns)
const records = splits.flat()
const twins = runs.flatMap(twinCampaigns)
const THRESHOLDS = [10_000, 20_000, 50_000, 100_000, 200_000]

/** Whether the customer has paid this payee before the split began. */
const paidBefore = (run: InjectorRun, [first]: CampaignRecords, payee: string | null): boolean =>
  run.transactions.some(
    ({ customer_id, payee_id, event_time }) =>
      customer_id === first!.tx.customer_id && payee_id === payee && event_time < first!.tx.event_time,
  )

describe('a sum split into parts', () => {
  test('has parts just below one of five thresholds, never more than 8 per cent, mostly less than 1', () => {
    expect(splits.length).toBeGreaterThan(150)
    const margins: number[] = []
    for (const split of splits) {
      const threshold = Number(split[0]!.truth.fraud_evidence.threshold_value)
      expect(THRESHOLDS).toContain(threshold)
      for (const { tx, truth } of split) {
        expect(Number(truth.fraud_evidence.threshold_value)).toBe(threshold)
        expect(tx.amount_minor).toBeLessThan(threshold * 100)
        margins.push(1 - tx.amount_minor / 100 / threshold)
      }
    }
    expect(Math.max(...margins)).toBeLessThan(0.11)
    expect(quantile(margins, 0.5)).toBeLessThan(0.02)
  })

  test('has three parts and more, some hours to three days apart, 14 in the median, in office hours', () => {
    // The last ones are cut off by the end of the stream.
    const counts = splits.map(({ length }) => length)
    expect(quantile(counts, 0.4)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...counts)).toBeLessThanOrEqual(20)
    const gaps = splits.flatMap(gapsMs)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.3 * HOUR_MS)
    expect(Math.max(...gaps)).toBeLessThanOrEqual((72 + 24) * HOUR_MS)
    expect(quantile(gaps, 0.5)).toBeGreaterThan(11 * HOUR_MS)
    expect(quantile(gaps, 0.5)).toBeLessThan(25 * HOUR_MS)
    for (const { tx } of records) {
      expect(hourIst(tx.event_time)).toBeGreaterThanOrEqual(10)
      expect(hourIst(tx.event_time)).toBeLessThan(19)
    }
  })

  test('goes to 1 to 4 payees: known ones, or added on the customer’s own phone before they are paid', () => {
    let [known, strangers] = [0, 0]
    for (const run of runs) {
      for (const split of fraudCampaigns(run)) {
        const payees = new Set(split.map(({ tx }) => tx.payee_id))
        expect(payees.size).toBeLessThanOrEqual(4)
        for (const payee of payees) {
          const added = run.events.find((event) => event.details.payee_id === payee)
          if (added === undefined) {
            expect(paidBefore(run, split, payee)).toBe(true)
            known++
            continue
          }
          expect(added).toMatchObject({ event_type: 'PAYEE_ADDED' })
          expect(added.event_time).toBeLessThan(split[0]!.tx.event_time)
          strangers++
        }
      }
    }
    expect(known).toBeGreaterThan(20)
    expect(strangers).toBeGreaterThan(20)
  })

  test('changes amount and payee only: account, device and address are the customer’s own', () => {
    for (const run of runs) {
      const own = new Set(
        run.labelled
          .filter(({ truth }) => truth.campaign_id === null)
          .map(({ tx }) => `${tx.account_id}/${tx.instrument_token}/${tx.device_id}`),
      )
      for (const { tx } of fraudCampaigns(run).flat()) {
        expect(own).toContain(`${tx.account_id}/${tx.instrument_token}/${tx.device_id}`)
        expect(tx.event_type).toBe('TRANSFER')
      }
    }
  })

  test('keeps to a lakh a day by UPI: what is more is refused', () => {
    for (const run of runs) {
      const days = new Map<string, number>()
      for (const { tx } of fraudCampaigns(run).flat()) {
        if (tx.payment_rail !== 'UPI' || tx.status_response.status !== 'APPROVED') continue
        const day = `${tx.customer_id}/${civilDay(tx.event_time)}`
        days.set(day, (days.get(day) ?? 0) + tx.amount_minor)
      }
      expect(days.size).toBeGreaterThan(20)
      for (const sum of days.values()) expect(sum).toBeLessThanOrEqual(limits.upiTransferDayMinor)
    }
  })

  test('its truth adds up the parts, and knows that the customer did it', () => {
    for (const split of splits) {
      let sum = 0
      split.forEach(({ tx, truth }, i) => {
        if (tx.status_response.status === 'APPROVED') sum += tx.amount_minor / 100
        expect(Number(truth.fraud_evidence.window_sum)).toBeCloseTo(sum, 0)
        expect(Number(truth.fraud_evidence.similar_transaction_count)).toBe(i + 1)
        expect(Number(truth.fraud_evidence.split_of)).toBeGreaterThanOrEqual(100_000)
        expect(truth).toMatchObject({ actor_role: 'CUSTOMER', authorised_by_customer: true, campaign_phase: 'split' })
      })
    }
  })

  test('is found out by the bank after a day to half a year, 20 days in the median, and told to the authorities', () => {
    const delays = splits.map(([first]) => (first!.truth.report_time! - first!.tx.event_time) / HOUR_MS)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(24)
    expect(quantile(delays, 0.5)).toBeGreaterThan(300)
    expect(quantile(delays, 0.5)).toBeLessThan(700)
    for (const report of runs.flatMap(({ reports }) => reports)) expect(report.report_type).toBe('POLICE_COMPLAINT')
  })
})

describe('its innocent doubles', () => {
  test('are rents agreed below a round sum, and goods at 9,999 and the like', () => {
    expect(twins.length).toBeGreaterThan(80)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['price_point', 'rent_below_threshold'])
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'AMOUNT_MANIPULATION' })
      const above = THRESHOLDS.find((threshold) => tx.amount_minor < threshold * 100)!
      expect(tx.amount_minor / 100).toBeGreaterThanOrEqual(0.94 * above)
    }
  })
})
