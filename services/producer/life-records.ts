import type { CustomerEvent } from '#schemas/types.ts'
import { cities } from '../market/cities.ts'
import { customerId, eventId } from '../market/identifiers.ts'
import { Random, type StreamKey } from '../random.ts'
import { DAY_MS, MINUTE_MS } from '../time.ts'
import { lifeEvents, RELOCATION } from './life-events.ts'
import type { Lives } from './lives.ts'
import type { Payment } from './payment.ts'
import type { Population } from './population.ts'

const random = new Random()

/**
 * What happened to the customer since the payment before, told some minutes before the first payment of a day: what
 * happens today is told today; of what happened while the customer paid nothing, the bank hears afterwards.
 */
export function* lifeRecords(
  p: Payment,
  people: Population,
  lives: Lives,
  key: StreamKey,
  intendedAtMs: number | null,
): Iterable<CustomerEvent> {
  const customer = people.number[p.row]!
  for (const day of lives.eventDays(p.row, p.sinceDay, p.day)) {
    lives.look(p.row, day)
    const kind = lives.today
    random.at(key, customer, day)
    const timeMs = p.timeMs - random.integer(5 * MINUTE_MS, 20 * MINUTE_MS)
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
    const what = { event: lifeEvents[kind]!.id, date }
    yield {
      event_id: eventId(timeMs, random),
      customer_id: customerId(customer),
      event_type: 'LIFE_EVENT',
      event_time: timeMs,
      device_id: null,
      details: kind === RELOCATION ? { ...what, city: cities[lives.home]!.name } : what,
      intended_at: intendedAtMs,
    }
  }
}
