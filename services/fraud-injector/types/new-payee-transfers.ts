import { limits } from '../../market/limits.ts'
import type { Random } from '../../random.ts'
import { civilDay, SECOND_MS } from '../../time.ts'
import type { Account } from '../account.ts'
import type { Step } from '../method.ts'
import { event, payment } from '../steps.ts'

export const UPI_SHAPE = 'UPI/MOBILE_APP/TRANSFER'
const BANK_SHAPES = ['IMPS/MOBILE_APP/TRANSFER', 'NEFT/NET_BANKING/TRANSFER']
export const transferShapes = [UPI_SHAPE, ...BANK_SHAPES]

/** A bank lets a customer send so much without asking for more, as it does genuine ones. */
const FREE_MINOR = 10_000_000

/** Less than this is not asked for on the same day again, paise. */
const ROOM_MIN = 100_000

/** One transfer that is wanted. */
export interface Wanted {
  readonly atMs: number
  readonly phase: string
  readonly amountMinor: number
  readonly payeeId: string
}

/** Seconds before the payment at which its customer does each, as genuine customers do; in this order. */
const before = { LOGIN: [8.5, 11.5], LIMIT_RAISED: [6.5, 8], PAYEE_ADDED: [2, 6] } as const

/**
 * Transfers that the customer makes, by one of these shapes, with what has to be done first: a login where a bank asks
 * for one, a higher limit, a payee added the first time. By UPI what it carries, and as much as it carries on a day; by
 * bank what is more, if the customer has that.
 */
export function transfersTo(
  wanted: readonly Wanted[],
  shapes: readonly string[],
  account: Account,
  random: Random,
): Step[] {
  const added = new Set<string>()
  const byUpi = new Map<number, number>()
  let allowedMinor = FREE_MINOR
  return wanted.flatMap(({ atMs, phase, amountMinor: wantedMinor, payeeId: payee_id }) => {
    const shape = shapeFor(wantedMinor, shapes, random)
    const used = byUpi.get(civilDay(atMs)) ?? 0
    const roomMinor = shape === UPI_SHAPE ? limits.upiTransferDayMinor - used : wantedMinor
    if (roomMinor < Math.min(wantedMinor, ROOM_MIN)) return []
    const amountMinor = Math.min(wantedMinor, roomMinor)
    if (shape === UPI_SHAPE) byUpi.set(civilDay(atMs), used + amountMinor)
    const { device_id: deviceId, channel } = account.templates[shape]!
    const first = (eventType: keyof typeof before, details: Record<string, string>): Step => {
      const [from, to] = before[eventType]
      const aheadMs = random.integer(from * SECOND_MS, to * SECOND_MS)
      return event({ atMs: atMs - aheadMs, eventType, deviceId, details })
    }
    const steps: Step[] = []
    if (shape !== UPI_SHAPE) {
      steps.push(first('LOGIN', { channel }))
      if (amountMinor > allowedMinor) steps.push(first('LIMIT_RAISED', {}))
      allowedMinor = Math.max(allowedMinor, amountMinor)
    }
    if (!added.has(payee_id)) steps.push(first('PAYEE_ADDED', { payee_id }))
    added.add(payee_id)
    return [...steps, payment({ atMs, phase, sequence: 1, shape, amountMinor, change: { payee_id } })]
  })
}

function shapeFor(amountMinor: number, shapes: readonly string[], random: Random): string {
  const banks = shapes.filter((shape) => shape !== UPI_SHAPE)
  const upi = shapes.includes(UPI_SHAPE)
  return upi && (amountMinor <= limits.upiTransferDayMinor || banks.length === 0) ? UPI_SHAPE : random.pick(banks)
}
