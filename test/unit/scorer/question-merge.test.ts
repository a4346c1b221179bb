import { describe, expect, test } from 'vitest'
import type { Question } from '#schemas/types.ts'
import { ByteReader, ByteWriter } from '#services/scorer/bytes.ts'
import { QuestionMerge } from '#services/scorer/question-merge.ts'
import { dice } from './traffic.ts'

const question = (source: number, order_time: number, transaction_id = ''): Question => ({
  source_partition: source,
  order_time,
  kind: transaction_id === '' ? 'WATERMARK' : 'DEVICE',
  entity_id: 'DEV1',
  transaction_id,
  customer_id: 'CUST0000001',
  event_time: order_time,
  amount_minor: 100,
  declined: false,
})

function takeAll(merge: QuestionMerge): string[] {
  const taken: string[] = []
  for (let next = merge.take(); next !== undefined; next = merge.take()) taken.push(next.transaction_id)
  return taken
}

describe('a question waits until nothing earlier can follow', () => {
  test('one source waits for nobody', () => {
    const merge = new QuestionMerge(1)
    merge.add(question(0, 5, 'a'))
    expect(takeAll(merge)).toEqual(['a'])
  })

  test('a silent source holds all, a watermark lets them go', () => {
    const merge = new QuestionMerge(2)
    merge.add(question(0, 5, 'a'))
    expect(takeAll(merge)).toEqual([])
    merge.add(question(1, 6))
    expect(takeAll(merge)).toEqual(['a'])
  })

  test('at the same time the earlier source goes first, even if it speaks later', () => {
    const merge = new QuestionMerge(2)
    merge.add(question(1, 5, 'b'))
    merge.add(question(0, 5))
    expect(takeAll(merge)).toEqual([])
    merge.add(question(0, 5, 'a'))
    expect(takeAll(merge)).toEqual(['a'])
    merge.add(question(0, 6))
    expect(takeAll(merge)).toEqual(['b'])
  })
})

const sources = Array.from({ length: 5 }, (_, source) => {
  const random = dice(`source ${source}`)
  let time = 0
  return Array.from({ length: 300 }, (_, i) => {
    time += random.below(3)
    return question(source, time, random.chance(0.1) ? '' : `${source}/${i}`)
  })
})

function merged(seed: string, restarts: boolean): string[] {
  const random = dice(seed)
  let merge = new QuestionMerge(sources.length)
  const logs = sources.map((log) => [...log, question(log[0]!.source_partition, 1e9)])
  const out: string[] = []
  while (logs.some((log) => log.length > 0)) {
    for (const next of random.pick(logs.filter((log) => log.length > 0)).splice(0, random.integer(1, 50)))
      merge.add(next)
    out.push(...takeAll(merge))
    if (restarts && random.chance(0.3)) merge = reread(merge)
  }
  return out
}

function reread(merge: QuestionMerge): QuestionMerge {
  const out = new ByteWriter()
  merge.write(out)
  return QuestionMerge.read(new ByteReader(out.finish()))
}

test('any interleaving gives the one order of (time, source, arrival)', () => {
  const all = sources.flat().filter(({ transaction_id }) => transaction_id !== '')
  const expected = all.sort((a, b) => a.order_time - b.order_time || a.source_partition - b.source_partition)
  for (const seed of ['a', 'b', 'c', 'd']) {
    expect(merged(seed, seed > 'b')).toEqual(expected.map(({ transaction_id }) => transaction_id))
  }
})

test('too many held questions go on before their time, and are counted', () => {
  const merge = new QuestionMerge(2)
  for (let i = 0; i <= 200_000; i++) merge.add(question(0, i, `q${i}`))
  expect(takeAll(merge)).toEqual(['q0'])
  expect(merge.overflowed).toBe(1)
})
