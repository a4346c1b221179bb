import { describe, expect, test } from 'vitest'
import type { Watermark } from '#schemas/types.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Fold, Received } from '#services/fold.ts'
import { jsonCodec } from '#services/json-codec.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { Random, streamKey } from '#services/random.ts'

interface Counter {
  count: number
  wakeMs: number | null
}
interface Shared {
  handled: number
  log: string[]
}
type Counting = Fold<Counter, Shared, 'watermarks'>

/** Counts by key; a key is woken so many milliseconds after its record as the record says. */
const counting = (overrides: Partial<Counting> = {}): Counting => ({
  name: 'counting',
  inputs: ['watermarks'],
  timeFrom: 'watermarks',
  stateTopic: 'monitor.state',
  initialState: () => ({ count: 0, wakeMs: null }),
  initialShared: () => ({ handled: 0, log: [] }),
  stateCodec: jsonCodec(1),
  sharedCodec: jsonCodec(1),
  step: ({ key, value, timestampMs }, { state, shared, emit }) => {
    const counter = state(key)
    counter.count++
    counter.wakeMs = timestampMs + value.records
    shared.handled++
    emit('watermarks', key, { topic: 'counted', records: counter.count, time: timestampMs }, timestampMs)
  },
  nextWakeMs: ({ wakeMs }) => wakeMs ?? undefined,
  wake: (key, timeMs, { state, emit, streamTimeMs }) => {
    const counter = state(key)
    expect(streamTimeMs).toBe(timeMs)
    emit('watermarks', key, { topic: 'woken', records: counter.count, time: timeMs }, timeMs)
    counter.wakeMs = counter.count % 3 === 0 ? timeMs + 5 : null
    counter.count++
  },
  ...overrides,
})

type Sent = [key: string, value: Watermark]

class Run {
  readonly sent: Sent[] = []
  folded: PartitionFold<Counter, Shared, 'watermarks'>
  readonly #fold: Counting
  readonly #saved = new Map<string, CheckpointEntry>()

  constructor(fold: Counting) {
    this.#fold = fold
    this.folded = this.#build()
  }

  send(key: string, timestampMs: number, records = 10): void {
    const value = { topic: '', records, time: 0 }
    this.folded.process({ topic: 'watermarks', key, value, timestampMs } as Received<'watermarks'>)
  }

  restart(): void {
    for (const entry of this.folded.checkpoint()) this.#saved.set(entry.key, entry)
    this.folded = this.#build()
    this.folded.restore(this.#saved.values())
  }

  /** Keys that a restart would find. */
  get savedKeys(): string[] {
    return [...this.#saved.values()].filter(({ payload }) => payload !== null).map(({ key }) => key)
  }

  #build(): PartitionFold<Counter, Shared, 'watermarks'> {
    return new PartitionFold(this.#fold, 0, 1, (_topic, key, value) => this.sent.push([key, value as Watermark]))
  }
}

/** The same random records, with restarts or without. */
function story(fold: Counting, seed: string, restarts: number): Run {
  const random = new Random().at(streamKey(seed, 'story'), 0, 0)
  const moments = new Random().at(streamKey(seed, 'moments'), 0, 0)
  const run = new Run(fold)
  let timeMs = 1_000
  for (let i = 0; i < 2_000; i++) {
    timeMs += random.below(4)
    run.send(`k${random.below(60)}`, timeMs, random.below(50))
    if (moments.chance(restarts)) run.restart()
  }
  return run
}

const variants: [string, Partial<Counting>][] = [
  ['kept for ever', {}],
  ['forgotten', { forgetAfterMs: 40 }],
  ['at most 20', { keysMax: 20 }],
  ['both', { forgetAfterMs: 60, keysMax: 25 }],
]

describe.each(variants)('keys %s', (_name, overrides) => {
  test.each(['a', 'b', 'c'])('restarts change nothing (seed %s)', (seed) => {
    const expected = story(counting(overrides), seed, 0)
    const actual = story(counting(overrides), seed, 0.1)
    expect(actual.sent, `seed ${seed}`).toEqual(expected.sent)
    expect(actual.folded.shared).toEqual(expected.folded.shared)
    expect(actual.folded.keyCount).toBe(expected.folded.keyCount)
  })
})

describe.each(variants)('a snapshot, keys %s', (_name, overrides) => {
  test('is of its moment, whatever happens while it is encoded', () => {
    const random = new Random().at(streamKey('snapshot', 'story'), 0, 0)
    const atOnce = new Run(counting(overrides))
    const meanwhile = new Run(counting(overrides))
    let changedMeanwhile = 0
    let timeMs = 1_000
    for (let round = 0; round < 40; round++) {
      const feed = (records: number): void => {
        for (let i = 0; i < records; i++) {
          timeMs += random.below(4)
          const record = [`k${random.below(60)}`, timeMs, random.below(50)] as const
          for (const run of [atOnce, meanwhile]) run.send(...record)
        }
      }
      feed(30)
      const expected = new Map(atOnce.folded.checkpoint().map((entry) => [entry.key, entry]))
      const actual = new Map<string, CheckpointEntry>()
      for (const entry of meanwhile.folded.snapshot()) {
        actual.set(entry.key, entry)
        if (random.chance(0.3)) feed(1)
      }
      expect(new Map([...actual].sort())).toEqual(new Map([...expected].sort()))
      changedMeanwhile += meanwhile.folded.checkpoint().length - 1
      atOnce.folded.checkpoint()
    }
    expect(changedMeanwhile).toBeGreaterThan(40)
  })
})

test('a snapshot must be complete before the next', () => {
  const run = new Run(counting())
  run.send('a', 100)
  const snapshot = run.folded.snapshot()
  expect(() => run.folded.snapshot()).toThrow(/has not been iterated/)
  expect([...snapshot].map(({ key }) => key).sort()).toEqual(['a', '~shared'])
  run.folded.snapshot()
})

describe('timers', () => {
  test('fire in the order of time, then key, before the record that is later', () => {
    const run = new Run(counting())
    run.send('b', 100, 10)
    run.send('a', 100, 10)
    run.send('c', 101, 5)
    run.sent.length = 0
    run.send('d', 200)
    expect(run.sent.map(([key, { topic, time }]) => `${key} ${topic} ${time}`)).toEqual([
      'c woken 106',
      'a woken 110',
      'b woken 110',
      'd counted 200',
    ])
  })
})

describe('forgetting', () => {
  test('a key untouched for longer goes, from the checkpoint too', () => {
    const run = new Run(counting({ forgetAfterMs: 50, nextWakeMs: () => undefined }))
    run.send('old', 100)
    run.send('new', 120)
    run.restart()
    run.send('new', 150)
    expect(run.folded.keyCount).toBe(2)
    run.send('new', 151)
    expect(run.folded.keyCount).toBe(1)
    run.restart()
    expect(run.savedKeys.sort()).toEqual(['new', '~shared'])
  })
})

describe('the limit on keys', () => {
  const limited = () => new Run(counting({ keysMax: 2, nextWakeMs: () => undefined }))

  test('evicts the key left alone longest, and counts it', () => {
    const run = limited()
    for (const key of ['a', 'b', 'a', 'c']) run.send(key, 100)
    expect(run.folded.evicted).toBe(1)
    run.send('a', 100)
    run.send('b', 100)
    expect(run.sent.map(([key, { records }]) => `${key}${records}`)).toEqual(['a1', 'b1', 'a2', 'c1', 'a3', 'b1'])
    run.restart()
    expect(run.savedKeys.sort()).toEqual(['a', 'b', '~evicted', '~shared'])
    expect(run.folded.evicted).toBe(2)
  })

  test('goes by event time: who paid last long ago is evicted, not who came first or has come least', () => {
    const run = limited()
    for (const [key, time] of [
      ['a', 100],
      ['b', 200],
      ['b', 300],
      ['a', 400],
      ['c', 500],
    ] as const) {
      run.send(key, time)
    }
    run.send('a', 600)
    run.send('b', 700)
    expect(run.sent.map(([key, { records }]) => `${key}${records}`)).toEqual(['a1', 'b1', 'b2', 'a2', 'c1', 'a3', 'b1'])
    expect(run.folded.evicted).toBe(2)
    expect(run.folded.keyCount).toBe(2)
  })

  test('an evicted key is not woken', () => {
    const run = new Run(counting({ keysMax: 1 }))
    run.send('a', 100, 5)
    run.send('b', 101, 5)
    run.send('b', 300, 5)
    expect(run.sent.filter(([, { topic }]) => topic === 'woken').map(([key]) => key)).toEqual(['b'])
  })
})

test('a state of another version is refused, a reserved key too', () => {
  const run = new Run(counting())
  expect(() => run.folded.restore([{ key: 'a', version: 2, payload: new Uint8Array(16) }])).toThrow(
    /version 2.*reads 1/,
  )
  expect(() => run.send('~shared', 100)).toThrow(RangeError)
})

test('shared state larger than one part comes back, and shrinks again', () => {
  const run = new Run(counting())
  run.folded.shared.log.push('x'.repeat(600_000))
  run.restart()
  expect(run.savedKeys).toEqual(['~shared', '~shared/1', '~shared/2'])
  expect(run.folded.shared.log[0]).toHaveLength(600_000)
  run.folded.shared.log.pop()
  run.restart()
  expect(run.savedKeys).toEqual(['~shared'])
})
