import { expect, test } from 'vitest'
import { Codec } from '#infra/registry/codec.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'

const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)

test('bytes made without a Buffer are encoded as they are', () => {
  const within = Uint8Array.of(9, 1, 2, 3, 9)
  const features = {
    transaction_id: 'T1',
    customer_id: 'CUST0000001',
    event_time: 1,
    list_version: 1,
    values: within.subarray(1, 4),
    intended_at: null,
  }
  expect([...codec.decode('features', codec.encode('features', features)).values]).toEqual([1, 2, 3])
})

test('bytes may be null', () => {
  const letter = {
    source_topic: 'transactions',
    source_partition: 0,
    source_offset: 1,
    cause: 'CORRUPT',
    message: 'cut off',
    service: 'scorer',
    key: null,
    value: Uint8Array.of(7),
    source_timestamp: 1,
  } as const
  const read = codec.decode('dead-letters', codec.encode('dead-letters', letter))
  expect(read.key).toBeNull()
  expect([...read.value!]).toEqual([7])
})
