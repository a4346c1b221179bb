import { describe, expect, test } from 'vitest'
import { monitorFigures } from '#services/monitor/quality.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { alert, fold, liveFromMs, monitorPartition, score, truth } from './helpers.ts'

const at = (minutes: number) => liveFromMs + minutes * MINUTE_MS
const quality = (...records: Parameters<typeof fold>[0]) => monitorFigures([fold(records)]).quality

describe('precision', () => {
  test('a transaction with several alerts counts once', () => {
    const found = quality(
      truth('a', at(0), { fraud: 'CARD_CLONING', campaign: 'c' }),
      alert('a', at(0), 'alerts.velocity'),
      alert('a', at(0), 'alerts.fraud'),
      truth('b', at(1)),
      alert('b', at(1)),
    )
    expect(found.precision).toBe(0.5)
    expect(found.recall).toBe(1)
  })

  test('there is none before the first alert', () => {
    expect(quality(truth('a', at(0)))).toMatchObject({ precision: null, recall: null, medianTimeToDetectMs: null })
  })

  test('an innocent double that is alerted is no hit', () => {
    const found = quality(truth('a', at(0), { twinOf: 'VELOCITY_ABUSE' }), alert('a', at(0)))
    expect(found).toMatchObject({ precision: 0, recall: null, twins: { seen: 1, alerted: 1 } })
  })
})

describe('detection', () => {
  const fraud = { fraud: 'VELOCITY_ABUSE', campaign: 'c' } as const

  test('an alert also finds the frauds of its campaign in the ten minutes after it, not the ones before', () => {
    const found = quality(
      truth('before', at(0), fraud),
      truth('alerted', at(1), fraud),
      truth('soon', at(11), fraud),
      truth('late', at(11.1), fraud),
      truth('other', at(2), { ...fraud, campaign: 'd' }),
      alert('alerted', at(1)),
    )
    expect(found.byType).toEqual({ VELOCITY_ABUSE: { fraud: 5, detected: 2 } })
    expect(found.campaigns).toEqual({ seen: 2, found: 1 })
  })

  test('what an alert links is alerted, too, up to a week back', () => {
    const linked = [
      { id: 'long ago', timeMs: at(-8 * 24 * 60) },
      { id: 'silent', timeMs: at(20) },
      { id: 'innocent', timeMs: at(21) },
    ]
    const found = quality(
      truth('long ago', at(-8 * 24 * 60), fraud),
      truth('first', at(0), fraud),
      alert('first', at(0)),
      truth('silent', at(20), fraud),
      truth('innocent', at(21)),
      truth('second', at(60), fraud),
      alert('second', at(60), 'alerts.fraud', undefined, linked),
    )
    expect(found.byType).toEqual({ VELOCITY_ABUSE: { fraud: 4, detected: 3 } })
    expect(found.precision).toBe(0.75)
  })

  test('time to detect runs from the first fraud of a campaign to its first alert', () => {
    const found = quality(truth('a', at(0), fraud), truth('b', at(8), fraud), alert('b', at(8)))
    expect(found.medianTimeToDetectMs! / MINUTE_MS).toBeCloseTo(8, 0)
  })

  test('a fraud outside any campaign is found by its own alert', () => {
    const found = quality(truth('a', at(0), { fraud: 'CARD_CLONING' }), alert('a', at(0)))
    expect(found).toMatchObject({ recall: 1, campaigns: { seen: 0, found: 0 } })
  })
})

describe('counts', () => {
  test('history and live part are told apart by event time', () => {
    const early = liveFromMs - DAY_MS
    const shared = fold([truth('a', early), score('a', early), truth('b', at(0)), score('b', at(0)), alert('b', at(0))])
    expect(shared.all).toMatchObject({ judged: 2, scored: 2, alerted: 1 })
    expect(shared.live).toMatchObject({ judged: 1, scored: 1, alerted: 1 })
  })

  test('a revised label changes nothing', () => {
    const once = [truth('a', at(0), { fraud: 'CARD_CLONING' })]
    const revised = truth('a', at(0), { fraud: 'CARD_CLONING', labelVersion: 2 })
    expect(fold([...once, revised])).toEqual(fold(once))
  })

  test('partitions add up', () => {
    const one = fold([truth('a', at(0), { fraud: 'CARD_CLONING' }), alert('a', at(0))])
    const other = fold([truth('b', at(0), { fraud: 'CARD_CLONING' }), score('b', at(0))])
    const figures = monitorFigures([one, other])
    expect(figures).toMatchObject({ judged: 2, scored: 1, alertsBySeverity: { HIGH: 1 } })
    expect(figures.quality).toMatchObject({ recall: 0.5, byType: { CARD_CLONING: { fraud: 2, detected: 1 } } })
  })
})

describe('forgetting', () => {
  const entriesOf = (partition: ReturnType<typeof monitorPartition>) => {
    const saved = partition.checkpoint().find(({ key }) => key === 'CUST0000001')
    return JSON.parse(new TextDecoder().decode(saved!.payload!.subarray(16))).entries.length
  }

  test('waits for truth and scores to move on, both of them', () => {
    const partition = monitorPartition()
    partition.process(truth('a', at(0), { fraud: 'CARD_CLONING', campaign: 'c' }))
    partition.process(score('later', at(0) + 30 * DAY_MS))
    expect(entriesOf(partition)).toBe(1)
    partition.process(truth('later', at(0) + 30 * DAY_MS))
    partition.process(score('last', at(0) + 32 * DAY_MS))
    expect(entriesOf(partition)).toBe(0)
  })

  test('a customer with very many alerts loses the oldest, and it is counted', () => {
    const shared = fold(Array.from({ length: 600 }, (_, i) => alert(`t${i}`, at(i))))
    expect(shared.dropped).toBe(600 - 512)
    expect(shared.all.alerted).toBe(600)
  })
})
