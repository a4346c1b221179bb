import { describe, expect, test } from 'vitest'
import type { Alert, Transaction } from '#schemas/types.ts'
import { LiveView, SECONDS_KEPT } from '#services/monitor/live/live-view.ts'
import { Rates } from '#services/monitor/live/rates.ts'
import { MINUTE_MS } from '#services/time.ts'
import { alert, liveFromMs, type MonitorRecord, type TruthOptions, truth } from './helpers.ts'

/** Wall time of the first record. */
const NOW = 1_700_000_000_000
const LATE = Number.MAX_SAFE_INTEGER

const fraud = (id: string, timeMs: number, campaign: string, loss_minor = 100_00): MonitorRecord => {
  const record = truth(id, timeMs, { fraud: 'ACCOUNT_TAKEOVER', campaign })
  return { ...record, value: { ...record.value, modus_operandi: 'SIM_SWAP', loss_minor } } as MonitorRecord
}

const judged = (id: string, timeMs: number, options: TruthOptions = {}): MonitorRecord => truth(id, timeMs, options)

const payment = (id: string, city: string): Transaction =>
  ({
    transaction_id: id,
    customer_id: 'CUST0000001',
    city,
    amount_minor: 100,
    status_response: { status: 'APPROVED' },
  }) as Transaction

function viewOf(...records: readonly MonitorRecord[]): LiveView {
  const view = new LiveView(liveFromMs)
  for (const record of records) view.hear(record, NOW)
  return view
}

const figures = (view: LiveView, truthTimeMs = LATE, nowMs = NOW) => view.figures(0, truthTimeMs, nowMs)
const T = liveFromMs + 5 * MINUTE_MS

describe('the seconds', () => {
  test('have payments, frauds among them, and alerts, each in the second in which it came', () => {
    const view = viewOf(judged('a', T), fraud('b', T, 'c1'), alert('b', T))
    view.hear(judged('d', T), NOW + 2_000)
    expect(figures(view, LATE, NOW + 2_500).seconds).toEqual([
      { second: NOW / 1_000, payments: 2, frauds: 1, alerts: 1 },
      { second: NOW / 1_000 + 1, payments: 0, frauds: 0, alerts: 0 },
      { second: NOW / 1_000 + 2, payments: 1, frauds: 0, alerts: 0 },
    ])
  })

  test('begin anew with the live part, and take no revised label for a payment', () => {
    const view = viewOf(judged('old', liveFromMs - 1), judged('older', liveFromMs - 2))
    expect(figures(view).seconds).toMatchObject([{ payments: 2 }])
    view.hear(judged('new', liveFromMs), NOW)
    view.hear(judged('new', liveFromMs, { labelVersion: 2 }), NOW)
    expect(figures(view).seconds).toMatchObject([{ payments: 1 }])
  })

  test('are bounded, also after a long silence, and told from where one wants them', () => {
    const rates = new Rates(SECONDS_KEPT)
    rates.add('payments', NOW)
    const laterMs = NOW + 10 * SECONDS_KEPT * 1_000
    rates.add('payments', laterMs)
    const all = rates.since(0, laterMs)
    expect(all).toHaveLength(SECONDS_KEPT)
    expect(all.filter(({ payments }) => payments > 0)).toEqual([all.at(-1)])
    expect(rates.since(laterMs / 1_000 - 1, laterMs)).toHaveLength(2)
  })

  test('go on in the newest one when a clock is set back', () => {
    const rates = new Rates(10)
    rates.add('payments', NOW)
    rates.add('payments', NOW - 60_000)
    expect(rates.since(0, NOW)).toMatchObject([{ second: NOW / 1_000, payments: 2 }])
  })
})

describe('the cities', () => {
  test('have the payments that were seen, by what each stands for, and alerts, of the last minute', () => {
    const view = viewOf(alert('a', T))
    view.seePayment(payment('b', 'Delhi'), 2.5, NOW)
    view.seePayment(payment('c', 'Delhi'), 2.5, NOW + 30_000)
    view.seePayment(payment('d', 'Atlantis'), 1, NOW + 30_000)
    const at = (nowMs: number, name: string) => figures(view, LATE, nowMs).cities.find((city) => city.name === name)
    expect(at(NOW + 30_000, 'Delhi')).toEqual({ name: 'Delhi', payments: 5, alerts: 0 })
    expect(at(NOW + 30_000, 'Pune')).toEqual({ name: 'Pune', payments: 0, alerts: 1 })
    expect(at(NOW + 61_000, 'Delhi')).toEqual({ name: 'Delhi', payments: 3, alerts: 0 })
    expect(at(NOW + 61_000, 'Pune')).toEqual({ name: 'Pune', payments: 0, alerts: 0 })
    expect(figures(view).cities).toHaveLength(20)
  })
})

describe('the payments shown', () => {
  test('are four a second at the most, the newest first, and not more than fit', () => {
    const view = new LiveView(liveFromMs)
    for (let i = 0; i < 10_000; i++) view.seePayment(payment(`p${i}`, 'Delhi'), 1, NOW + i)
    const shown = figures(view, LATE, NOW + 10_000).payments
    expect(shown.slice(0, 3).map(({ id }) => id)).toEqual(['p9750', 'p9500', 'p9250'])
    expect(shown).toHaveLength(12)
  })
})

describe('the truth beside an alert', () => {
  const verdict = (view: LiveView, truthTimeMs = LATE) => figures(view, truthTimeMs).alerts[0]!.truth

  test.each([
    ['before', (...records: MonitorRecord[]) => viewOf(...records)],
    ['after', (...records: MonitorRecord[]) => viewOf(...records.reverse())],
  ])('is known when it came %s the alert', (_when, view) => {
    const own = { type: 'ACCOUNT_TAKEOVER', modus: 'SIM_SWAP' } as const
    expect(verdict(view(fraud('a', T, 'c1'), alert('a', T)))).toEqual({ kind: 'fraud', ...own })
    const twin = judged('a', T, { twinOf: 'CARD_TESTING' })
    expect(verdict(view(twin, alert('a', T)))).toEqual({ kind: 'twin', of: 'CARD_TESTING' })
    expect(verdict(view(judged('a', T), alert('a', T)))).toEqual({ kind: 'genuine' })
  })

  test('is open as long as the truth of that time has not come', () => {
    const view = viewOf(alert('a', T))
    expect(verdict(view, T)).toEqual({ kind: 'unknown' })
    expect(verdict(view, T + 2 * MINUTE_MS)).toEqual({ kind: 'genuine' })
  })

  test('stands by alerts in words: the rule without its reasons', () => {
    const record = alert('a', T)
    const reasons = [{ feature: 'f', value: 1, baseline: 2, contribution: 0.3, text: 'amount: ₹5 (ordinary: ₹1)' }]
    const value = { ...(record.value as Alert), text: 'A rule. amount: ₹5 (ordinary: ₹1)', reasons }
    const view = viewOf({ ...record, value } as MonitorRecord)
    expect(figures(view).alerts).toMatchObject([
      { text: 'A rule', customerId: 'CUST0000001', reasons: [{ text: reasons[0]!.text, contribution: 0.3 }] },
    ])
  })

  test('is there for thirty alerts, the newest first', () => {
    const view = viewOf(...Array.from({ length: 50 }, (_, i) => alert(`a${i}`, T)))
    const ids = figures(view).alerts.map(({ transactionId }) => transactionId)
    expect([ids[0], ids.length]).toEqual(['a49', 30])
  })
})

describe('campaigns', () => {
  test('grow with their frauds, and say when the first of them was alerted, in whatever order it is heard', () => {
    const records = [
      fraud('a', T, 'c1'),
      fraud('b', T + MINUTE_MS, 'c1', 50_00),
      alert('b', T + MINUTE_MS),
      fraud('d', T, 'c2'),
      alert('e', T + 2 * MINUTE_MS, 'alerts.fraud', 'CUST0000001', [{ id: 'a', timeMs: T }]),
    ]
    const own = { id: 'c1', customerId: 'CUST0000001', firstFraudMs: T, frauds: 2, lossMinor: 150_00, firstAlertMs: T }
    for (const order of [records, records.toReversed()]) {
      const campaigns = figures(viewOf(...order)).campaigns
      expect(campaigns.find(({ id }) => id === 'c1')).toMatchObject(own)
      expect(campaigns.find(({ id }) => id === 'c2')).toMatchObject({ frauds: 1, firstAlertMs: null })
    }
  })

  test('are shown by their last move, six of them', () => {
    const view = viewOf(...Array.from({ length: 9 }, (_, i) => fraud(`f${i}`, T, `c${i}`)), fraud('again', T, 'c0'))
    expect(figures(view).campaigns.map(({ id }) => id)).toEqual(['c0', 'c8', 'c7', 'c6', 'c5', 'c4'])
  })

  test('and frauds are forgotten before they fill the memory, and are not taken for genuine then', () => {
    const view = viewOf(alert('f0', T))
    for (let i = 0; i < 30_000; i++) view.hear(fraud(`f${i}`, T + i, `c${i}`), NOW)
    expect(figures(view).alerts[0]!.truth).toEqual({ kind: 'unknown' })
    view.hear(alert('other', T + 40_000), NOW)
    expect(figures(view).alerts[0]!.truth).toEqual({ kind: 'genuine' })
  })
})
