import { expect, test } from 'vitest'
import { type InUse, UseOrder } from '#services/use-order.ts'

class Entry implements InUse<Entry> {
  readonly name: string
  older: Entry | undefined
  newer: Entry | undefined

  constructor(name: string) {
    this.name = name
  }
}

const [a, b, c] = ['a', 'b', 'c'].map((name) => new Entry(name)) as [Entry, Entry, Entry]

/** Takes out the oldest until none is left. */
function drained(order: UseOrder<Entry>): string {
  let names = ''
  for (let { oldest } = order; oldest !== undefined; { oldest } = order) {
    names += oldest.name
    order.remove(oldest)
  }
  return names
}

test.each([
  ['abc', [a, b, c]],
  ['bca', [a, b, c, a]],
  ['acb', [a, b, c, b]],
  ['abc', [a, b, c, c]],
  ['cab', [b, a, c, a, b]],
  ['a', [a, a]],
])('the order of last use is %s', (expected, uses) => {
  const order = new UseOrder<Entry>()
  for (const entry of uses) order.use(entry)
  expect(drained(order)).toBe(expected)
})

test('what is taken out leaves its neighbours in order, and may come back', () => {
  const order = new UseOrder<Entry>()
  for (const entry of [a, b, c]) order.use(entry)
  order.remove(b)
  order.remove(b)
  expect(order.oldest).toBe(a)
  order.use(b)
  expect(drained(order)).toBe('acb')
})
