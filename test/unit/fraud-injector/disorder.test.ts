import { describe, expect, test } from 'vitest'
import type { FaultKind } from '#schemas/types.ts'
import { injectorFigures } from '#services/fraud-injector/figures.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { type Sent, unaccounted } from '../../helpers/deliveries.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

const base = injectorSettings('disorder', { rate: 0.05 })
const plain = { ...base, population: { ...base.population, customers: 500 } }
const shares = { late: 0.05, outOfOrder: 0.1, duplicate: 0.05, corrupt: 0.03, dropped: 0.02 }
const genuine = worldTransactions(plain, 10_000)

function runWith(disorder: typeof shares): InjectorRun {
  const run = new InjectorRun({ ...plain, disorder })
  genuine.forEach((tx, i) => {
    run.genuine(tx)
    if (i % 100 === 0) run.endOfBatch()
  })
  return run
}

const calm = runWith({ late: 0, outOfOrder: 0, duplicate: 0, corrupt: 0, dropped: 0 })
const run = runWith(shares)
const untilMs = genuine.at(-1)!.event_time
const readable = run.transactions.filter((tx) => !run.damaged.has(tx))
const sent: Sent = { transactions: readable, truths: run.truths, faults: run.faults, untilMs }
const of = (kind: FaultKind) => run.faults.filter((fault) => fault.kind === kind)

describe('truth', () => {
  test('is what it is without disorder: never late, altered or lost', () => {
    expect(run.truths).toEqual(calm.truths)
    expect(run.reports).toEqual(calm.reports)
    expect(run.events).toEqual(calm.events)
    expect(calm.faults).toEqual([])
  })

  test('has its transaction, or its fault; and the reverse', () => {
    expect(unaccounted({ ...sent })).toEqual([])
    expect(unaccounted({ transactions: calm.transactions, truths: calm.truths, faults: [], untilMs })).toEqual([])
  })
})

describe('would be noticed', () => {
  const lost = sent.transactions.findIndex(
    (tx) => !run.faults.some((each) => each.transaction_id === tx.transaction_id),
  )
  const [first] = readable
  test.each<[string, Partial<Sent>, RegExp]>([
    ['a transaction lost', { transactions: sent.transactions.toSpliced(lost, 1) }, /came 0 times, not 1/],
    ['one twice', { transactions: [...sent.transactions, sent.transactions[lost]!] }, /came 2 times, not 1/],
    ['one that nobody knows', { transactions: [...readable, { ...first!, transaction_id: 'stranger' }] }, /no truth/],
    ['a truth lost', { truths: sent.truths.slice(1) }, /no truth/],
    [
      'a fault that is not told',
      { faults: sent.faults.filter(({ kind }) => kind !== 'DROPPED') },
      /came 0 times, not 1/,
    ],
    ['a late one altered', { transactions: [...altered('LATE')] }, /came 2 times|different words/],
  ])('%s', (_what, change, message) => {
    expect(unaccounted({ ...sent, ...change }).join('\n')).toMatch(message)
  })

  function altered(kind: FaultKind) {
    const [fault] = of(kind)
    const tx = readable.find((each) => each.transaction_id === fault!.transaction_id)!
    return [...readable, { ...tx, amount_minor: tx.amount_minor + 1 }]
  }
})

describe('on their way', () => {
  test.each<[FaultKind, number]>([
    ['LATE', shares.late],
    ['OUT_OF_ORDER', shares.outOfOrder],
    ['DUPLICATE', shares.duplicate],
    ['CORRUPT', shares.corrupt],
    ['DROPPED', shares.dropped],
  ])('transactions are %s as often as asked', (kind, share) => {
    expect(Math.abs(of(kind).length / run.truths.length / share - 1)).toBeLessThan(0.2)
    expect(run.totals.faults[kind as keyof typeof run.totals.faults]).toBe(of(kind).length)
  })

  test('late ones come minutes to hours later, those out of order seconds, second copies soon', () => {
    const median = (kind: FaultKind): number =>
      of(kind)
        .map((fault) => fault.delay_ms)
        .sort((a, b) => a - b)[of(kind).length >> 1]!
    expect(median('LATE')).toBeGreaterThan(15 * MINUTE_MS)
    expect(median('LATE')).toBeLessThan(HOUR_MS)
    expect(median('OUT_OF_ORDER')).toBeLessThan(10_000)
    expect(median('DUPLICATE')).toBeLessThan(20_000)
    for (const fault of run.faults) expect(fault.delay_ms).toBeLessThan(DAY_MS)
  })

  test('a record waits until stream time has passed its time, and no longer', () => {
    const at = new Map(readable.map((tx, i) => [tx.transaction_id, i]))
    const faulty = new Set(run.faults.map((fault) => fault.transaction_id))
    for (const { transaction_id, event_time, delay_ms } of of('LATE')) {
      const i = at.get(transaction_id)
      if (i === undefined) continue
      const before = readable.slice(0, i).reduce((newest, tx) => Math.max(newest, tx.event_time), 0)
      const after = readable.slice(i + 1).find((tx) => tx.event_time > before && !faulty.has(tx.transaction_id))
      if (before > event_time + delay_ms) expect.fail(`${transaction_id} waited too long`)
      if (after !== undefined && after.event_time < event_time + delay_ms) expect.fail(`${transaction_id} came early`)
    }
  })

  test('watermarks name as many records as are there, damaged ones and second copies too', () => {
    const counts = run.watermarks.map(({ records }) => records)
    expect(counts.length).toBeGreaterThan(0)
    expect(Math.max(...counts)).toBeLessThanOrEqual(run.transactions.length)
    expect(run.totals.put).toBe(run.transactions.length)
    run.watermark(untilMs + DAY_MS)
    run.endOfBatch()
    expect(run.watermarks.at(-1)).toEqual({
      topic: 'transactions',
      records: run.transactions.length,
      time: untilMs + DAY_MS,
    })
  })

  test('a day of silence later nothing is on its way any more', () => {
    const left = runWith(shares)
    left.watermark(untilMs + DAY_MS)
    const whole = left.transactions.filter((tx) => !left.damaged.has(tx))
    const end = { transactions: whole, truths: left.truths, faults: left.faults, untilMs: untilMs + DAY_MS }
    expect(unaccounted(end)).toEqual([])
    expect(injectorFigures([left.totals]).delivered).toBe(new Set(whole.map((tx) => tx.transaction_id)).size)
  })
})
