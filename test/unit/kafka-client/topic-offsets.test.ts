import { expect, test } from 'vitest'
import type { Kafka } from '#infra/kafka/client.ts'
import { fetchOffsetsOf } from '#infra/kafka/topic-offsets.ts'

const extents = [{ partition: 0, offset: '3', low: '1', high: '3' }]

/** A broker that refuses so many times, with an error as kafkajs throws it. */
function refusing(times: number, refusal: { type: string; retriable: boolean }) {
  const admins = { opened: 0, closed: 0 }
  const kafka = {
    admin: () => ({
      connect: async () => void admins.opened++,
      disconnect: async () => void admins.closed++,
      fetchTopicOffsets: async () => {
        if (admins.opened <= times) throw Object.assign(new Error('refused'), refusal)
        return extents
      },
    }),
  } as unknown as Kafka
  return { kafka, admins }
}

test('a topic that its broker does not lead yet is asked for again, by a client that has not seen the old leader', async () => {
  const { kafka, admins } = refusing(2, { type: 'NOT_LEADER_FOR_PARTITION', retriable: true })
  expect(await fetchOffsetsOf(kafka, ['a', 'b'])).toEqual(
    new Map([
      ['a', extents],
      ['b', extents],
    ]),
  )
  expect(admins).toEqual({ opened: 3, closed: 3 })
})

test('who asks again by itself asks once', async () => {
  const { kafka, admins } = refusing(1, { type: 'NOT_LEADER_FOR_PARTITION', retriable: true })
  await expect(fetchOffsetsOf(kafka, ['a'], 0)).rejects.toMatchObject({ retriable: true })
  expect(admins).toEqual({ opened: 1, closed: 1 })
})

test.each([
  { type: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true },
  { type: 'TOPIC_AUTHORIZATION_FAILED', retriable: false },
])('what does not pass is told at once: $type', async (refusal) => {
  const { kafka, admins } = refusing(1, refusal)
  await expect(fetchOffsetsOf(kafka, ['a'])).rejects.toMatchObject(refusal)
  expect(admins).toEqual({ opened: 1, closed: 1 })
})
