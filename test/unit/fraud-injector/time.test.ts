import { describe, expect, test } from 'vitest'
import { addAnchor, between, beyond, IntendedMoments } from '#services/fraud-injector/intended.ts'
import { type Anchor, newTotals } from '#services/fraud-injector/totals.ts'
import { MINUTE_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

const anchor = (timeMs: number, intendedMs: number | null): Anchor => ({ timeMs, intendedMs })

describe('the wall-clock moment of an inserted record', () => {
  test('lies on the line between the genuine records around it', () => {
    const anchors = addAnchor([], anchor(1_000, 500))
    expect(between(anchors, anchor(2_000, 700), 1_500)).toBe(600)
    expect(between(anchors, anchor(1_000, 510), 1_000)).toBe(510)
  })

  test('is unknown in history, and across its end', () => {
    expect(between([], anchor(2_000, 700), 1_500)).toBeNull()
    expect(between(addAnchor([], anchor(1_000, null)), anchor(2_000, 700), 1_500)).toBeNull()
  })

  test('goes on at the pace so far when no record has come since', () => {
    let anchors: Anchor[] = []
    // 600 times as fast as the wall clock, told in whole milliseconds.
    for (let i = 0; i < 100; i++) anchors = addAnchor(anchors, anchor(i * 77_777, Math.round((i * 77_777) / 600)))
    const lastMs = 99 * 77_777
    expect(beyond(anchors, lastMs + 600_000)).toBeCloseTo(Math.round(lastMs / 600) + 1_000, -1)
    expect(beyond(addAnchor([], anchor(1_000, 5)), 2_000)).toBeNull()
  })
})

describe('at a speed', () => {
  const SPEED = 600
  const producer = (sinceMs: number) => (timeMs: number) => Math.round(sinceMs + timeMs / SPEED)
  const open = () => ({ moments: new IntendedMoments({ pace: { speed: SPEED } }), known: newTotals() })

  test('the moment is the one that the producer would have meant, to the millisecond', () => {
    const { moments, known } = open()
    const meant = producer(1_234.56)
    for (let i = 0; i < 500; i++) moments.learn(known, anchor(i * 7_777, meant(i * 7_777)))
    const [lastMs, nextMs] = [499 * 7_777, 500 * 7_777]
    for (let timeMs = lastMs; timeMs <= nextMs; timeMs += 111) {
      const next = anchor(nextMs, meant(nextMs))
      expect(moments.before(known, next, timeMs), `${timeMs}`).toBe(meant(timeMs))
      expect(moments.after(known, timeMs), `${timeMs}`).toBe(meant(timeMs))
    }
  })

  test('a producer started anew is believed from its first record on', () => {
    const { moments, known } = open()
    for (let i = 0; i < 50; i++) moments.learn(known, anchor(i * 7_777, producer(1_000)(i * 7_777)))
    moments.learn(known, anchor(400_000, producer(90_000)(400_000)))
    expect(Math.abs(moments.after(known, 500_000)! - producer(90_000)(500_000))).toBeLessThanOrEqual(1)
  })

  test('once a command has changed the speed, the moment lies on the line between its neighbours', () => {
    const { moments, known } = open()
    const faster = (timeMs: number): number => Math.round(timeMs / (10 * SPEED))
    for (let i = 0; i < 50; i++) moments.learn(known, anchor(i * 77_777, faster(i * 77_777)))
    const [lastMs, nextMs] = [49 * 77_777, 50 * 77_777]
    for (let timeMs = lastMs; timeMs <= nextMs; timeMs += 1_111) {
      const moment = moments.before(known, anchor(nextMs, faster(nextMs)), timeMs)!
      expect(Math.abs(moment - faster(timeMs)), `${timeMs}`).toBeLessThanOrEqual(1)
    }
  })

  test('a moment never leaves its neighbours, whatever the speed really is', () => {
    const { moments, known } = open()
    moments.learn(known, anchor(0, 0))
    for (const wrong of [10, 100_000]) {
      const moment = moments.before(known, anchor(600_000, wrong), 300_000)!
      expect(moment).toBeGreaterThanOrEqual(0)
      expect(moment).toBeLessThanOrEqual(wrong)
    }
  })
})

describe('being told the time', () => {
  const run = (): { run: InjectorRun; pay: (atMs: number) => void } => {
    const injector = new InjectorRun(injectorSettings('time'))
    const customer = new GenuineCustomer(7, 10_000)
    return { run: injector, pay: (atMs) => injector.genuine(customer.pay(atMs, 20)) }
  }

  test('tells others how far time has come when no transaction does, once', () => {
    const { run: injector, pay } = run()
    pay(NOON_MS)
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([])
    injector.watermark(NOON_MS + MINUTE_MS)
    injector.endOfBatch()
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([{ topic: 'transactions', records: 1, time: NOON_MS + MINUTE_MS }])
  })

  test('waits until the records that were meant have been read', () => {
    const { run: injector, pay } = run()
    injector.watermark(NOON_MS + MINUTE_MS, 2)
    pay(NOON_MS)
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([])
    pay(NOON_MS + 5)
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([{ topic: 'transactions', records: 2, time: NOON_MS + MINUTE_MS }])
  })

  test('keeps every time it is told: after a restart they may be read in another order', () => {
    const { run: injector, pay } = run()
    injector.watermark(NOON_MS + 3, 1)
    injector.watermark(NOON_MS + 7, 2)
    for (const atMs of [NOON_MS, NOON_MS + 5]) {
      pay(atMs)
      injector.endOfBatch()
    }
    expect(injector.watermarks.map(({ records, time }) => [records, time - NOON_MS])).toEqual([
      [1, 3],
      [2, 7],
    ])
  })

  test('counts a record that was refused, or the time of a silent partition would stand still', () => {
    const { run: injector, pay } = run()
    pay(NOON_MS)
    injector.watermark(NOON_MS + MINUTE_MS, 2)
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([])
    injector.refuse()
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([{ topic: 'transactions', records: 1, time: NOON_MS + MINUTE_MS }])
  })

  test('tells up to when all reports are out after every batch in which time has moved', () => {
    const { run: injector, pay } = run()
    injector.endOfBatch()
    pay(NOON_MS)
    injector.endOfBatch()
    injector.endOfBatch()
    injector.watermark(NOON_MS + MINUTE_MS)
    injector.endOfBatch()
    const times = [NOON_MS, NOON_MS + MINUTE_MS]
    expect(injector.reportTimes).toEqual(times.map((time) => ({ topic: 'fraud-reports', records: 0, time })))
  })

  test('goes on when the topic holds a record that its writer did not count', () => {
    const { run: injector, pay } = run()
    pay(NOON_MS)
    pay(NOON_MS + 5)
    injector.watermark(NOON_MS + MINUTE_MS, 1)
    injector.endOfBatch()
    expect(injector.watermarks).toEqual([{ topic: 'transactions', records: 2, time: NOON_MS + MINUTE_MS }])
  })
})
