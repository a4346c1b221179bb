import { expect, test } from 'vitest'
import { forPeople, jsonLine } from '#infra/cli/output.ts'
import type { Alert } from '#schemas/types.ts'

const atMs = Date.UTC(2025, 9, 6, 6, 30)

const alert: Alert = {
  alert_id: 'new-device-probe:T3',
  transaction_id: 'T3',
  customer_id: 'CUST0000042',
  event_time: atMs,
  kind: 'FRAUD',
  rule_id: 'new-device-probe',
  severity: 'MEDIUM',
  score: 0.08254,
  text: 'A new device tries a new payee. Quickly. device is new to the customer; 3 payments within an hour (limit: 2)',
  reasons: [
    { feature: 'is_new_device', value: 1, baseline: 1, contribution: 0.2, text: 'device is new to the customer' },
    { feature: 'txn_count_1h', value: 3, baseline: 2, contribution: 0, text: '3 payments within an hour (limit: 2)' },
  ],
  amount_minor: 12_345_678,
  payment_rail: 'UPI',
  city: 'Pune',
  history: false,
  intended_at: null,
  group_id: 'new-device-probe:T1',
  transactions: [
    { transaction_id: 'T1', event_time: atMs - 61_000 },
    { transaction_id: 'T3', event_time: atMs },
  ],
}

const record = { key: 'CUST0000042', timestampMs: atMs, partition: 1, offset: '7', value: alert }

test('people read of an alert who, what, why, and which payments it is about', () => {
  expect(forPeople('alerts.fraud', record)).toBe(
    [
      'alerts.fraud[1] @7  CUST0000042  2025-10-06T06:30:00.000Z',
      'MEDIUM  FRAUD  2025-10-06 12:00:00 IST',
      'CUST0000042  ₹1,23,456.78  UPI  Pune  score 0.0825',
      'A new device tries a new payee. Quickly (rule new-device-probe)',
      '  - device is new to the customer',
      '  - 3 payments within an hour (limit: 2)',
      '  2 payments of this cause, goes on with new-device-probe:T1:',
      '    T1  2025-10-06 11:58:59 IST',
      '    T3  2025-10-06 12:00:00 IST',
      '  alert new-device-probe:T3',
      '',
      '',
    ].join('\n'),
  )
})

test('an alert of history says so, and of many payments the newest are listed', () => {
  const transactions = Array.from({ length: 20 }, (_, i) => ({ transaction_id: `T${i}`, event_time: atMs }))
  const first = { ...alert, group_id: alert.alert_id, history: true, transactions }
  const text = forPeople('alerts.velocity', { ...record, value: first })
  expect(text).toContain('12:00:00 IST, history\n')
  expect(text).toContain('  20 payments of this cause, the newest 8 of them:\n    T12 ')
  expect(text).not.toContain('T11 ')
})

test('machines read an alert whole', () => {
  const { value } = JSON.parse(jsonLine('alerts.fraud', record))
  expect(value).toEqual(alert)
})
