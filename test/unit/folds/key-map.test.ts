import { expect, test } from 'vitest'
import { type Key, KeyMap, wholeKey } from '#services/key-map.ts'

const device: Key = { kind: 'device/', id: 'a' }
const plain: Key = { kind: '', id: 'a' }

test('a key is the same, said whole or in two parts', () => {
  const map = new KeyMap<Key>(['device/'])
  for (const key of [device, plain]) {
    map.add(key)
    expect(map.get(key.id, key.kind)).toBe(key)
    expect(map.find(wholeKey(key))).toBe(key)
    expect(map.split(wholeKey(key))).toEqual(key)
  }
  expect(map.size).toBe(2)
  map.remove(device)
  expect([map.find('device/a'), map.find('a'), map.size]).toEqual([undefined, plain, 1])
})

test('refuses a kind that it was not told of', () => {
  expect(() => new KeyMap(['device/']).get('a', 'devise/')).toThrow(/devise\/ is none of the kinds of keys: device\//)
})
