import type { CustomerEvent } from '#schemas/types.ts'
import { customerId, eventId, mix } from '../market/identifiers.ts'
import { Random, type StreamKey } from '../random.ts'
import { SECOND_MS } from '../time.ts'
import { deviceOf } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { devices, type Payment } from './payment.ts'
import type { Population } from './population.ts'

const random = new Random()
const PHONE_BOUND = 0
const PAYEE_ADDED = 1

/** A phone is bound, and a payee added, some seconds before the first payment that needs it. */
export function* eventsBefore(
  p: Payment,
  people: Population,
  ledger: Ledger,
  identity: number,
  key: StreamKey,
  intendedAtMs: number | null,
): Iterable<CustomerEvent> {
  const customer = people.number[p.row]!
  const device = deviceOf(customer, devices.PHONE, ledger.phone[p.row]!, identity)
  const event = (kind: number, before: number): CustomerEvent => {
    random.at(key, customer, mix(p.timeMs & 0x7fffffff, kind))
    const timeMs = p.timeMs - random.integer(before, 4 * before)
    return {
      event_id: eventId(timeMs, random),
      customer_id: customerId(customer),
      event_type: kind === PHONE_BOUND ? 'DEVICE_BOUND' : 'PAYEE_ADDED',
      event_time: timeMs,
      device_id: device,
      details: kind === PAYEE_ADDED && p.payee !== null ? { payee_id: p.payee } : {},
      intended_at: intendedAtMs,
    }
  }
  if (p.newPhone) yield event(PHONE_BOUND, 30 * SECOND_MS)
  if (p.newPayee) yield event(PAYEE_ADDED, 2 * SECOND_MS)
}
