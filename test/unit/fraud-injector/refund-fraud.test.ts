import { describe, expect, test } from 'vitest'
import { signedAmountMinor } from '#services/market/statement.ts'
import { DAY_MS, HOUR_MS, toLocalMs } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  gapsMs,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'
import type { Labelled } from '../../helpers/injector.ts'

const SEEDS = ['refunds-1', 'refunds-2', 'refunds-3']
const runs = SEEDS.map((seed) => campaignWorld('REFUND_FRAUD', seed, 120_000, 0.02))
/** Those that began two weeks before the end: most of what they claim has come back. */
const campaigns = runs.flatMap((run) => {
  const end = run.transactions.at(-1)!.event_time - 14 * DAY_MS
  return fraudCampaigns(run).filter(([first]) => first!.tx.event_time < end)
})
const twins = runs.flatMap(twinCampaigns)
const byEmployee = ([first]: CampaignRecords): boolean => first!.truth.modus_operandi === 'EMPLOYEE_REFUND'
const buyers = campaigns.filter((campaign) => !byEmployee(campaign))
const employees = campaigns.filter(byEmployee)
const isRefund = ({ tx }: Labelled): boolean => tx.event_type === 'REFUND'
const isPurchase = (record: Labelled): boolean => !isRefund(record)
/** Each refund with what it undoes. */
const undone = (all: readonly CampaignRecords[]) =>
  all.flatMap((campaign) =>
    campaign.filter(isRefund).map((refund) => ({
      refund,
      purchase: campaign.find(({ tx }) => tx.transaction_id === refund.tx.original_transaction_id),
    })),
  )
const genuineRefunds = runs.flatMap((run) =>
  run.labelled.filter((record) => isRefund(record) && record.truth.campaign_id === null),
)
const filled = ({ tx }: Labelled): string =>
  `${tx.payment_rail}/${tx.channel} ${Object.values(tx)
    .map((value) => (value === null ? '-' : '+'))
    .join('')} ${tx.location_type} ${tx.authentication_method}`

describe('a customer who gives back what was kept', () => {
  test('orders 4 to 14 times, about a day apart, and asks half of the money back and more', () => {
    expect(buyers.length).toBeGreaterThan(100)
    for (const campaign of buyers) {
      const purchases = campaign.filter(isPurchase)
      expect(purchases.length).toBeLessThanOrEqual(14)
      for (const { tx } of purchases) expect(tx.shipping_address_hash).not.toBeNull()
    }
    const gaps = buyers.flatMap((campaign) => gapsMs(campaign.filter(isPurchase)))
    expect(quantile(gaps, 0.5)).toBeGreaterThan(15 * HOUR_MS)
    expect(quantile(gaps, 0.5)).toBeLessThan(33 * HOUR_MS)
    const claimed = buyers.map((campaign) => campaign.filter(isRefund).length / campaign.filter(isPurchase).length)
    expect(quantile(claimed, 0.5)).toBeGreaterThan(0.5)
    expect(Math.max(...claimed)).toBeLessThanOrEqual(1)
  })

  test('each refund names an approved purchase at the same merchant, six hours to a month and a night before', () => {
    const pairs = undone(buyers)
    expect(pairs.length).toBeGreaterThan(400)
    for (const { refund, purchase } of pairs) {
      expect(purchase!.tx.status_response.status).toBe('APPROVED')
      expect(purchase!.tx.merchant_id).toBe(refund.tx.merchant_id)
      const waitMs = refund.tx.event_time - purchase!.tx.event_time
      expect(waitMs).toBeGreaterThanOrEqual(6 * HOUR_MS)
      expect(waitMs).toBeLessThanOrEqual(31 * DAY_MS)
    }
    const ids = pairs.map(({ purchase }) => purchase!.tx.transaction_id)
    expect(new Set(ids).size).toBe(ids.length)
    const refused = buyers.flat().filter(({ tx }) => tx.status_response.status === 'DECLINED')
    expect(refused.length).toBeGreaterThan(10)
    for (const { tx } of refused) expect(ids).not.toContain(tx.transaction_id)
    for (const campaign of [...campaigns, ...twins])
      expect(campaign.filter(isRefund).map(({ truth }) => truth.phase_seq)).toEqual(
        campaign.filter(isRefund).map((_, i) => i + 1),
      )
  })

  test('nine tenths of it and more, mostly all; one in ten is more than was paid', () => {
    const shares = undone(buyers).map(({ refund, purchase }) => refund.tx.amount_minor / purchase!.tx.amount_minor)
    expect(Math.min(...shares)).toBeGreaterThan(0.88)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1.51)
    const over = shares.filter((share) => share > 1).length / shares.length
    expect(over).toBeGreaterThan(0.06)
    expect(over).toBeLessThan(0.14)
    expect(shares.filter((share) => share === 1).length / shares.length).toBeGreaterThan(0.5)
  })

  test('of some the money comes to another account of theirs, which the evidence says', () => {
    const pairs = undone(buyers)
    const elsewhere = pairs.filter(({ refund, purchase }) => refund.tx.account_id !== purchase!.tx.account_id)
    expect(elsewhere.length / pairs.length).toBeGreaterThan(0.03)
    expect(elsewhere.length / pairs.length).toBeLessThan(0.35)
    for (const { refund, purchase } of pairs) {
      const other = refund.tx.account_id !== purchase!.tx.account_id
      expect(refund.truth.fraud_evidence.instrument_mismatch).toBe(String(other))
    }
  })
})

describe('an employee who refunds what was never sold', () => {
  test('books 3 to 10 of them at one shop in office hours, each naming a sale that nobody finds', () => {
    expect(employees.length).toBeGreaterThan(20)
    const ids = new Set(runs.flatMap((run) => run.transactions.map((tx) => tx.transaction_id)))
    for (const campaign of employees) {
      expect(campaign.length).toBeLessThanOrEqual(10)
      expect(new Set(campaign.map(({ tx }) => tx.merchant_id)).size).toBe(1)
      for (const { tx, truth } of campaign) {
        expect(tx.event_type).toBe('REFUND')
        const hour = Math.floor((toLocalMs(tx.event_time) % DAY_MS) / HOUR_MS)
        expect(hour).toBeGreaterThanOrEqual(10)
        expect(hour).toBeLessThan(18)
        expect(tx.original_transaction_id).toHaveLength(26)
        expect(tx.original_transaction_id! < tx.transaction_id).toBe(true)
        expect(ids.has(tx.original_transaction_id!)).toBe(false)
        expect(truth.fraud_evidence.no_original_sale).toBe('true')
      }
    }
  })
})

describe('a refund that was made', () => {
  test('has the fields of a genuine one of its rail and channel, and takes back the points of its amount', () => {
    const known = new Set(genuineRefunds.map(filled))
    const made = [...campaigns, ...twins].flat().filter(isRefund)
    const compared = made.filter((record) => known.has(filled(record)))
    expect(compared.length / made.length).toBeGreaterThan(0.95)
    const rails = new Set(genuineRefunds.map(({ tx }) => `${tx.payment_rail}/${tx.channel}`))
    for (const record of made) {
      const { payment_rail, channel, amount_minor, loyalty_points_delta } = record.tx
      if (rails.has(`${payment_rail}/${channel}`)) expect(known).toContain(filled(record))
      expect(loyalty_points_delta).toBe(payment_rail === 'CREDIT_CARD' ? 0 - Math.floor(amount_minor / 10_000) : 0)
    }
  })

  test('leaves every statement true', () => {
    for (const run of runs) {
      const balances = new Map<string, number>()
      for (const tx of run.transactions) {
        if (tx.balance_after_minor === null) continue
        const before = balances.get(tx.account_id)
        if (before !== undefined && before + signedAmountMinor(tx) !== tx.balance_after_minor)
          expect.fail(tx.transaction_id)
        balances.set(tx.account_id, tx.balance_after_minor)
      }
    }
  })

  test('is what is lost, and reported when the truth says; the purchases cost nobody anything', () => {
    for (const { tx, truth } of campaigns.flat()) {
      expect(truth).toMatchObject({
        fraud_type: 'REFUND_FRAUD',
        actor_role: 'CUSTOMER',
        authorised_by_customer: true,
        loss_minor: tx.event_type === 'REFUND' ? tx.amount_minor : 0,
      })
      expect(Number(truth.fraud_evidence.refund_multiple)).toBeGreaterThanOrEqual(3)
      expect(truth.fraud_severity).not.toBe('CRITICAL')
    }
    const days = campaigns.map((campaign) => {
      const first = campaign.find(isRefund)!
      return (first.truth.report_time! - first.tx.event_time) / DAY_MS
    })
    expect(Math.min(...days)).toBeGreaterThanOrEqual(2)
    expect(quantile(days, 0.5)).toBeGreaterThan(15)
    expect(quantile(days, 0.5)).toBeLessThan(35)
    for (const run of runs) {
      const lost = new Map(run.labelled.map(({ tx, truth }) => [tx.transaction_id, truth]))
      expect(run.reports.length).toBeGreaterThan(5)
      for (const report of run.reports) {
        const truth = lost.get(report.transaction_id)!
        expect(report.amount_minor).toBe(truth.loss_minor)
        // A second one says, days later, what came back.
        if (report.version === 1) expect(report.report_time).toBe(truth.report_time)
        else expect(report.report_time).toBeGreaterThan(truth.report_time!)
        expect(report.report_type).toBe('DISPUTE')
        expect(truth.loss_minor).toBeGreaterThan(0)
      }
    }
  })

  test('none comes once the shop has noticed', () => {
    for (const { tx, truth } of campaigns.flat()) {
      expect(tx.event_time).toBeLessThanOrEqual(truth.report_time!)
      if (tx.event_type === 'REFUND') expect(tx.status_response.status).toBe('APPROVED')
    }
  })
})

describe('its innocent doubles', () => {
  test('try clothes on, refuse a parcel or have an order cancelled: never more back than was paid, to where it came from', () => {
    expect(twins.length).toBeGreaterThan(100)
    const pairs = undone(twins)
    expect(new Set(pairs.map(({ refund }) => refund.truth.campaign_phase))).toEqual(
      new Set(['tried_on', 'refused_parcel', 'merchant_cancelled']),
    )
    for (const { refund, purchase } of pairs) {
      expect(refund.tx).toMatchObject({
        amount_minor: purchase!.tx.amount_minor,
        account_id: purchase!.tx.account_id,
        merchant_id: purchase!.tx.merchant_id,
      })
      expect(refund.truth).toMatchObject({ is_fraud: false, loss_minor: 0, benign_twin_of: 'REFUND_FRAUD' })
    }
    const tried = twins.filter((twin) => twin.some(({ truth }) => truth.campaign_phase === 'tried_on'))
    for (const twin of tried) {
      const orders = twin.filter(isPurchase)
      expect(orders.length).toBeGreaterThanOrEqual(2)
      for (const { tx } of orders) expect(tx.category).toBe('FASHION')
    }
  })
})
