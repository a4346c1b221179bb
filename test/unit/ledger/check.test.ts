import { describe, expect, test } from 'vitest'
import { type Invariant, LedgerCheck } from '#infra/ledger/check.ts'
import { ledgerTable } from '#infra/ledger/run.ts'
import type { Transaction } from '#schemas/types.ts'
import { limits } from '#services/market/limits.ts'
import { declined } from '#services/market/responses.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS } from '../../helpers/genuine.ts'
import { scenario } from '../../simulation/producer-world.ts'

/** Checks records after one that opens the account with 10 lakh rupees; answers which invariants were broken. */
function broken(records: (customer: GenuineCustomer) => readonly Transaction[]): Invariant[] {
  return Object.entries(checked(records).counts).flatMap(([name, n]) => (n > 0 ? [name as Invariant] : []))
}

function checked(records: (customer: GenuineCustomer) => readonly Transaction[]): LedgerCheck {
  const check = new LedgerCheck()
  const customer = new GenuineCustomer(7, 1_000_000)
  check.check(customer.pay(NOON_MS - HOUR_MS, 1))
  for (const tx of records(customer)) check.check(tx)
  return check
}

const refundOf = (tx: Transaction, fields: Partial<Transaction> = {}): Partial<Transaction> => ({
  event_type: 'REFUND',
  original_transaction_id: tx.transaction_id,
  merchant_id: tx.merchant_id,
  ...fields,
})
const atm = {
  event_type: 'CASH_WITHDRAWAL',
  channel: 'ATM',
  payment_rail: 'DEBIT_CARD',
  merchant_id: null,
  authentication_method: 'CHIP_PIN',
} as const

describe('a statement', () => {
  test('that adds up is held, with a refused payment in it and cash beside it', () => {
    const records = (customer: GenuineCustomer) => [
      customer.pay(NOON_MS, 250),
      customer.pay(NOON_MS + 1, 99, { status_response: declined('ZM') }),
      { ...customer.pay(NOON_MS + 2, 5, { payment_rail: 'CASH' }), balance_after_minor: null },
      customer.receive(NOON_MS + 3, 40),
    ]
    expect(broken(records)).toEqual([])
    expect(checked(records).checked.STATEMENT).toBe(3)
  })

  test('is broken by a paisa', () => {
    expect(
      broken((customer) => {
        const tx = customer.pay(NOON_MS, 250)
        return [{ ...tx, balance_after_minor: tx.balance_after_minor! + 1 }]
      }),
    ).toEqual(['STATEMENT'])
  })

  test('is broken by a refused payment that takes money, and by an approved one that takes none', () => {
    expect(broken((customer) => [{ ...customer.pay(NOON_MS, 250), status_response: declined('ZM') }])).toEqual([
      'STATEMENT',
    ])
    expect(broken((customer) => [{ ...customer.pay(NOON_MS, 250), balance_after_minor: 99_999_900 }])).toEqual([
      'STATEMENT',
    ])
  })
})

test('a balance below zero is caught', () => {
  const check = new LedgerCheck()
  check.check({ ...new GenuineCustomer(7, 10).pay(NOON_MS, 1), balance_after_minor: -1 })
  expect(check.counts).toMatchObject({ FLOOR: 1, STATEMENT: 0 })
})

describe('utilisation', () => {
  const card = (free: number, used: number, amount = 100): Partial<Transaction> => ({
    account_id: 'AC1',
    payment_rail: 'CREDIT_CARD',
    authentication_method: 'CHIP_PIN',
    amount_minor: amount,
    balance_after_minor: free,
    credit_utilisation: used,
  })
  const statement = (...rows: [free: number, used: number][]) =>
    broken(
      (customer) =>
        rows.map(([free, used], i) => ({
          ...customer.pay(NOON_MS + i, 1),
          ...card(free, used, i === 0 ? 100 : Math.abs(free - rows[i - 1]![0])),
          event_type: i > 0 && free > rows[i - 1]![0] ? 'REFUND' : 'AUTHORISATION',
          status_response: { status: 'APPROVED', response_code: '00' },
        })) as Transaction[],
    )

  test('that follows from the limit is held, in single precision too', () => {
    expect(statement([4_000_000, 0.2], [3_000_000, Math.fround(0.4)])).toEqual([])
  })

  test('of something else is caught', () => {
    expect(statement([4_000_000, 0.2], [3_000_000, 0.401])).toEqual(['UTILISATION'])
  })
})

describe('a refund', () => {
  const paid = (customer: GenuineCustomer) => customer.pay(NOON_MS, 250)

  test('of a purchase, in parts up to all of it, is held', () => {
    const records = (customer: GenuineCustomer) => {
      const tx = paid(customer)
      return [
        tx,
        customer.pay(NOON_MS + DAY_MS, 100, refundOf(tx)),
        customer.pay(NOON_MS + 2 * DAY_MS, 150, refundOf(tx)),
      ]
    }
    expect(broken(records)).toEqual([])
    expect(checked(records).checked.REFUND).toBe(2)
  })

  test('of more than the purchase, at once or in sum, is caught', () => {
    for (const parts of [[251], [100, 151]]) {
      expect(
        broken((customer) => {
          const tx = paid(customer)
          return [tx, ...parts.map((rupees, i) => customer.pay(NOON_MS + DAY_MS + i, rupees, refundOf(tx)))]
        }),
      ).toEqual(['REFUND'])
    }
  })

  test.each([
    ['names nothing', { original_transaction_id: null }],
    ['names what never was', { original_transaction_id: '01K60000000000000000999999' }],
    ['comes from another merchant', { merchant_id: 'MER0002' }],
    ['comes by another rail', { payment_rail: 'NET_BANKING' }],
  ] as const)('that %s is caught', (_, fields) => {
    expect(
      broken((customer) => {
        const tx = paid(customer)
        return [tx, customer.pay(NOON_MS + DAY_MS, 100, refundOf(tx, fields))]
      }),
    ).toEqual(['REFUND'])
  })

  test('of a payment that was refused, or that somebody else made, is caught', () => {
    expect(
      broken((customer) => {
        const tx = customer.pay(NOON_MS, 250, { status_response: declined('ZM') })
        return [tx, customer.pay(NOON_MS + DAY_MS, 100, refundOf(tx))]
      }),
    ).toEqual(['REFUND'])
    expect(
      broken((customer) => {
        const tx = new GenuineCustomer(8, 1_000).pay(NOON_MS, 250)
        return [tx, customer.pay(NOON_MS + DAY_MS, 100, refundOf(tx))]
      }),
    ).toEqual(['REFUND'])
  })

  test('is found behind hundreds of later payments', () => {
    expect(
      broken((customer) => {
        const tx = paid(customer)
        const later = Array.from({ length: 500 }, (_, i) => customer.pay(NOON_MS + i * HOUR_MS, 1))
        return [tx, ...later, customer.pay(NOON_MS + 30 * DAY_MS, 250, refundOf(tx))]
      }),
    ).toEqual([])
  })
})

describe('a limit', () => {
  const lakhs = limits.upiTransferDayMinor / 100

  test('is kept by a lakh a day to people, and as much on the next', () => {
    expect(
      broken((customer) => [customer.transfer(NOON_MS, lakhs), customer.transfer(NOON_MS + DAY_MS, lakhs)]),
    ).toEqual([])
  })

  test.each([
    [
      'a rupee more to people in a day',
      (c: GenuineCustomer) => [c.transfer(NOON_MS, lakhs), c.transfer(NOON_MS + MINUTE_MS, 1)],
    ],
    [
      'one transfer too many in a day',
      (c: GenuineCustomer) => Array.from({ length: limits.upiTransfersDay + 1 }, (_, i) => c.transfer(NOON_MS + i, 1)),
    ],
    ['a UPI payment over a lakh to a grocer', (c: GenuineCustomer) => [c.pay(NOON_MS, lakhs + 1)]],
    [
      'an RTGS of less than two lakh',
      (c: GenuineCustomer) => [c.transfer(NOON_MS, 100, { payment_rail: 'RTGS', authentication_method: 'OTP' })],
    ],
    ['a tap of more than 5,000 rupees', (c: GenuineCustomer) => [c.pay(NOON_MS, 5_001, { pos_entry_mode: '07' })]],
    ['more in UPI Lite than it may hold', (c: GenuineCustomer) => [c.pay(NOON_MS, 100, { payment_rail: 'UPI_LITE' })]],
    ['too much cash at once', (c: GenuineCustomer) => [c.pay(NOON_MS, limits.atmMinor / 100 + 100, atm)]],
    [
      'too much cash in a day',
      (c: GenuineCustomer) => Array.from({ length: 3 }, (_, i) => c.pay(NOON_MS + i, limits.atmMinor / 100, atm)),
    ],
  ])('is broken by %s', (_, records) => {
    expect(broken(records)).toEqual(['LIMIT'])
  })
})

describe('authentication', () => {
  const online = { payment_rail: 'CREDIT_CARD', channel: 'ECOM' } as const

  test('as rail and channel ask for it is held; nobody asks of cash, nor of what is refused', () => {
    const records = (customer: GenuineCustomer) => [
      customer.pay(NOON_MS, 250),
      customer.pay(NOON_MS + 1, 250, { ...online, authentication_method: 'OTP' }),
      customer.pay(NOON_MS + 2, 50, { payment_rail: 'CASH', authentication_method: 'NONE' }),
      customer.pay(NOON_MS + 3, 50, { ...online, authentication_method: 'NONE', status_response: declined('05') }),
    ]
    expect(broken(records)).toEqual([])
    // The payment that opens the account is one of three.
    expect(checked(records).checked.AUTHENTICATION).toBe(3)
  })

  test.each([
    ['a purchase online without a password', { ...online, authentication_method: 'NONE' }],
    ['a transfer without a PIN', { authentication_method: 'NONE' }],
    ['a mandate that a password was typed for', { channel: 'AUTOPAY', authentication_method: 'OTP' }],
    ['cash without a PIN', { ...atm, pos_entry_mode: '05', authentication_method: 'NO_CVM' }],
  ] as const)('is broken by %s', (_, fields) => {
    expect(broken((customer) => [customer.pay(NOON_MS, 100, fields)])).toEqual(['AUTHENTICATION'])
  })
})

describe('travel', () => {
  const delhi = { city: 'Delhi', lat: 28.6139, lon: 77.209 }

  test('in an aircraft is held, and so is what has no place', () => {
    expect(
      broken((customer) => [
        customer.pay(NOON_MS, 250),
        customer.pay(NOON_MS + 1, 250, { ...delhi, lat: null, lon: null }),
        customer.pay(NOON_MS + 2 * HOUR_MS, 250, delhi),
      ]),
    ).toEqual([])
  })

  test('of 1,200 kilometres within the hour is caught', () => {
    expect(broken((customer) => [customer.pay(NOON_MS, 250), customer.pay(NOON_MS + HOUR_MS, 250, delhi)])).toEqual([
      'TRAVEL',
    ])
  })
})

test('the table names what is broken, with the first records that break it', () => {
  const check = checked((customer) => [{ ...customer.pay(NOON_MS, 250), balance_after_minor: 5 }])
  const table = ledgerTable(scenario({ seed: 'planted' }), check)
  expect(table).toContain('seed planted')
  expect(table).toMatch(/BROKEN {2}each balance .* 1 not/)
  expect(table).toMatch(/STATEMENT 01K6\d{22}: 5 paise, expected 99974900/)
  expect(table).toMatch(/held {4}no balance is below zero/)
})
