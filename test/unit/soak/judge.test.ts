import { describe, expect, test } from 'vitest'
import { type Ends, judge, type Sample } from '../../soak/judge.ts'

const MIB = 2 ** 20
const whole: Ends = { producer: { scheduled: 600_000, acked: 600_000, shortfall: 0 }, missing: [], restarts: 0 }
const services = ['producer', 'fraud-injector', 'scorer', 'monitor'] as const

/** Ten minutes, a sample every ten seconds, memory that saws up and down by a tenth around what a function says. */
const samples = (mebibytes: (seconds: number) => number, lag: (seconds: number) => number = () => 50): Sample[] =>
  Array.from({ length: 60 }, (_, index) => {
    const seconds = index * 10
    const bytes = mebibytes(seconds) * MIB * (1 + ((index % 5) - 2) * 0.05)
    return {
      seconds,
      lag: lag(seconds),
      residentBytes: Object.fromEntries(services.map((name) => [name, bytes])),
      heapBytes: {},
    }
  })

const unmet = (taken: readonly Sample[], ends: Ends = whole): string[] =>
  judge(taken, ends, { warmUpSeconds: 100, perSecond: 1_000 }).flatMap(({ what, met }) => (met ? [] : [what]))

describe('a soak', () => {
  test('holds when memory only saws, also after it has grown while everything got warm', () => {
    expect(unmet(samples((seconds) => (seconds < 100 ? 100 + seconds : 200)))).toEqual([])
  })

  test('holds when garbage makes half as much again before it is collected', () => {
    expect(unmet(samples((seconds) => 200 + (seconds % 90)))).toEqual([])
  })

  test('fails for memory that creeps up by a sixth', () => {
    const leaking = samples((seconds) => 200 + seconds / 15)
    expect(unmet(leaking)).toEqual(services.map((name) => `${name}, resident`))
  })

  test('fails for a heap that grows below memory that does not', () => {
    const taken = samples(() => 200).map((sample) => ({
      ...sample,
      heapBytes: { scorer: (50 + sample.seconds / 10) * MIB },
    }))
    expect(unmet(taken)).toEqual(['scorer, heap'])
  })

  test('holds when a heap is a few MiB more, which is what is young in it', () => {
    const taken = samples(() => 200).map((sample) => ({
      ...sample,
      heapBytes: { scorer: (50 + (sample.seconds > 300 ? 12 : 0)) * MIB },
    }))
    expect(unmet(taken)).toEqual([])
  })

  test('fails for a lag of more than ten seconds, but not while everything gets warm', () => {
    expect(
      unmet(
        samples(
          () => 200,
          (seconds) => (seconds < 90 ? 1e6 : 0),
        ),
      ),
    ).toEqual([])
    expect(
      unmet(
        samples(
          () => 200,
          (seconds) => (seconds === 300 ? 10_001 : 0),
        ),
      ),
    ).toEqual(['lag, most'])
  })

  test('fails for a record that is lost, and for a service that died', () => {
    const steady = samples(() => 200)
    const one = { ...whole, producer: { scheduled: 600_000, acked: 599_999, shortfall: 1 } }
    expect(unmet(steady, one)).toEqual(['due and not acknowledged'])
    expect(unmet(steady, { ...whole, missing: ['the scorer has scored 5 of 6'] })).toEqual(['not come through'])
    expect(unmet(steady, { ...whole, restarts: 1 })).toEqual(['restarts'])
  })

  test('fails where nothing was measured or reported', () => {
    expect(unmet([])).toEqual([...services.map((name) => `${name}, resident`), 'lag, most'])
    expect(
      judge(
        samples(() => 200),
        undefined,
        { warmUpSeconds: 0, perSecond: 1 },
      ).at(-1)?.met,
    ).toBe(false)
  })
})
