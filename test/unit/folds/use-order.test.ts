import { expect, test } from 'vitest'
import { type InUse, UseOrder } from '#services/use-order.ts'

interface Entry extends InUse {
  readonly name: string
}

const entry = (name: string): Entry => ({ name, place: 0 })

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
  ['abc', 'abc'],
  ['bca', 'abca'],
  ['acb', 'abcb'],
  ['abc', 'abcc'],
  ['cab', 'bacab'],
  ['a', 'aa'],
])('the order of last use is %s', (expected, uses) => {
  const order = new UseOrder<Entry>()
  const known = new Map<string, Entry>()
  for (const name of uses) {
    const one = known.get(name) ?? entry(name)
    if (known.has(name)) order.use(one)
    else order.add(one)
    known.set(name, one)
  }
  expect(drained(order)).toBe(expected)
})

test('what is taken out leaves its neighbours in order, and may come back', () => {
  const order = new UseOrder<Entry>()
  const [a, b, c] = [entry('a'), entry('b'), entry('c')]
  for (const one of [a, b, c]) order.add(one)
  order.remove(b)
  expect(order.oldest).toBe(a)
  order.add(b)
  expect(drained(order)).toBe('acb')
})

test('holds any number, and gives places anew that have become free', () => {
  const order = new UseOrder<Entry>()
  const many = Array.from({ length: 1_000 }, (_, i) => entry(`${i} `))
  for (const one of many) order.add(one)
  for (const one of many.slice(0, 500)) order.remove(one)
  for (const one of many.slice(0, 500)) order.add(one)
  for (const one of many.slice(600, 700)) order.use(one)
  const expected = [...many.slice(500, 600), ...many.slice(700), ...many.slice(0, 500), ...many.slice(600, 700)]
  expect(Math.max(...many.map(({ place }) => place))).toBe(1_000)
  expect(drained(order)).toBe(expected.map(({ name }) => name).join(''))
})
