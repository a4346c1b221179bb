import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { shapeOf } from '#services/fraud-injector/history.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { limits } from '#services/market/limits.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { civilDay, DAY_MS } from '#services/time.ts'
import { fraudCampaigns, twinCampaigns } from '../helpers/campaigns.ts'
import { worldTransactions } from '../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../helpers/injector.ts'

const RECORDS = 300_000
const settings = injectorSettings('a month of India')
const genuine = worldTransactions(settings, RECORDS)
const run = new InjectorRun(settings)
for (const tx of genuine) run.genuine(tx)
const { transactions, truths, totals, labelled } = run
const genuineIds = new Set(genuine.map((tx) => tx.transaction_id))
const made = transactions.filter((tx) => !genuineIds.has(tx.transaction_id))

describe('a month at the laboratory rate', () => {
  test('every transaction has one truth, with its id, in the same order', () => {
    expect(transactions.length).toBe(totals.transactions)
    expect(truths.map((truth) => truth.transaction_id)).toEqual(transactions.map((tx) => tx.transaction_id))
    expect(new Set(transactions.map((tx) => tx.transaction_id)).size).toBe(transactions.length)
  })

  test('every genuine record passes on, in order, with its identity', () => {
    const passed = transactions.filter((tx) => genuineIds.has(tx.transaction_id)).map((tx) => tx.transaction_id)
    expect(passed).toEqual(genuine.map((tx) => tx.transaction_id))
    expect(totals.consumed).toBe(RECORDS)
  })

  test('event times never fall, on any topic', () => {
    const topics = [
      transactions.map((tx) => tx.event_time),
      run.reports.map((report) => report.report_time),
      run.events.map((event) => event.event_time),
    ]
    for (const times of topics) expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('one transaction in a hundred is fraud, to 5 per cent, by types as the mix says', () => {
    const share = totals.fraud / totals.transactions
    expect(share).toBeGreaterThan(0.0095)
    expect(share).toBeLessThan(0.0105)
    const counts = new Map<string, number>()
    for (const campaign of fraudCampaigns(run)) {
      const type = campaign[0]!.truth.fraud_type
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const { mix } = settings.fraud
    const weights = Object.values(mix).reduce((sum, weight) => sum + weight, 0)
    for (const [type, weight] of Object.entries(mix)) {
      expect(Math.abs(counts.get(type)! / all - weight / weights)).toBeLessThan(0.06)
    }
  })

  test('it comes day by day, not piled up: every day after the first has between a third and three times the mean', () => {
    const days = new Map<number, number>()
    for (const { tx, truth } of labelled) {
      if (truth.is_fraud) days.set(civilDay(tx.event_time), (days.get(civilDay(tx.event_time)) ?? 0) + 1)
    }
    const whole = [...days.values()].slice(1, -1)
    const mean = whole.reduce((sum, count) => sum + count, 0) / whole.length
    expect(Math.min(...whole)).toBeGreaterThan(mean / 3)
    expect(Math.max(...whole)).toBeLessThan(mean * 3)
  })

  test('all types occur in the week after two weeks of history', () => {
    const from = genuine[0]!.event_time + 14 * DAY_MS
    const types = new Set(
      labelled
        .filter(({ tx, truth }) => truth.is_fraud && tx.event_time > from && tx.event_time < from + 7 * DAY_MS)
        .map(({ truth }) => truth.fraud_type),
    )
    expect([...types].sort()).toEqual(Object.keys(settings.fraud.mix).sort())
  })

  test('there are about three innocent doubles for each campaign, or as many times that as the type has', () => {
    const wanted = fraudCampaigns(run).map(([first]) => {
      const { row } = methods.find(({ type }) => type === first!.truth.fraud_type)!
      return settings.fraud.twinsPerCampaign * (row.twins ?? 1)
    })
    for (const twins of wanted) expect(twins).toBeLessThanOrEqual(10)
    const ratio = twinCampaigns(run).length / wanted.reduce((sum, twins) => sum + twins, 0)
    expect(ratio).toBeGreaterThan(0.83)
    expect(ratio).toBeLessThan(1.17)
  })

  test('within a phase of a campaign, payments are numbered from 1 in the order of time', () => {
    for (const campaign of [...fraudCampaigns(run), ...twinCampaigns(run)]) {
      const phases = Map.groupBy(campaign, ({ truth }) => truth.campaign_phase)
      for (const [phase, records] of phases) {
        // Genuine payments that a traveller's trip moves are not counted.
        const numbers = records.map(({ truth }) => truth.phase_seq).filter((number) => number > 0)
        if (numbers.some((number, i) => number !== i + 1))
          expect.fail(`${records[0]!.truth.campaign_id} ${phase}: ${numbers}`)
      }
    }
  })

  test('each approved fraud, and of some types each refused attempt, is reported once, when its truth says, as far as that has come', () => {
    const end = genuine.at(-1)!.event_time
    // Of some types the bank lists what it refused, of all or of none of a campaign.
    const refused = new Set(
      labelled
        .filter(({ tx, truth }) => truth.is_fraud && truth.loss_minor === 0 && tx.status_response.status !== 'APPROVED')
        .map(({ tx }) => tx.transaction_id),
    )
    const listed = run.reports.filter(({ version, transaction_id }) => version === 1 && refused.has(transaction_id))
    expect(new Set(listed.map(({ claimed_type }) => claimed_type))).toEqual(new Set(['CARD_TESTING', 'VELOCITY_ABUSE']))
    const due = labelled.filter(({ truth }) => truth.loss_minor > 0 && truth.report_time! <= end)
    const first = run.reports.filter(({ version }) => version === 1)
    const reported = new Map(first.map((report) => [report.transaction_id, report]))
    expect(reported.size).toBe(first.length)
    const honest = labelled.filter(({ tx, truth }) => !truth.is_fraud && reported.has(tx.transaction_id))
    for (const { truth } of honest) expect(truth.benign_twin_of).toBe('FRIENDLY_FRAUD')
    expect(first.length).toBe(due.length + honest.length + listed.length)
    for (const { tx, truth } of due) {
      expect(reported.get(tx.transaction_id)).toMatchObject({
        report_time: truth.report_time,
        amount_minor: truth.loss_minor,
        recovered_minor: 0,
      })
    }
  })

  test('what came back is told by a second report, which comes after the first and says what the truth says', () => {
    const truthOf = new Map(truths.map((truth) => [truth.transaction_id, truth]))
    const firstOf = new Map(run.reports.filter(({ version }) => version === 1).map((one) => [one.transaction_id, one]))
    const revised = run.reports.filter(({ version }) => version === 2)
    expect(revised.length).toBeGreaterThan(20)
    expect(new Set(revised.map((report) => report.transaction_id)).size).toBe(revised.length)
    for (const { transaction_id, report_time, recovered_minor, claimed_type } of revised) {
      const first = firstOf.get(transaction_id)!
      const { recovered_minor: recovered, benign_twin_of } = truthOf.get(transaction_id)!
      expect(report_time).toBeGreaterThan(first.report_time + DAY_MS)
      if (benign_twin_of === null) expect(recovered_minor).toBe(recovered)
      expect(recovered_minor > 0 || claimed_type !== first.claimed_type).toBe(true)
    }
  })
})

describe('what a payment system sees', () => {
  test('every account’s records add up, and no balance falls below zero', () => {
    const balances = new Map<string, number>()
    for (const tx of transactions) {
      if (tx.balance_after_minor === null) continue
      if (tx.balance_after_minor < 0) expect.fail(`${tx.transaction_id} leaves ${tx.balance_after_minor}`)
      const before = balances.get(tx.account_id)
      if (before !== undefined && before + signedAmountMinor(tx) !== tx.balance_after_minor) {
        expect.fail(`${tx.transaction_id}: ${before} and ${signedAmountMinor(tx)} make not ${tx.balance_after_minor}`)
      }
      balances.set(tx.account_id, tx.balance_after_minor)
    }
    expect(balances.size).toBeGreaterThan(5_000)
  })

  test('the share used of a credit limit follows the balance', () => {
    const limitOf = new Map<string, number>()
    for (const tx of genuine) {
      if (tx.credit_utilisation === null || tx.credit_utilisation > 0.9 || tx.credit_utilisation === 0) continue
      limitOf.set(tx.account_id, Math.round(tx.balance_after_minor! / (1 - tx.credit_utilisation) / 10_000) * 10_000)
    }
    for (const tx of transactions) {
      const limit = limitOf.get(tx.account_id)
      if (tx.credit_utilisation === null || limit === undefined) continue
      const used = Math.max(0, 1 - tx.balance_after_minor! / limit)
      expect(Math.abs(tx.credit_utilisation - used)).toBeLessThan(1e-4)
    }
  })

  test('no limit of a rail is broken by what is inserted, or because of it', () => {
    const touched = new Set(
      labelled
        .filter(({ truth }) => truth.campaign_id !== null)
        .map(({ tx }) => `${tx.customer_id}/${civilDay(tx.event_time)}`),
    )
    const use = new Map<string, { sent: number; count: number; cash: number }>()
    for (const tx of transactions) {
      const day = `${tx.customer_id}/${civilDay(tx.event_time)}`
      if (!touched.has(day) || signedAmountMinor(tx) >= 0) continue
      const sum = use.get(day) ?? { sent: 0, count: 0, cash: 0 }
      use.set(day, sum)
      if (tx.payment_rail === 'UPI' && tx.event_type === 'TRANSFER') {
        sum.sent += tx.amount_minor
        sum.count++
      }
      if (tx.channel === 'ATM') sum.cash += tx.amount_minor
      if (tx.pos_entry_mode === '07') expect(tx.amount_minor).toBeLessThanOrEqual(limits.contactlessMinor)
    }
    for (const { sent, count, cash } of use.values()) {
      expect(sent).toBeLessThanOrEqual(limits.upiTransferDayMinor)
      expect(count).toBeLessThanOrEqual(limits.upiTransfersDay)
      expect(cash).toBeLessThanOrEqual(limits.atmDayMinor)
    }
  })

  test('inserted records fill in the same fields as genuine ones of their rail and channel, in the same formats', () => {
    const known = new Set(genuine.map(fieldPattern))
    expect(made.length).toBeGreaterThan(5_000)
    for (const tx of made)
      if (!known.has(fieldPattern(tx))) expect.fail(`no genuine record looks like ${fieldPattern(tx)}`)
  })

  test('the order of fields in a record does not tell who made it', () => {
    const order = Object.keys(genuine[0]!).join()
    for (const tx of transactions) if (Object.keys(tx).join() !== order) expect.fail(Object.keys(tx).join())
  })

  test('ingestion takes inserted records as long as genuine ones', () => {
    const delays = (of: readonly Transaction[]): number =>
      of.reduce((sum, tx) => sum + tx.ingest_time - tx.event_time, 0) / of.length
    expect(Math.abs(delays(made) / delays(genuine) - 1)).toBeLessThan(0.05)
  })
})

/** Rail, channel, which fields are filled in, and the shape of every text: digits as 0, letters as A and a. */
function fieldPattern(tx: Transaction): string {
  const masked = (text: string): string => text.replace(/[0-9]/g, '0').replace(/[a-f]/g, '0')
  const ids = [
    tx.retrieval_reference_number,
    tx.system_trace_audit_number,
    tx.device_id,
    tx.payee_id,
    tx.instrument_token,
  ]
  return [
    shapeOf(tx),
    ...Object.values(tx).map((value) => (value === null ? '-' : '+')),
    ...ids.map((id) => (id === null ? '' : masked(id))),
    tx.settlement_date - civilDay(tx.event_time),
    tx.location_type === 'REMOTE' ? 'remote' : 'located',
    tx.pos_entry_mode === null ? '' : tx.authentication_method,
  ].join('|')
}
