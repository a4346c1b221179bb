import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { distanceKm } from '#services/market/cities.ts'
import { limitMinor, limits } from '#services/market/limits.ts'
import { isInward, signedAmountMinor } from '#services/market/statement.ts'
import { civilDay } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const seeds = ['alpha', 'beta', 'gamma']
const streams = seeds.map((seed) => simulate(scenario({ seed, population: { customers: 500 } }), 0, 40))

function byKey(records: readonly Transaction[], key: (tx: Transaction) => string): Transaction[][] {
  const groups = new Map<string, Transaction[]>()
  for (const tx of records) {
    const group = groups.get(key(tx))
    if (group === undefined) groups.set(key(tx), [tx])
    else group.push(tx)
  }
  return [...groups.values()]
}

describe.each(seeds.map((seed, index) => [seed, streams[index]!.transactions] as const))(
  'seed %s',
  (_, transactions) => {
    test('each account is a statement that adds up', () => {
      let steps = 0
      for (const account of byKey(transactions, (tx) => tx.account_id)) {
        for (let i = 1; i < account.length; i++) {
          const [before, tx] = [account[i - 1]!, account[i]!]
          if (tx.balance_after_minor === null) continue
          if (before.balance_after_minor! + signedAmountMinor(tx) !== tx.balance_after_minor) {
            expect.fail(`account ${tx.account_id} does not add up at ${tx.transaction_id}`)
          }
          steps++
        }
      }
      expect(steps).toBeGreaterThan(20_000)
    })

    test('no customer moves more on a civil day than UPI and cash machines allow', () => {
      const approved = transactions.filter((tx) => tx.status_response.status === 'APPROVED')
      const sum = (records: readonly Transaction[]) => records.reduce((total, tx) => total + tx.amount_minor, 0)
      let days = 0
      for (const day of byKey(approved, (tx) => `${tx.customer_id}/${civilDay(tx.event_time)}`)) {
        const sent = day.filter((tx) => tx.payment_rail === 'UPI' && tx.event_type === 'TRANSFER')
        expect(sum(sent)).toBeLessThanOrEqual(limits.upiTransferDayMinor)
        expect(sent.length).toBeLessThanOrEqual(limits.upiTransfersDay)
        expect(sum(day.filter((tx) => tx.event_type === 'CASH_WITHDRAWAL'))).toBeLessThanOrEqual(limits.atmDayMinor)
        days++
      }
      expect(days).toBeGreaterThan(5_000)
    })

    test('no balance is below its floor, no payment without the money approved', () => {
      for (const tx of transactions) {
        if (tx.balance_after_minor !== null && tx.balance_after_minor < 0) expect.fail(tx.transaction_id)
        if (tx.credit_utilisation !== null && (tx.credit_utilisation < 0 || tx.credit_utilisation > 1))
          expect.fail(tx.transaction_id)
      }
    })

    test('a decline for want of money follows from the balance', () => {
      const broke = transactions.filter((tx) => ['Z9', '51'].includes(tx.status_response.response_code))
      expect(broke.length).toBeGreaterThan(50)
      for (const tx of broke) expect(tx.amount_minor).toBeGreaterThan(tx.balance_after_minor!)
    })

    test('an account belongs to one customer, and amounts are whole paise within the rail’s limit', () => {
      for (const account of byKey(transactions, (tx) => tx.account_id)) {
        expect(new Set(account.map((tx) => tx.customer_id)).size).toBe(1)
      }
      for (const tx of transactions) {
        if (!Number.isSafeInteger(tx.amount_minor) || tx.amount_minor < 100) expect.fail(`${tx.amount_minor}`)
        if (!isInward(tx.event_type) && tx.amount_minor > limitMinor(tx.payment_rail, tx.category, tx.event_time))
          expect.fail(`${tx.payment_rail} ${tx.amount_minor}`)
      }
    })

    test('nobody is in two places: on the spot no one moves faster than a flight', () => {
      for (const customer of byKey(
        transactions.filter((tx) => tx.lat !== null),
        (tx) => tx.customer_id,
      )) {
        for (let i = 1; i < customer.length; i++) {
          const [a, b] = [customer[i - 1]!, customer[i]!]
          const km = distanceKm(a.lat!, a.lon!, b.lat!, b.lon!)
          const hours = (b.event_time - a.event_time) / 3_600_000
          // Two ends of one shopping street are no journey.
          if (km > 3 && km / hours > 800) expect.fail(`${km} km in ${hours} h by ${a.customer_id}`)
        }
      }
    })

    test('the accounts do not run dry: declines for want of money stay below one in twenty', () => {
      const last = transactions.slice(-Math.floor(transactions.length / 4))
      const broke = last.filter((tx) => ['Z9', '51'].includes(tx.status_response.response_code))
      expect(broke.length / last.length).toBeLessThan(0.05)
    })
  },
)

test('bills paid arrive on the card account, and phones and payees come before they are used', () => {
  const { transactions, events } = streams[0]!
  const received = transactions.filter((tx) => tx.subcategory === 'Bill payment received')
  expect(received.length).toBeGreaterThan(20)
  const bound = events.filter((event) => event.event_type === 'DEVICE_BOUND')
  expect(bound.length).toBeGreaterThan(3)
  const firstUse = new Map<string, number>()
  for (const tx of transactions) {
    if (tx.device_id !== null && !firstUse.has(tx.device_id)) firstUse.set(tx.device_id, tx.event_time)
  }
  for (const event of bound) {
    const used = firstUse.get(event.device_id!)
    if (used !== undefined) expect(used).toBeGreaterThan(event.event_time)
  }
  const added = events.filter((event) => event.event_type === 'PAYEE_ADDED')
  expect(added.every((event) => event.details.payee_id?.startsWith('PAY'))).toBe(true)
})
