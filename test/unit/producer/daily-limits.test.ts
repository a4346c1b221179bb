import { describe, expect, test } from 'vitest'
import { limits } from '#services/market/limits.ts'
import { beyondDailyLimit, useDailyLimit } from '#services/producer/daily-limits.ts'
import { Ledger } from '#services/producer/ledger.ts'
import { Payment } from '#services/producer/payment.ts'
import type { Scene } from '#services/producer/scene.ts'
import { DAY_MS } from '#services/time.ts'

const noon = Date.UTC(2025, 9, 20, 6)

function payment(over: Partial<Payment>): Payment {
  return Object.assign(new Payment(), { timeMs: noon, rail: 'UPI', eventType: 'TRANSFER', channel: 'MOBILE_APP' }, over)
}

function customer(): { try: (over: Partial<Payment>) => string | null } {
  const scene = { ledger: new Ledger(1), row: 0 } as Scene
  return {
    try: (over) => {
      const out = payment(over)
      const code = beyondDailyLimit(out, scene)
      if (code === null) useDailyLimit(out, scene)
      return code
    },
  }
}

describe('UPI to people', () => {
  test('is refused beyond a lakh a day, and again possible tomorrow', () => {
    const someone = customer()
    const half = limits.upiTransferDayMinor / 2
    expect(someone.try({ amountMinor: half })).toBeNull()
    expect(someone.try({ amountMinor: half + 1 })).toBe('Z8')
    expect(someone.try({ amountMinor: half })).toBeNull()
    expect(someone.try({ amountMinor: 100 })).toBe('Z8')
    expect(someone.try({ amountMinor: 2 * half, timeMs: noon + DAY_MS })).toBeNull()
  })

  test('is refused beyond the number of transfers a day', () => {
    const someone = customer()
    for (let n = 0; n < limits.upiTransfersDay; n++) expect(someone.try({ amountMinor: 100 })).toBeNull()
    expect(someone.try({ amountMinor: 100 })).toBe('Z7')
    expect(someone.try({ amountMinor: 100, timeMs: noon + DAY_MS })).toBeNull()
  })

  test('payments to merchants do not count', () => {
    const someone = customer()
    expect(someone.try({ amountMinor: 3 * limits.upiTransferDayMinor, eventType: 'AUTHORISATION' })).toBeNull()
    expect(someone.try({ amountMinor: limits.upiTransferDayMinor })).toBeNull()
  })
})

test('cash is refused beyond what a day allows', () => {
  const someone = customer()
  const cash = { rail: 'DEBIT_CARD', eventType: 'CASH_WITHDRAWAL', channel: 'ATM' } as const
  expect(someone.try({ ...cash, amountMinor: limits.atmDayMinor - 50_000 })).toBeNull()
  expect(someone.try({ ...cash, amountMinor: 50_100 })).toBe('61')
  expect(someone.try({ ...cash, amountMinor: 50_000 })).toBeNull()
  expect(someone.try({ amountMinor: limits.upiTransferDayMinor })).toBeNull()
})
