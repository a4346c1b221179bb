import { describe, expect, test } from 'vitest'
import { partitionOf } from '#schemas/partition.ts'
import type { Answers, FraudReport, Question, Questions } from '#schemas/types.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { aboutReport } from '#services/scorer/report-queue.ts'
import { defaultSettings } from '#services/settings.ts'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import { NOON, transaction } from './helpers.ts'

const PRIOR = 100

/** The entity fold of a run with so many customer partitions, asked about one merchant. */
function start(partitions = 1) {
  const rates: number[] = []
  const build = () =>
    new PartitionFold(entityFold(defaultSettings, partitions), 0, partitions, (_topic, _key, value) => {
      rates.push(...(value as Answers).items.map(({ values }) => values[3]!))
    })
  const state = { fold: build() }
  const put = (question: Question): void => {
    const value = { items: [question] }
    state.fold.process({ topic: 'scorer.questions', key: '', value, timestampMs: question.order_time })
    state.fold.endOfBatch()
  }
  const tell = (timeMs: number, source = 0) => put(aboutReport('REPORT_WATERMARK', source, timeMs, '', '', ''))
  const report = (id: string, timeMs: number, source = 0) =>
    put(aboutReport('REPORT', source, timeMs, 'MER1', id, 'CUST0000001'))
  const withdraw = (id: string, timeMs: number) => put(aboutReport('WITHDRAWAL', 0, timeMs, 'MER1', id, 'CUST0000001'))
  const ask = (kind: Question['kind'], timeMs: number, order_time = timeMs, source = 0) =>
    put({ ...aboutReport('REPORT', source, timeMs, 'MER1', 'T', 'CUST0000001'), kind, order_time })
  const pay = (timeMs: number, orderMs = timeMs) => ask('COUNTERPARTY', timeMs, orderMs)
  const restart = () => {
    const saved = state.fold.checkpoint()
    state.fold = build()
    state.fold.restore(saved)
  }
  return { state, rates, tell, report, withdraw, ask, pay, restart }
}

describe('reports at a merchant', () => {
  test('count from their time on, to the millisecond, over the payments and the prior', () => {
    const { rates, report, tell, pay } = start()
    report('A', NOON + HOUR_MS)
    tell(NOON + DAY_MS)
    pay(NOON + HOUR_MS - 1)
    pay(NOON + HOUR_MS)
    expect(rates).toEqual([0, 1 / (2 + PRIOR)])
  })

  test('are not known to a payment that is late, and older than they are', () => {
    const { rates, report, tell, pay } = start()
    report('A', NOON)
    tell(NOON + DAY_MS)
    pay(NOON - 1, NOON + HOUR_MS)
    pay(NOON + HOUR_MS)
    expect(rates).toEqual([0, 1 / (2 + PRIOR)])
  })

  test('count no more from when they are withdrawn, and again from when they are repeated', () => {
    const { rates, report, withdraw, tell, pay } = start()
    report('A', NOON)
    report('B', NOON)
    withdraw('A', NOON + HOUR_MS)
    report('A', NOON + 2 * HOUR_MS)
    tell(NOON + DAY_MS)
    for (const hours of [0, 1, 2]) pay(NOON + hours * HOUR_MS)
    pay(NOON + HOUR_MS / 2, NOON + 2 * HOUR_MS)
    expect(rates).toEqual([2 / 101, 1 / 102, 2 / 103, 2 / 104])
  })

  test('said again change nothing, nor does what was never said', () => {
    const { rates, report, withdraw, tell, pay } = start()
    report('A', NOON)
    report('A', NOON + 1)
    withdraw('B', NOON + 2)
    tell(NOON + DAY_MS)
    pay(NOON + HOUR_MS)
    expect(rates).toEqual([1 / (1 + PRIOR)])
  })

  test('said again when they no longer count change nothing either, for as long as a bank may look into a payment', () => {
    const { rates, report, tell, pay, restart } = start()
    report('A', NOON)
    report('B', NOON + 20 * DAY_MS)
    report('C', NOON + 40 * DAY_MS)
    restart()
    report('A', NOON + 60 * DAY_MS)
    report('D', NOON + 70 * DAY_MS)
    report('A', NOON + 90 * DAY_MS)
    tell(NOON + 90 * DAY_MS)
    pay(NOON + 60 * DAY_MS)
    pay(NOON + 90 * DAY_MS)
    expect(rates).toEqual([1 / (1 + PRIOR), 2 / (1 + PRIOR)])
  })

  test('count for the day and 29 more, and so do payments', () => {
    const { rates, report, tell, pay } = start()
    pay(NOON)
    report('A', NOON)
    report('B', NOON + 30 * DAY_MS + 1)
    tell(NOON + 90 * DAY_MS)
    pay(NOON + 29 * DAY_MS)
    pay(NOON + 30 * DAY_MS)
    pay(NOON + 30 * DAY_MS + 1)
    expect(rates).toEqual([1 / 101, 1 / 102, 0, 1 / 103])
  })

  test('are kept up to 1,024, and those that had to go are counted', () => {
    const { state, rates, report, tell, pay, restart } = start()
    for (let i = 0; i < 1_030; i++) report(`T${i}`, NOON + i)
    tell(NOON + DAY_MS)
    pay(NOON + HOUR_MS)
    restart()
    expect(rates).toEqual([1_024 / (1 + PRIOR)])
    expect(state.fold.shared.crowdedOut).toBe(6)
  })
})

describe('a payment waits for the reports up to its time', () => {
  test('of all partitions', () => {
    const { rates, tell, report, pay, ask } = start(2)
    pay(NOON)
    ask('WATERMARK', NOON + 1, NOON + 1, 1)
    tell(NOON)
    tell(NOON - 1, 1)
    expect(rates).toEqual([])
    report('A', NOON, 1)
    tell(NOON, 1)
    expect(rates).toEqual([1 / (1 + PRIOR)])
  })

  test('and knows them then, whatever was saved and taken up in between', () => {
    const { rates, tell, report, pay, restart } = start()
    pay(NOON)
    restart()
    report('A', NOON)
    report('B', NOON + 1)
    restart()
    expect(rates).toEqual([])
    tell(NOON)
    expect(rates).toEqual([1 / (1 + PRIOR)])
    restart()
    tell(NOON + 1)
    pay(NOON + 1)
    expect(rates).toEqual([1 / (1 + PRIOR), 2 / (2 + PRIOR)])
  })

  test('too many held reports go on before their time, and are counted', () => {
    const { state } = start()
    const { reports } = state.fold.shared
    for (let i = 0; i < 100_001; i++) reports.add(aboutReport('REPORT', 0, NOON + i, 'MER1', `T${i}`, 'C'))
    expect(reports.take(0)).toMatchObject({ order_time: NOON })
    expect(reports.take(0)).toBeUndefined()
    expect(reports.overflowed).toBe(1)
  })
})

describe('the customer fold', () => {
  const fraudReport = (overrides: Partial<FraudReport>): FraudReport => ({
    report_id: 'R',
    transaction_id: 'T',
    customer_id: 'CUST0000001',
    report_time: NOON,
    transaction_time: NOON - DAY_MS,
    merchant_id: 'MER1',
    report_type: 'DISPUTE',
    claimed_type: 'STOLEN_CARD',
    amount_minor: 100,
    recovered_minor: 0,
    version: 1,
    ...overrides,
  })

  function relay(partitions = 1) {
    const sent: { to: number | undefined; item: Question }[] = []
    const fold = new PartitionFold(customerFold(defaultSettings), 0, partitions, (topic, _key, value, _time, to) => {
      if (topic === 'scorer.questions') sent.push(...(value as Questions).items.map((item) => ({ to, item })))
    })
    const hear = (overrides: Partial<FraudReport> = {}) => {
      const value = fraudReport(overrides)
      fold.process({ topic: 'fraud-reports', key: value.customer_id, value, timestampMs: value.report_time })
    }
    const watermark = (records: number, time: number) => {
      const value = { topic: 'fraud-reports', records, time }
      fold.process({ topic: 'watermarks', key: value.topic, value, timestampMs: time })
    }
    const passed = () => {
      fold.endOfBatch()
      return sent.splice(0).map(({ to, item }) => [item.kind, item.order_time, to] as const)
    }
    return { fold, hear, watermark, passed }
  }

  test('passes what is claimed to be fraud on to the partition of the merchant, and what has turned out to be none', () => {
    const { hear, passed } = relay(4)
    hear()
    hear({ merchant_id: null })
    hear({ claimed_type: 'NONE' })
    hear({ claimed_type: 'FRIENDLY_FRAUD', version: 2, report_time: NOON + 1 })
    const to = partitionOf('MER1', 4)
    expect(passed()).toEqual([
      ['REPORT', NOON, to],
      ['WITHDRAWAL', NOON + 1, to],
    ])
  })

  test('tells every partition the time of reports once as many are read as its watermark names, the refused among them', () => {
    const { fold, hear, watermark, passed } = relay(2)
    watermark(2, NOON + 5)
    hear()
    expect(passed().map(([kind]) => kind)).toEqual(['REPORT'])
    fold.refuse('fraud-reports')
    expect(passed()).toEqual([
      ['REPORT_WATERMARK', NOON + 5, 0],
      ['REPORT_WATERMARK', NOON + 5, 1],
    ])
    watermark(1, NOON + 4)
    expect(passed()).toEqual([])
  })

  test('has no stream time from reports', () => {
    const { fold, hear, watermark } = relay()
    hear()
    watermark(1, NOON + DAY_MS)
    expect(fold.streamTimeMs).toBe(Number.NEGATIVE_INFINITY)
    const value = transaction()
    fold.process({ topic: 'transactions', key: value.customer_id, value, timestampMs: value.event_time })
    expect(fold.streamTimeMs).toBe(NOON)
  })
})
