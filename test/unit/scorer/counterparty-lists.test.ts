import { expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import { ByteReader, ByteWriter } from '#services/scorer/bytes.ts'
import { counterpartyFold } from '#services/scorer/counterparty.ts'
import { CounterpartyLists, DAYS, MINUTES, PAYERS, SHARES } from '#services/scorer/counterparty-lists.ts'
import { DAY_MS } from '#services/time.ts'
import { NOON } from './helpers.ts'

/** Number of the list, words of a row, rows that there are at the most. */
const lists = [
  [MINUTES, 3, 300],
  [PAYERS, 2, 64],
  [SHARES, 2, 129],
  [DAYS, 2, 33],
] as const

const wordsOf = (all: CounterpartyLists, list: number): number[] => [
  ...all.words.subarray(all.start(list), all.end(list)),
]

test.each(['a', 'b', 'c'])('rows come and go as in lists of their own (seed %s)', (seed) => {
  const random = new Random().at(streamKey(seed, 'lists'), 0, 0)
  const all = new CounterpartyLists()
  const expected: number[][] = lists.map(() => [])
  for (let i = 0; i < 4_000; i++) {
    const [list, width, most] = random.pick(lists)
    const own = expected[list]!
    const row = width * random.below(own.length / width + 1)
    if (own.length === width * most || (row < own.length && random.chance(0.3))) {
      const rows = width * random.integer(1, 1 + random.below(3))
      const at = Math.min(row, own.length - width)
      const taken = own.splice(at, rows).length
      all.remove(list, all.start(list) + at, all.start(list) + at + taken)
    } else {
      const values = Array.from({ length: width }, () => random.uint32())
      own.splice(row, 0, ...values)
      const at = all.insert(list, all.start(list) + row, width)
      all.words.set(values, at)
    }
    if (i % 10 > 0) continue
    for (const [other] of lists) expect(wordsOf(all, other), `step ${i}`).toEqual(expected[other])
  }
  expect(Math.max(...expected.map(({ length }) => length))).toBeGreaterThan(100)
})

test('a counterparty comes back from its bytes, and goes on as if it had not been away', () => {
  const random = new Random().at(streamKey('bytes', 'counterparty'), 0, 0)
  const away = (state: ReturnType<typeof counterpartyFold.initialState>) => {
    const out = new ByteWriter()
    counterpartyFold.write(out, state)
    return counterpartyFold.read(new ByteReader(out.finish()))
  }
  const stayed = counterpartyFold.initialState()
  let restarted = counterpartyFold.initialState()
  for (let i = 0, now = NOON; i < 1_500; i++) {
    now += random.below(DAY_MS / 40)
    const question = {
      source_partition: 0,
      order_time: now,
      kind: 'COUNTERPARTY',
      entity_id: 'MER1',
      transaction_id: `Q${i}`,
      customer_id: `CUST${random.below(90)}`,
      event_time: now - (random.chance(0.2) ? random.below(DAY_MS) : 0),
      amount_minor: 100,
      declined: random.chance(0.2),
    } as const
    expect(counterpartyFold.answer(restarted, question)).toEqual(counterpartyFold.answer(stayed, question))
    if (random.chance(0.1)) restarted = away(restarted)
  }
})
