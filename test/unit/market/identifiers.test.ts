import { describe, expect, test } from 'vitest'
import {
  accountId,
  customerId,
  customerNumber,
  deviceId,
  instrumentToken,
  ipPrefix,
  mix,
  payeeId,
  retrievalReference,
  traceNumber,
  transactionId,
} from '#services/market/identifiers.ts'
import { Random, streamKey } from '#services/random.ts'

const random = new Random().at(streamKey('seed', 'identifiers'), 1, 1)
const noon = Date.UTC(2025, 9, 20, 12)

describe('a transaction id', () => {
  test('is a ULID of its time', () => {
    const id = transactionId(noon, random)
    expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    expect([...id.slice(0, 10)].reduce((sum, digit) => sum * 32 + alphabet.indexOf(digit), 0)).toBe(noon)
  })

  test('sorts by time and differs within a millisecond', () => {
    const ids = [noon, noon + 1, noon + 2000].map((ms) => transactionId(ms, random))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(Array.from({ length: 10_000 }, () => transactionId(noon, random))).size).toBe(10_000)
  })
})

test('a retrieval reference begins with year, day of the year and hour', () => {
  expect(retrievalReference(noon, random)).toMatch(/^529312\d{6}$/)
  expect(retrievalReference(Date.UTC(2026, 0, 1), random)).toMatch(/^600100\d{6}$/)
})

test('customer ids and their numbers', () => {
  expect(customerId(1)).toBe('CUST0000001')
  expect(customerId(9_999_999)).toBe('CUST9999999')
  for (const n of [1, 999, 1_000_000, 1_234_567]) expect(customerNumber(customerId(n))).toBe(n)
})

test('formats', () => {
  expect(traceNumber(random)).toMatch(/^\d{6}$/)
  expect(accountId(0xdeadbeef)).toMatch(/^AC[0-9a-f]{12}$/)
  expect(instrumentToken('CARD', 5)).toMatch(/^tok_[0-9a-f]{16}$/)
  expect(deviceId(7)).toMatch(/^D[0-9a-f]{12}$/)
  expect(payeeId(7)).toMatch(/^PAY[0-9a-f]{10}$/)
  expect(ipPrefix(random.uint32())).toMatch(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/)
})

test('mix maps words one to one for a second word', () => {
  const seen = new Set<number>()
  for (let n = 0; n < 100_000; n++) seen.add(mix(n, 42))
  expect(seen.size).toBe(100_000)
})
