import { describe, expect, test } from 'vitest'
import type { CustomerEvent, Transaction } from '#schemas/types.ts'
import type { Emit } from '#services/fold.ts'
import { isInward } from '#services/market/statement.ts'
import { World } from '#services/producer/world.ts'
import { DAY_MS } from '#services/time.ts'
import { scenario } from './producer-world.ts'

/** A customer's records in the order in which they were sent, events and payments among each other. */
interface Sent {
  readonly event?: CustomerEvent
  readonly tx?: Transaction
}
const sent = new Map<string, Sent[]>()
const world = new World(scenario({ seed: 'events', population: { customers: 2500 } }), 0)
const untilMs = world.historyFromMs + 45 * DAY_MS
const emit = ((topic: string, key: string, value: CustomerEvent & Transaction) => {
  if (topic === 'customers') return
  const records = sent.get(key) ?? []
  records.push(topic === 'customer-events' ? { event: value } : { tx: value })
  sent.set(key, records)
}) as Emit
while (world.peekMs() < untilMs) world.next(emit, null)

/** Each event of a kind with the payment that follows it, and the customer's payments before. */
function eventsOf(kind: CustomerEvent['event_type']) {
  return [...sent.values()].flatMap((records) =>
    records.flatMap(({ event }, i) => {
      if (event?.event_type !== kind) return []
      const payment = records.slice(i).find(({ tx }) => tx !== undefined)!.tx!
      return [{ event, payment, before: records.slice(0, i).flatMap(({ tx }) => (tx === undefined ? [] : [tx])) }]
    }),
  )
}

test('events come before the payment that needs them, in their order', () => {
  for (const records of sent.values()) {
    for (const [i, { event }] of records.entries()) {
      if (event === undefined) continue
      const next = records[i + 1]!
      expect((next.event ?? next.tx!).event_time).toBeGreaterThan(event.event_time)
    }
  }
})

describe('a login', () => {
  test('comes before every payment out of net banking and between banks, on the same device, and before no other', () => {
    const logins = eventsOf('LOGIN')
    expect(logins.length).toBeGreaterThan(1_000)
    const behind = new Set(['NET_BANKING', 'IMPS', 'NEFT', 'RTGS'])
    const paid = [...sent.values()].flat().flatMap(({ tx }) => (tx === undefined ? [] : [tx]))
    const needing = paid.filter((tx) => behind.has(tx.payment_rail) && !isInward(tx.event_type))
    expect(logins.map(({ payment }) => payment.transaction_id).sort()).toEqual(
      needing.map((tx) => tx.transaction_id).sort(),
    )
    for (const { event, payment } of logins) {
      expect(event.device_id).toBe(payment.device_id)
      expect(event.details).toEqual({ channel: payment.channel })
      expect(payment.event_time - event.event_time).toBeLessThan(12_000)
    }
  })
})

test('a PIN is set anew after it was mistyped, before the next payment that asks for it', () => {
  const resets = eventsOf('PIN_RESET')
  expect(resets.length).toBeGreaterThan(50)
  for (const { payment, before } of resets) {
    expect(payment.authentication_method).toBe('UPI_PIN')
    const asked = before.filter((tx) => tx.authentication_method === 'UPI_PIN' && !isInward(tx.event_type))
    expect(asked.at(-1)?.status_response.response_code).toBe('ZM')
  }
})

test('a limit is raised before the first bank transfer that exceeds it, and not again for one like it', () => {
  const raised = eventsOf('LIMIT_RAISED')
  expect(raised.length).toBeGreaterThan(30)
  for (const { payment, before } of raised) {
    expect(payment.event_type).toBe('TRANSFER')
    expect(payment.amount_minor).toBeGreaterThan(10_000_000)
    const earlier = before.filter((tx) => tx.subcategory === 'Bank transfer').map((tx) => tx.amount_minor)
    expect(Math.max(0, ...earlier)).toBeLessThan(payment.amount_minor)
  }
})

test('a payee is added before the first transfer to it', () => {
  const added = eventsOf('PAYEE_ADDED')
  expect(added.length).toBeGreaterThan(1_000)
  for (const { event, payment } of added) expect(event.details).toEqual({ payee_id: payment.payee_id })
  // In a small population two contacts are, now and then, one person.
  const known = added.filter(({ payment, before }) => before.some((tx) => tx.payee_id === payment.payee_id))
  expect(known.length / added.length).toBeLessThan(0.01)
})
