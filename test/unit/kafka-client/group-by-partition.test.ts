import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { groupByPartition } from '#infra/kafka/client/group-by-partition.ts'

const own = createRequire(import.meta.url)(
  'kafkajs/src/producer/groupMessagesPerPartition.js',
) as typeof groupByPartition

const grouping = {
  topic: 't',
  partitionMetadata: [{}, {}, {}],
  messages: Array.from({ length: 50 }, (_, i) => ({ i, partition: (i * i) % 3 })),
  partitioner: ({ message }: { message: { partition: number } }) => message.partition,
}

test('messages are grouped as kafkajs groups them', () => {
  expect(groupByPartition(grouping)).toEqual(own(grouping))
  expect(groupByPartition({ ...grouping, partitionMetadata: [] })).toEqual({})
})
