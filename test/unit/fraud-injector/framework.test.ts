import { describe, expect, test } from 'vitest'
import { PoisonError } from '#services/fold.ts'
import { fraudTypes } from '#services/fraud-injector/fraud-types.ts'
import type { FraudMethod, Script } from '#services/fraud-injector/method.ts'
import { event, inOrder, payment } from '#services/fraud-injector/steps.ts'
import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

const never: Script = {
  eligible: () => false,
  begin: () => {
    throw new Error('never eligible')
  },
  steps: () => [],
}

/** A type as a newcomer would write it: marks the payment it starts at, leaves an event, and takes 500 rupees twice. */
const overcharge: FraudMethod = {
  type: 'VELOCITY_ABUSE',
  row: {
    ...fraudTypes.VELOCITY_ABUSE,
    expectedTransactions: 3,
    reportDelayHours: { dist: 'uniform', min: 5, max: 5 },
  } as FraudMethod['row'],
  fraud: {
    eligible: (tx, { account }) => tx.amount_minor === 10_000 && account.seen > 2,
    begin: (_tx, { nowMs }) => ({
      startMs: nowMs + HOUR_MS,
      modus: 'PROMO_BOT',
      compromiseMs: nowMs,
      ringId: 'ring-1',
      mark: {
        phase: 'overcharge',
        sequence: 1,
        role: 'MERCHANT',
        isFraud: true,
        evidence: { charged: '150' },
        rewrite: { amount_minor: 15_000 },
      },
    }),
    steps: ({ startMs }) => [
      event({ atMs: startMs, eventType: 'LIMIT_RAISED', deviceId: 'D0123456789ab' }),
      ...[1, 2].map((sequence) =>
        payment({
          atMs: startMs + sequence * MINUTE_MS,
          phase: 'again',
          sequence,
          shape: 'UPI/QR/AUTHORISATION',
          amountMinor: 50_000,
          change: { merchant_id: 'MER0002' },
        }),
      ),
    ],
  },
  twin: never,
  evidence: (tx) => ({ amount: String(tx.amount_minor) }),
  reason: () => 'Charged more than agreed',
}

/** One campaign of a type, on one customer who goes on paying. */
function campaignOf(method: FraudMethod): InjectorRun {
  const run = new InjectorRun(injectorSettings('framework', { rate: 1, mix: { VELOCITY_ABUSE: 1 } }), {
    methods: [method],
  })
  const customer = new GenuineCustomer(7, 10_000)
  // The controller owes a transaction for each; the more is owed, the likelier the next eligible payment is chosen.
  for (let i = 0; run.totals.campaigns.VELOCITY_ABUSE === undefined; i++) {
    run.genuine(customer.pay(NOON_MS + i * MINUTE_MS, i < 60 ? 1 : 100))
  }
  const last = run.transactions.at(-1)!.event_time
  run.genuine(customer.pay(last + 3 * HOUR_MS, 20))
  run.genuine(customer.pay(last + 8 * HOUR_MS, 20))
  return run
}

describe('a campaign', () => {
  const run = campaignOf(overcharge)
  const frauds = run.labelled.filter(({ truth }) => truth.is_fraud)
  const [marked, first, second] = frauds

  test('rewrites and labels the genuine record at which it starts', () => {
    expect(frauds).toHaveLength(3)
    expect(marked!.tx.amount_minor).toBe(15_000)
    expect(marked!.truth).toMatchObject({
      fraud_type: 'VELOCITY_ABUSE',
      campaign_phase: 'overcharge',
      phase_seq: 1,
      actor_role: 'MERCHANT',
      ring_id: 'ring-1',
      fraud_evidence: { charged: '150' },
      compromise_time: marked!.tx.event_time,
    })
  })

  test('inserts payments at their own event time, built on the record of the same shape', () => {
    expect(first!.tx.event_time).toBe(marked!.tx.event_time + HOUR_MS + MINUTE_MS)
    expect(second!.tx.event_time).toBe(first!.tx.event_time + MINUTE_MS)
    expect(first!.tx).toMatchObject({
      merchant_id: 'MER0002',
      account_id: marked!.tx.account_id,
      device_id: marked!.tx.device_id,
      local_time: first!.tx.event_time + 5.5 * HOUR_MS,
    })
    expect(first!.truth.fraud_evidence).toEqual({ amount: '50000' })
    expect(first!.truth.campaign_id).toBe(marked!.truth.campaign_id)
    expect(first!.truth.campaign_id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  test('leaves its traces on the customer events', () => {
    expect(run.events).toEqual([
      expect.objectContaining({
        event_type: 'LIMIT_RAISED',
        event_time: marked!.tx.event_time + HOUR_MS,
        device_id: 'D0123456789ab',
        details: {},
      }),
    ])
  })

  test('lowers every later balance by what it took, rewritten amounts included', () => {
    const balances = run.transactions.map((tx) => tx.balance_after_minor!)
    for (let i = 1; i < balances.length; i++) {
      expect(balances[i]).toBe(balances[i - 1]! - run.transactions[i]!.amount_minor)
    }
  })

  test('is reported payment by payment when the victim notices, five hours after the first fraud', () => {
    expect(run.reports.map((report) => report.transaction_id)).toEqual(frauds.map(({ tx }) => tx.transaction_id))
    for (const [i, report] of run.reports.entries()) {
      expect(report.report_time).toBe(marked!.tx.event_time + 5 * HOUR_MS)
      expect(report.report_time).toBe(frauds[i]!.truth.report_time)
      expect(report.amount_minor).toBe(frauds[i]!.tx.amount_minor)
      expect(report).toMatchObject({ claimed_type: 'VELOCITY_ABUSE', report_type: 'DISPUTE' })
    }
  })

  test('leaves everything else alone', () => {
    const others = run.labelled.filter(({ truth }) => !truth.is_fraud)
    expect(others).toHaveLength(run.totals.consumed - 1)
    for (const { truth } of others) {
      expect(truth).toMatchObject({ fraud_type: 'NONE', campaign_id: null, report_time: null, loss_minor: 0 })
    }
    expect(run.totals).toMatchObject({ transactions: run.transactions.length, fraud: 3, byType: { VELOCITY_ABUSE: 3 } })
  })
})

/** Pays 400 and 40,000 rupees, of which there are fewer, and has both given back. */
const givenBack: FraudMethod = {
  ...overcharge,
  fraud: {
    eligible: (tx, { account }) => tx.amount_minor === 10_000 && account.seen > 2,
    begin: (_tx, { nowMs }) => ({ startMs: nowMs + HOUR_MS, modus: 'PROMO_BOT', compromiseMs: null }),
    steps: ({ startMs }) => {
      const shape = 'UPI/QR/AUTHORISATION'
      const pay = (minutes: number, name: string, amountMinor: number) => {
        const step = { atMs: startMs + minutes * MINUTE_MS, sequence: minutes, shape, amountMinor, change: {} }
        return [
          payment({ ...step, phase: 'paid', shortage: 'decline', keptAs: name }),
          payment({ ...step, atMs: step.atMs + HOUR_MS, phase: 'back', undoes: name }),
        ]
      }
      return inOrder([...pay(1, 'large', 4_000_000), ...pay(2, 'small', 40_000)])
    },
  },
}

test('a refund undoes what the campaign paid, with the fields of one; of what was refused there is none', () => {
  const frauds = campaignOf(givenBack).labelled.filter(({ truth }) => truth.is_fraud)
  expect(frauds.map(({ tx, truth }) => [truth.campaign_phase, truth.phase_seq, tx.status_response.status])).toEqual([
    ['paid', 1, 'DECLINED'],
    ['paid', 2, 'APPROVED'],
    ['back', 1, 'APPROVED'],
  ])
  const [, paid, back] = frauds
  expect(back!.tx).toMatchObject({
    event_type: 'REFUND',
    original_transaction_id: paid!.tx.transaction_id,
    account_id: paid!.tx.account_id,
    amount_minor: paid!.tx.amount_minor,
    balance_after_minor: paid!.tx.balance_after_minor! + paid!.tx.amount_minor,
    authentication_method: 'NONE',
    device_id: null,
    lat: null,
  })
})

test('a record under a key that is not its customer is refused, and nothing comes of it', () => {
  const run = new InjectorRun(injectorSettings('framework'))
  const tx = new GenuineCustomer(7, 100).pay(NOON_MS, 20)
  expect(() => run.genuine({ ...tx, customer_id: 'CUST000000x' })).toThrow(PoisonError)
  expect(run.transactions).toHaveLength(0)
  expect(run.totals.consumed).toBe(0)
})
