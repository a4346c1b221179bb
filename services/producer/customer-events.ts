import type { CustomerEvent } from '#schemas/types.ts'
import { customerId, eventId, mix } from '../market/identifiers.ts'
import { Random, type StreamKey } from '../random.ts'
import { SECOND_MS } from '../time.ts'
import { deviceOf } from './identity.ts'
import type { Ledger } from './ledger.ts'
import { devices, type Payment } from './payment.ts'
import type { Population } from './population.ts'

const random = new Random()

/**
 * How long before the payment that needs it each happens, and its number, which places its chance. The spans do not
 * overlap, so that they come in this order; but for a new phone they are shorter than the pause between two payments.
 */
const kinds = {
  DEVICE_BOUND: { number: 0, fromMs: 30 * SECOND_MS, toMs: 120 * SECOND_MS },
  PIN_RESET: { number: 2, fromMs: 8.5 * SECOND_MS, toMs: 11.5 * SECOND_MS },
  LOGIN: { number: 3, fromMs: 8.5 * SECOND_MS, toMs: 11.5 * SECOND_MS },
  LIMIT_RAISED: { number: 4, fromMs: 6.5 * SECOND_MS, toMs: 8 * SECOND_MS },
  PAYEE_ADDED: { number: 1, fromMs: 2 * SECOND_MS, toMs: 6 * SECOND_MS },
} as const

/** What the customer did before a payment that needs it: bound a phone, set a PIN, logged in, raised a limit, added a payee. */
export function* eventsBefore(
  p: Payment,
  people: Population,
  ledger: Ledger,
  identity: number,
  key: StreamKey,
  intendedAtMs: number | null,
): Iterable<CustomerEvent> {
  const customer = people.number[p.row]!
  const phone = ledger.phone[p.row]!
  const event = (event_type: keyof typeof kinds, details: Record<string, string>): CustomerEvent => {
    const { number, fromMs, toMs } = kinds[event_type]
    random.at(key, customer, mix(p.timeMs & 0x7fffffff, number))
    const timeMs = p.timeMs - random.integer(fromMs, toMs)
    const device = event_type === 'DEVICE_BOUND' || p.device === devices.NONE ? devices.PHONE : p.device
    return {
      event_id: eventId(timeMs, random),
      customer_id: customerId(customer),
      event_type,
      event_time: timeMs,
      device_id: deviceOf(customer, device, phone, identity),
      details,
      intended_at: intendedAtMs,
    }
  }
  if (p.newPhone) yield event('DEVICE_BOUND', {})
  if (p.pinReset) yield event('PIN_RESET', {})
  if (p.login) yield event('LOGIN', { channel: p.channel })
  if (p.limitRaised) yield event('LIMIT_RAISED', {})
  if (p.newPayee) yield event('PAYEE_ADDED', p.payee === null ? {} : { payee_id: p.payee })
}
