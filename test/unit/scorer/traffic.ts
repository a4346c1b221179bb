import type { FraudReport, Transaction } from '#schemas/types.ts'
import { Random, streamKey } from '#services/random.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { NOON, transaction } from './helpers.ts'

const cities = ['Pune', 'Delhi', 'Jaipur'] as const
const later = 2 * DAY_MS

export const END = NOON + 20 * DAY_MS

/** Payments of some customers who share merchants, payees and devices; a few late, a few coming in. */
export function traffic(count: number, seed: string, customers = 12): Transaction[] {
  const random = new Random().at(streamKey(seed, 'traffic'), 0, 0)
  let time = NOON
  return Array.from({ length: count }, (_, i) => {
    time += random.chance(0.3) ? 0 : Math.floor(random.exponential() * 4 * MINUTE_MS)
    const isTransfer = random.chance(0.3)
    return transaction({
      transaction_id: `${seed}-${i}`,
      customer_id: `CUST000000${random.below(customers)}`,
      event_time: random.chance(0.05) ? time - random.below(later) : time,
      event_type: random.chance(0.05) ? 'CREDIT' : 'AUTHORISATION',
      amount_minor: random.integer(100, 500_000),
      merchant_id: isTransfer ? null : `MER${random.below(8)}`,
      payee_id: isTransfer && random.chance(0.9) ? `PAY${random.below(8)}` : null,
      device_id: random.chance(0.2) ? null : `DEV${random.below(15)}`,
      channel: random.chance(0.6) ? 'QR' : 'ECOM',
      city: random.chance(0.8) ? 'Pune' : random.pick(cities),
      status_response: { status: random.chance(0.2) ? 'DECLINED' : 'APPROVED', response_code: '00' },
      intended_at: random.chance(0.5) ? null : time + 1,
    })
  })
}

/** Of every seventh of these that has a merchant, up to five days later; every third of them is taken back again. */
export function reportsOf(payments: readonly Transaction[], seed: string): FraudReport[] {
  const random = new Random().at(streamKey(seed, 'reports'), 0, 0)
  const reported = payments.filter(({ merchant_id }, i) => merchant_id !== null && i % 7 === 0)
  return reported.flatMap(({ transaction_id, customer_id, merchant_id, event_time, amount_minor }, i) => {
    const report_time = event_time + MINUTE_MS + random.below(5 * DAY_MS)
    const about = { transaction_id, customer_id, merchant_id, transaction_time: event_time, amount_minor }
    const report = { ...about, report_id: `R${i}`, report_time, report_type: 'DISPUTE', recovered_minor: 0 } as const
    const first = { ...report, claimed_type: 'STOLEN_CARD', version: 1 } as const
    const again = { ...report, claimed_type: 'FRIENDLY_FRAUD', version: 2, report_time: report_time + DAY_MS } as const
    return i % 3 === 0 ? [first, again] : [first]
  })
}

export const dice = (seed: string): Random => new Random().at(streamKey(seed, 'dice'), 0, 0)
