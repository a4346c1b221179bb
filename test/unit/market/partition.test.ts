import { expect, test } from 'vitest'
import { murmur2, partitionOf } from '#schemas/partition.ts'

test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
])('murmur2 of %s is what Kafka computes', (key, hash) => {
  expect(murmur2(key) | 0).toBe(hash)
})

test('a key stays within the partitions', () => {
  for (let n = 0; n < 1000; n++) expect([0, 1, 2, 3, 4]).toContain(partitionOf(`CUST${n}`, 5))
})

test('a key that is not ASCII is refused', () => {
  expect(() => murmur2('ग्राहक')).toThrow(RangeError)
})
