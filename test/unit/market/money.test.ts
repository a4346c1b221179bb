import { describe, expect, test } from 'vitest'
import type { Channel, PaymentRail } from '#schemas/types.ts'
import { roundCash, roundGift, roundOffline, roundOnline, roundTransfer } from '#services/market/amounts.ts'
import { issuerIndex } from '#services/market/issuers.ts'
import { limitMinor, limits } from '#services/market/limits.ts'
import { approved, declined, drawDecline, insufficientFundsCode } from '#services/market/responses.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { Random, streamKey } from '#services/random.ts'

const random = new Random().at(streamKey('seed', 'money'), 1, 1)
const share = (amounts: readonly number[], test: (paise: number) => boolean) =>
  amounts.filter(test).length / amounts.length
const amounts = (round: (rupees: number) => number) =>
  Array.from({ length: 5000 }, () => round(random.lognormal(400, 1)))

describe('price points', () => {
  test('shops round to ten rupees seven times of ten', () => {
    expect(
      share(
        amounts((x) => roundOffline(x, random)),
        (paise) => paise % 1000 === 0,
      ),
    ).toBeCloseTo(0.73, 1)
  })

  test('online shops end in nine more often than by chance', () => {
    expect(
      share(
        amounts((x) => roundOnline(x, random)),
        (paise) => paise % 1000 === 900,
      ),
    ).toBeGreaterThan(0.35)
  })

  test('transfers are hundreds more often than not', () => {
    const large = amounts((x) => roundTransfer(x + 100, random))
    expect(share(large, (paise) => paise % 10_000 === 0)).toBeGreaterThan(0.55)
  })

  test('ATMs pay what their notes allow, gifts end in one or are auspicious', () => {
    expect(
      share(
        amounts((x) => roundCash(x, random)),
        (paise) => paise % 10_000 === 0,
      ),
    ).toBe(1)
    expect(roundGift(480)).toBe(50_100)
  })

  test('nothing is below a rupee', () => {
    for (const round of [roundOffline, roundOnline, roundTransfer, roundCash])
      expect(round(0.001, random)).toBeGreaterThanOrEqual(100)
  })
})

describe('limits', () => {
  const now = Date.UTC(2025, 9, 6)

  test('UPI carried less before the middle of September 2025', () => {
    const midnight = Date.UTC(2025, 8, 14, 18, 30)
    expect(limitMinor('UPI', 'INSURANCE', midnight - 1)).toBe(20_000_000)
    expect(limitMinor('UPI', 'INSURANCE', midnight)).toBe(50_000_000)
    expect(limitMinor('UPI', 'JEWELLERY', midnight - 1)).toBe(10_000_000)
    expect(limitMinor('UPI', 'GROCERIES', midnight - 1)).toBe(10_000_000)
  })

  test('UPI carries a lakh, five for tax and insurance, two for jewellery', () => {
    expect(limitMinor('UPI', 'GROCERIES', now)).toBe(10_000_000)
    expect(limitMinor('UPI', 'INSURANCE', now)).toBe(50_000_000)
    expect(limitMinor('UPI', 'JEWELLERY', now)).toBe(20_000_000)
    expect(limitMinor('CREDIT_CARD', 'GROCERIES', now)).toBe(Number.POSITIVE_INFINITY)
    expect(limits.contactlessMinor).toBe(500_000)
  })
})

describe('answers', () => {
  const drawn = (rail: PaymentRail, channel: Channel, bank: string, outage = 0) =>
    Array.from({ length: 20_000 }, () => drawDecline(rail, channel, issuerIndex(bank), outage, random)).filter(
      (code) => code !== null,
    )
  const technical = (codes: readonly string[]) => codes.filter((code) => ['UB', 'UP', '91', '96'].includes(code)).length

  test('cash is never declined; UPI is, by bank', () => {
    expect(drawn('CASH', 'POS', 'SBIN', 1)).toEqual([])
    expect(drawn('UPI', 'QR', '????').length / 20_000).toBeCloseTo(0.061, 2)
    expect(drawn('UPI', 'QR', 'AIRP').length).toBeGreaterThan(1.6 * drawn('UPI', 'QR', 'SBIN').length)
    expect(technical(drawn('UPI', 'QR', 'BKID')) / 20_000).toBeCloseTo(0.03, 2)
    expect(technical(drawn('UPI', 'QR', 'HDFC'))).toBeLessThan(20)
  })

  test('a bank that is down refuses its share for technical reasons, but not what a wallet holds', () => {
    expect(technical(drawn('UPI', 'QR', 'HDFC', 0.4)) / 20_000).toBeCloseTo(0.4, 1)
    expect(technical(drawn('DEBIT_CARD', 'ATM', 'HDFC', 0.4)) / 20_000).toBeCloseTo(0.42, 1)
    expect(drawn('PREPAID_WALLET', 'QR', 'HDFC', 0.4).length / 20_000).toBeCloseTo(0.02, 2)
    expect(drawn('UPI_LITE', 'QR', 'HDFC', 0.4).length / 20_000).toBeCloseTo(0.007, 2)
  })

  test('nobody mistypes a PIN that nobody asks for', () => {
    for (const [rail, channel] of [
      ['UPI', 'AUTOPAY'],
      ['UPI_LITE', 'QR'],
    ] as const) {
      expect(drawn(rail, channel, 'IPOS').length).toBeGreaterThan(50)
      expect(drawn(rail, channel, 'IPOS')).not.toContain('ZM')
    }
    expect(drawn('UPI', 'QR', 'IPOS')).toContain('ZM')
    expect(drawn('CREDIT_CARD', 'ECOM', 'HDFC')).not.toContain('55')
  })

  test('missing money has its code by rail', () => {
    expect(insufficientFundsCode('UPI', 'QR')).toBe('Z9')
    expect(insufficientFundsCode('DEBIT_CARD', 'ATM')).toBe('51')
  })
})

describe('what a record does to its account', () => {
  const tx = { event_type: 'AUTHORISATION', amount_minor: 500, payment_rail: 'UPI', status_response: approved } as const

  test.each([
    [tx, -500],
    [{ ...tx, event_type: 'CREDIT' } as const, 500],
    [{ ...tx, event_type: 'REFUND' } as const, 500],
    [{ ...tx, status_response: declined('Z9') }, 0],
    [{ ...tx, payment_rail: 'CASH' } as const, 0],
  ])('%#', (record, change) => expect(signedAmountMinor(record)).toBe(change))
})
