import type { Transaction } from '#schemas/types.ts'
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

export const dice = (seed: string): Random => new Random().at(streamKey(seed, 'dice'), 0, 0)
