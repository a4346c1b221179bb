import { expect, test } from 'vitest'
import { Comparable } from '#infra/scorecard/comparable.ts'
import { Payments } from '#infra/scorecard/payments.ts'
import type { FraudType, Transaction } from '#schemas/types.ts'
import { genuineTruth } from '#services/fraud-injector/truth.ts'
import { transaction } from '../scorer/helpers.ts'

const card = { payment_rail: 'CREDIT_CARD', channel: 'POS', event_type: 'AUTHORISATION' } as const
const transfer = { payment_rail: 'UPI', channel: 'MOBILE_APP', event_type: 'TRANSFER' } as const
const online = { payment_rail: 'UPI', channel: 'MOBILE_APP', event_type: 'AUTHORISATION' } as const

const payments = new Payments()
const values: number[] = []

/** The row of another payment, whose value is compared. */
function add(value: number, like: Partial<Transaction>, type: FraudType = 'NONE'): number {
  const tx = transaction({ amount_minor: 100_000, ...like })
  payments.transaction(tx)
  payments.truth({ ...genuineTruth(tx, 'seed'), is_fraud: type !== 'NONE', fraud_type: type })
  return values.push(value) - 1
}

for (let i = 0; i < 100; i++) {
  add(i, card)
  add(i - 200, transfer)
  if (i < 50) add(i + 1_000, online)
  if (i < 20) add(i + 5_000, { ...transfer, payment_rail: 'NEFT' })
}
const stolen = add(50, card, 'STOLEN_CARD')
const mule = add(50, transfer, 'MULE_ACCOUNT')
const structured = add(4_999, { ...transfer, payment_rail: 'NEFT' }, 'AMOUNT_MANIPULATION')
const friendly = add(1_025, online, 'FRIENDLY_FRAUD')
const rows = values.map((_, row) => row)
const found = new Comparable(payments, rows).wins(values)
const wins = (row: number): number => found[row]!

test('a fraud is held against genuine payments by the same rail', () => {
  expect(wins(stolen)).toBeCloseTo(0.505)
  expect(wins(mule)).toBeCloseTo(100 / 150)
})

test('where a rail has hardly any, against all of them', () => {
  expect(wins(structured)).toBeCloseTo(250 / 270)
})

test('friendly fraud is held against purchases that could be disputed', () => {
  expect(wins(friendly)).toBeCloseTo(25.5 / 50)
})
