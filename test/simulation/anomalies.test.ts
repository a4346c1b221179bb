import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { limits } from '#services/market/limits.ts'
import { isInward } from '#services/market/statement.ts'
import { HOUR_MS, hourIst } from '#services/time.ts'
import { worldTransactions } from '../helpers/genuine.ts'
import { InjectorRun, injectorSettings, type Labelled } from '../helpers/injector.ts'

const RECORDS = 300_000
const settings = injectorSettings('a month of India')
const genuine = worldTransactions(settings, RECORDS)
const run = new InjectorRun(settings)
for (const tx of genuine) run.genuine(tx)
const { labelled } = run
const meant = new Map(genuine.map((tx) => [tx.transaction_id, tx]))

const isAnomalous = ({ truth }: Labelled): boolean => truth.anomaly_types.length > 0
const causeOf = ({ truth }: Labelled): string | undefined => truth.fraud_evidence.benign_cause
const shareOf = (of: readonly Labelled[], holds: (one: Labelled) => boolean): number =>
  of.filter(holds).length / of.length
const anomalous = labelled.filter(isAnomalous)
const odd = labelled.filter((one) => causeOf(one) !== undefined)
const rewritten = odd.filter(({ tx }) => meant.has(tx.transaction_id))
const inserted = odd.filter(({ tx }) => !meant.has(tx.transaction_id))

describe('a month at the default rates', () => {
  test('one transaction in twenty is anomalous, to 5 per cent', () => {
    const share = anomalous.length / labelled.length
    expect(share).toBeGreaterThan(0.0475)
    expect(share).toBeLessThan(0.0525)
    expect(run.totals.anomalous).toBe(anomalous.length)
  })

  test('nine in ten are innocent', () => {
    expect(shareOf(anomalous, ({ truth }) => !truth.is_fraud)).toBeGreaterThan(0.9)
  })

  test('30 to 60 per cent of frauds are anomalous', () => {
    const share = shareOf(
      labelled.filter(({ truth }) => truth.is_fraud),
      isAnomalous,
    )
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(0.6)
  })

  test('each family makes a tenth at the least, of innocent ones too', () => {
    for (const of of [anomalous, anomalous.filter(({ truth }) => !truth.is_fraud)]) {
      for (const family of ['BEHAVIORAL', 'GEOGRAPHIC', 'TEMPORAL', 'AMOUNT'] as const) {
        expect(shareOf(of, ({ truth }) => truth.anomaly_types.includes(family))).toBeGreaterThan(0.1)
      }
    }
  })

  test('severity is there where a family is, and nowhere else', () => {
    for (const { truth } of labelled) {
      const { anomaly_types: types, anomaly_severity: severity } = truth
      if (types.length === 0 ? severity !== 0 : severity < 0.1 || severity > 1) expect.fail(truth.transaction_id)
    }
  })

  test('none without a scenario: a fraud, an innocent double, a trip or a cause that is told', () => {
    for (const one of anomalous) {
      const { tx, truth } = one
      const scenario = truth.campaign_id !== null || causeOf(one) !== undefined || tx.location_type === 'TRAVEL'
      if (!scenario) expect.fail(`${tx.transaction_id} ${truth.anomaly_types}`)
    }
  })
})

describe('what an honest customer does', () => {
  test('leaves alone who is in a campaign', () => {
    const under = new Map<string, { fromMs: number; toMs: number }>()
    for (const { tx, truth } of labelled) {
      if (truth.campaign_id === null) continue
      const span = under.get(truth.campaign_id) ?? { fromMs: tx.event_time, toMs: 0 }
      under.set(truth.campaign_id, { ...span, toMs: tx.event_time })
    }
    const spans = Map.groupBy(
      labelled.filter(({ truth }) => truth.campaign_id !== null),
      ({ tx }) => tx.customer_id,
    )
    for (const { tx } of odd) {
      for (const { truth } of spans.get(tx.customer_id) ?? []) {
        const { fromMs, toMs } = under.get(truth.campaign_id!)!
        if (tx.event_time > fromMs && tx.event_time < toMs) expect.fail(`${tx.transaction_id} ${truth.campaign_id}`)
      }
    }
  })

  test('changes the shop, its terminal, the way of paying and the sum of a genuine payment, and nothing else', () => {
    const may = new Set<keyof Transaction>([
      ...(['merchant_id', 'terminal_id', 'mcc', 'merchant_name', 'category', 'subcategory', 'merchant_type'] as const),
      ...(['amount_minor', 'pos_entry_mode', 'authentication_method', 'loyalty_points_delta'] as const),
      // These follow from the statement, or from a phone that another scenario has replaced.
      ...(['balance_after_minor', 'credit_utilisation', 'status_response', 'device_id'] as const),
    ])
    expect(rewritten.length).toBeGreaterThan(5_000)
    for (const { tx } of rewritten) {
      const before = meant.get(tx.transaction_id)!
      for (const name of Object.keys(tx) as (keyof Transaction)[]) {
        if (tx[name] !== before[name] && !may.has(name)) expect.fail(`${tx.transaction_id}: ${name}`)
        if ((tx[name] === null) !== (before[name] === null)) expect.fail(`${tx.transaction_id}: ${name} is null`)
      }
    }
  })

  test('happens in shops that are open, and at night at sites only', () => {
    for (const { tx } of rewritten) {
      const hour = hourIst(tx.event_time)
      const otherShop = tx.merchant_id !== meant.get(tx.transaction_id)!.merchant_id
      if (otherShop && (hour < 9 || hour >= 21)) expect.fail(`${tx.transaction_id} at ${hour} h`)
    }
    const atNight = inserted.filter(({ tx }) => hourIst(tx.event_time) < 5)
    expect(atNight.length).toBeGreaterThan(1_000)
    for (const { tx } of atNight) expect(['ECOM', 'MOBILE_APP']).toContain(tx.channel)
  })

  test('is done where the customer was minutes ago', () => {
    const newest = new Map<string, Transaction>()
    const counters: ReadonlySet<string> = new Set(['POS', 'QR', 'ATM'])
    let found = 0
    for (const one of labelled) {
      const { tx } = one
      const before = newest.get(tx.customer_id)
      if (causeOf(one) === 'card offer') {
        found++
        expect(before?.city).toBe(tx.city)
        expect(tx.event_time - before!.event_time).toBeLessThan(HOUR_MS / 2)
      }
      if (counters.has(tx.channel) && !isInward(tx.event_type)) newest.set(tx.customer_id, tx)
    }
    expect(found).toBeGreaterThan(100)
  })

  test('keeps within the limit of a tap', () => {
    for (const { tx } of odd) {
      if (tx.pos_entry_mode === '07') expect(tx.amount_minor).toBeLessThanOrEqual(limits.contactlessMinor)
    }
  })

  test('is given back by its own merchant, and no more than was paid', () => {
    const paid = new Map(rewritten.map(({ tx }) => [tx.transaction_id, tx]))
    const refunds = labelled.flatMap(({ tx }) => {
      const of = paid.get(tx.original_transaction_id ?? '')
      return of === undefined ? [] : [{ tx, of }]
    })
    expect(refunds.length).toBeGreaterThan(20)
    for (const { tx, of } of refunds) {
      expect(tx.merchant_id).toBe(of.merchant_id)
      expect(tx.amount_minor).toBeLessThanOrEqual(of.amount_minor)
    }
  })

  test('goes through for most: nobody is ruined by it', () => {
    expect(shareOf(odd, ({ tx }) => tx.status_response.status === 'APPROVED')).toBeGreaterThan(0.95)
    const declined = (of: readonly Transaction[]) => of.filter((tx) => tx.status_response.status !== 'APPROVED').length
    const passed = labelled.filter(({ tx }) => meant.has(tx.transaction_id)).map(({ tx }) => tx)
    expect(declined(passed) / declined(genuine)).toBeLessThan(1.2)
  })
})

test('a rate of nothing adds nothing: what is left is trips, frauds and their doubles', () => {
  const plain = { ...settings, fraud: { ...settings.fraud, anomalyRate: 0 } }
  const quiet = new InjectorRun(plain)
  for (const tx of genuine.slice(0, 30_000)) quiet.genuine(tx)
  expect(quiet.labelled.filter((one) => causeOf(one) !== undefined)).toEqual([])
  expect(quiet.totals.anomalous).toBeGreaterThan(100)
})
