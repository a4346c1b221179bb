import { expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { type Account, newAccount } from '#services/fraud-injector/account.ts'
import { adjust, book } from '#services/fraud-injector/statement.ts'
import { subcategories } from '#services/market/statement.ts'
import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS } from '../../helpers/genuine.ts'

/** A customer with 10,000 rupees of whose account fraud has taken 9,000, which the producer does not know. */
function robbed(): { account: Account; customer: GenuineCustomer; next: (tx: Transaction) => Transaction } {
  const account = newAccount(7)
  const customer = new GenuineCustomer(7, 10_100)
  const next = (tx: Transaction) => adjust(account, tx, tx)
  const first = next(customer.pay(NOON_MS, 100))
  book(account.statements[first.account_id]!, -900_000)
  return { account, customer, next }
}

test('an account that nobody touched passes unchanged', () => {
  const account = newAccount(7)
  const genuine = new GenuineCustomer(7, 100).pay(NOON_MS, 20)
  expect(adjust(account, genuine, genuine)).toBe(genuine)
})

test('later balances are lower by what is gone', () => {
  const { customer, next } = robbed()
  expect(next(customer.pay(NOON_MS + MINUTE_MS, 400)).balance_after_minor).toBe(60_000)
  expect(next(customer.receive(NOON_MS + HOUR_MS, 50)).balance_after_minor).toBe(65_000)
})

test('a payment for which the money is gone fails as for insufficient funds, and the next one is right again', () => {
  const { customer, next } = robbed()
  const refused = next(customer.pay(NOON_MS + MINUTE_MS, 1_500))
  expect(refused.status_response).toEqual({ status: 'DECLINED', response_code: 'Z9' })
  expect(refused.balance_after_minor).toBe(100_000)
  expect(next(customer.pay(NOON_MS + HOUR_MS, 300))).toMatchObject({
    status_response: { status: 'APPROVED' },
    balance_after_minor: 70_000,
  })
})

test('a card answers 51, and earns no points on what failed', () => {
  const { customer, next } = robbed()
  const card = { payment_rail: 'DEBIT_CARD', channel: 'POS', loyalty_points_delta: 15 } as const
  expect(next(customer.pay(NOON_MS + MINUTE_MS, 1_500, card))).toMatchObject({
    status_response: { response_code: '51' },
    loyalty_points_delta: 0,
  })
})

test('the refund of a payment that failed fails too; the refund of one that went through does not', () => {
  const { customer, next } = robbed()
  const paid = next(customer.pay(NOON_MS + MINUTE_MS, 200))
  const failed = next(customer.pay(NOON_MS + 2 * MINUTE_MS, 1_500))
  const refund = (rupees: number, original: Transaction) =>
    next(
      customer.pay(NOON_MS + HOUR_MS, rupees, {
        event_type: 'REFUND',
        original_transaction_id: original.transaction_id,
      }),
    )
  const declined = { status_response: { status: 'DECLINED' }, balance_after_minor: 80_000 }
  expect(refund(1_000, failed)).toMatchObject(declined)
  expect(refund(500, failed)).toMatchObject(declined)
  expect(refund(200, paid)).toMatchObject({ status_response: { status: 'APPROVED' }, balance_after_minor: 100_000 })
})

test('a card bill that could not be paid does not arrive', () => {
  const { customer, next } = robbed()
  const bill = { category: 'LOANS_CARDS', event_type: 'BILL_PAYMENT' } as const
  expect(next(customer.pay(NOON_MS + MINUTE_MS, 4_000, bill)).status_response.status).toBe('DECLINED')
  const card = {
    account_id: 'AC1',
    payment_rail: 'CREDIT_CARD',
    event_type: 'CREDIT',
    category: 'LOANS_CARDS',
    channel: 'NET_BANKING',
    credit_utilisation: 0.4,
  } as const
  const arrived = { ...customer.pay(NOON_MS + HOUR_MS, 4_000, card), balance_after_minor: 6_000_000 }
  expect(next(arrived)).toMatchObject({ status_response: { status: 'DECLINED' }, balance_after_minor: 5_600_000 })
})

test('a load that could not be paid does not arrive', () => {
  const { customer, next } = robbed()
  const load = { category: 'TRANSFER', subcategory: subcategories.LITE_LOAD } as const
  expect(next(customer.transfer(NOON_MS + MINUTE_MS, 1_500, load)).status_response.status).toBe('DECLINED')
  const lite = { account_id: 'AC4', payment_rail: 'UPI_LITE', ...load } as const
  const arrived = { ...customer.receive(NOON_MS + HOUR_MS, 1_500, lite), balance_after_minor: 180_000 }
  expect(next(arrived)).toMatchObject({ status_response: { status: 'DECLINED' }, balance_after_minor: 30_000 })
})

test('what a credit account uses of its limit follows its balance', () => {
  const account = newAccount(7)
  const customer = new GenuineCustomer(7, 0)
  const charge = (atMs: number, freeRupees: number) => {
    const card = { account_id: 'AC1', payment_rail: 'CREDIT_CARD', channel: 'POS' } as const
    const used = Math.fround(1 - freeRupees / 50_000)
    const tx = { ...customer.receive(atMs, 100, card), balance_after_minor: freeRupees * 100, credit_utilisation: used }
    return adjust(account, tx, tx)
  }
  charge(NOON_MS, 40_000)
  book(account.statements.AC1!, -1_000_000)
  const after = charge(NOON_MS + HOUR_MS, 41_000)
  expect(after.balance_after_minor).toBe(3_100_000)
  expect(after.credit_utilisation).toBe(Math.fround(1 - 31_000 / 50_000))
})
