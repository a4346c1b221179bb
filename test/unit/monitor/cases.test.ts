import { describe, expect, test } from 'vitest'
import { caseFigures } from '#services/monitor/cases.ts'
import { HOUR_MS } from '#services/time.ts'
import { alert, liveFromMs, monitorPartition, score } from './helpers.ts'

const OTHER = 'CUST0000002'
const at = (hours: number) => liveFromMs + hours * HOUR_MS
const alertOf = (id: string, hours: number, group: string) => alert(id, at(hours), 'alerts.fraud', OTHER, [], group)

describe('a case', () => {
  test('is opened by the first alert of a cause, and joined by those after it', () => {
    const partition = monitorPartition()
    for (const record of [alertOf('a', 0, 'a'), alertOf('b', 0.5, 'a'), alertOf('c', 0.6, 'c'), score('c', at(0.6))]) {
      partition.process(record)
    }
    const { opened, open, newest } = caseFigures([partition.shared])
    expect([opened, open]).toEqual([2, 2])
    expect(newest.map(({ id, alerts, amountMinor }) => [id, alerts, amountMinor])).toEqual([
      ['alerts.fraud/c', 1, 100_00],
      ['alerts.fraud/a', 2, 200_00],
    ])
    expect(newest[1]).toMatchObject({ customerId: OTHER, openedMs: at(0), lastMs: at(0.5), state: 'open' })
  })

  test('cools after an hour without an alert, is closed after two days, and is opened again by an alert of its cause', () => {
    const partition = monitorPartition()
    const figures = () => {
      const { opened, open, cooling, closed, newest } = caseFigures([partition.shared])
      return [opened, open, cooling, closed, newest[0]!.state]
    }
    partition.process(alertOf('a', 0, 'a'))
    partition.process(score('a', at(0)))
    partition.process(score('x', at(0.99)))
    expect(figures()).toEqual([1, 1, 0, 0, 'open'])
    partition.process(score('y', at(1)))
    expect(figures()).toEqual([1, 0, 1, 0, 'cooling'])
    partition.process(alertOf('b', 1, 'a'))
    expect(figures()).toEqual([1, 1, 0, 0, 'open'])
    partition.process(score('z', at(48.99)))
    expect(figures()).toEqual([1, 0, 1, 0, 'cooling'])
    partition.process(score('z', at(49)))
    expect(figures()).toEqual([1, 0, 0, 1, 'closed'])
    partition.process(alertOf('c', 49, 'a'))
    expect(figures()).toEqual([1, 1, 0, 0, 'open'])
  })

  test('has its newest twenty in the report, whatever the order in which they come', () => {
    const records = Array.from({ length: 50 }, (_, i) => alertOf(`t${i}`, i / 100, `t${i}`))
    const newest = (order: typeof records) => {
      const partition = monitorPartition()
      for (const record of order) partition.process(record)
      return caseFigures([partition.shared]).newest
    }
    expect(newest(records).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, i) => `alerts.fraud/t${49 - i}`))
    expect(newest(records.toReversed())).toEqual(newest(records))
  })
})
