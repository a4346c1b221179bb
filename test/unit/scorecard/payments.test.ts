import { describe, expect, test } from 'vitest'
import { featureNames, Payments } from '#infra/scorecard/payments.ts'
import type { FraudReport, GroundTruth, Severity, Transaction } from '#schemas/types.ts'
import { genuineTruth } from '#services/fraud-injector/truth.ts'
import { encodeFeatures } from '#services/scorer/features.ts'
import { HOUR_MS } from '#services/time.ts'
import { NOON, transaction } from '../scorer/helpers.ts'

const report = (tx: Transaction, hours: number, overrides: Partial<FraudReport> = {}): FraudReport => ({
  report_id: `R${hours}`,
  transaction_id: tx.transaction_id,
  customer_id: tx.customer_id,
  report_time: tx.event_time + hours * HOUR_MS,
  transaction_time: tx.event_time,
  merchant_id: tx.merchant_id,
  report_type: 'DISPUTE',
  claimed_type: 'STOLEN_CARD',
  amount_minor: tx.amount_minor,
  recovered_minor: 0,
  version: 1,
  ...overrides,
})

const truth = (tx: Transaction, overrides: Partial<GroundTruth> = {}): GroundTruth => ({
  ...genuineTruth(tx, 'seed'),
  ...overrides,
})

const features = (first: number): Uint8Array => encodeFeatures(Float64Array.from(featureNames, (_, i) => first + i))

function paymentsOf(...transactions: Transaction[]): Payments {
  const payments = new Payments()
  for (const tx of transactions) payments.transaction(tx)
  return payments
}

describe('labels as they became known', () => {
  const [early, late, never] = [transaction(), transaction(), transaction()]
  const payments = paymentsOf(early, late, never)
  payments.report(report(early, 2))
  payments.report(report(late, 50))
  const rows = Uint32Array.of(2, 1, 0)

  test('are those reported by the cut, and none later', () => {
    expect([...payments.reportedBy(NOON + HOUR_MS, rows)]).toEqual([0, 0, 0])
    expect([...payments.reportedBy(NOON + 2 * HOUR_MS, rows)]).toEqual([0, 0, 1])
    expect([...payments.reportedBy(NOON + 50 * HOUR_MS, rows)]).toEqual([0, 1, 1])
  })

  test('follow the newest report by then', () => {
    const tx = transaction()
    const revised = paymentsOf(tx)
    revised.report(report(tx, 2))
    revised.report(report(tx, 10, { version: 2, claimed_type: 'NONE' }))
    expect([...revised.reportedBy(NOON + 9 * HOUR_MS, Uint32Array.of(0))]).toEqual([1])
    expect([...revised.reportedBy(NOON + 10 * HOUR_MS, Uint32Array.of(0))]).toEqual([0])
  })

  test('are not the truth', () => {
    const hidden = paymentsOf(never)
    hidden.truth(truth(never, { is_fraud: true, fraud_type: 'MULE_ACCOUNT', fraud_severity: 'HIGH' }))
    expect([...hidden.frauds(Uint32Array.of(0))]).toEqual([1])
    expect([...hidden.reportedBy(Number.POSITIVE_INFINITY, Uint32Array.of(0))]).toEqual([0])
  })
})

test('what its buyer could dispute is an approved purchase online of 300 to 80,000 rupees', () => {
  const online = { payment_rail: 'UPI', channel: 'MOBILE_APP', event_type: 'AUTHORISATION' } as const
  const payments = paymentsOf(
    transaction({ ...online, amount_minor: 30_000 }),
    transaction({ ...online, amount_minor: 29_900 }),
    transaction({ ...online, amount_minor: 8_000_100 }),
    transaction({ ...online, amount_minor: 30_000, channel: 'QR' }),
    transaction({ ...online, amount_minor: 30_000, status_response: { status: 'DECLINED', response_code: 'U30' } }),
  )
  expect(payments.disputable).toEqual([1, 0, 0, 0, 0])
})

test('features keep their payment, however many there are and in whatever order they come', () => {
  const transactions = Array.from({ length: 3_000 }, () => transaction())
  const payments = paymentsOf(...transactions)
  for (const [row, tx] of [...transactions.entries()].reverse()) payments.features(tx.transaction_id, features(row))
  for (const row of [0, 1, 1_023, 1_024, 2_999]) {
    expect([...payments.row(row)]).toEqual(featureNames.map((_, i) => row + i))
  }
  const { names, values, labels } = payments.dataset(Uint32Array.of(7, 5), Uint8Array.of(1, 0))
  expect(names).toEqual(featureNames)
  expect([values[0], values[names.length]]).toEqual([7, 5])
  expect([...labels]).toEqual([1, 0])
})

test('a time holds the attempts to pay from its beginning to before its end; money that comes in is apart', () => {
  const at = (hours: number, event_type: Transaction['event_type'] = 'AUTHORISATION') =>
    transaction({ event_time: NOON + hours * HOUR_MS, event_type })
  const payments = paymentsOf(at(0), at(1), at(2), at(3), at(1, 'CREDIT'), at(1, 'TRANSFER'))
  expect([...payments.within(NOON + HOUR_MS, NOON + 3 * HOUR_MS)]).toEqual([1, 2, 5])
  expect([...payments.within(NOON + HOUR_MS, NOON + 3 * HOUR_MS, 0)]).toEqual([4])
})

const alertOn = (severity: Severity, ...cause: Transaction[]) => ({
  severity,
  transactions: cause.map(({ transaction_id, event_time }) => ({ transaction_id, event_time })),
})

test('an alert counts for all payments of its cause', () => {
  const [first, second, other] = [transaction(), transaction(), transaction()]
  const payments = paymentsOf(first, second, other)
  payments.alert(alertOn('LOW', first))
  payments.alert(alertOn('MEDIUM', first, second))
  expect(payments.alerts).toEqual([2, 2, 0])
})

test('the worst alert counts; a double is one only when it is no fraud', () => {
  const [tx, other] = [transaction(), transaction()]
  const payments = paymentsOf(tx, other)
  payments.alert(alertOn('HIGH', tx))
  payments.alert(alertOn('LOW', tx))
  payments.truth(truth(tx, { benign_twin_of: 'STOLEN_CARD' }))
  payments.truth(truth(other, { is_fraud: true, fraud_type: 'STOLEN_CARD', benign_twin_of: 'STOLEN_CARD' }))
  expect(payments.alerts).toEqual([3, 0])
  expect(payments.twins).toEqual([1, 0])
})

test('what belongs to no payment, and a payment without truth or features, are mistakes', () => {
  const tx = transaction()
  const payments = paymentsOf(tx)
  expect(() => payments.alert(alertOn('LOW', transaction({ transaction_id: 'T-unknown' })))).toThrow(
    'nothing is known of transaction T-unknown',
  )
  payments.truth(truth(tx))
  expect(() => payments.checkComplete()).toThrow('1 payments, but 1 truths and 0 rows of features')
  payments.features(tx.transaction_id, features(0))
  expect(() => payments.checkComplete()).not.toThrow()
})
