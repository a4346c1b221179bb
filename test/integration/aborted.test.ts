import { expect, test } from 'vitest'
import { connectKafka, type Transaction } from '#infra/kafka/client.ts'
import { readCommitted } from '../helpers/chaos/read-committed.ts'
import { silent } from '../helpers/deployed.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

describeOnStack('aborted transactions', () => {
  test('nobody sees the records of those that overlap, whichever ended first', async () => {
    const topic = `${uniquePrefix()}overlap`
    const kafka = connectKafka(sharedStack().connection, 'aborted', silent)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
    const producers = ['first', 'second', 'third'].map((name) =>
      kafka.producer({ transactionalId: `${topic}-${name}`, idempotent: true, maxInFlightRequests: 1 }),
    )
    try {
      for (const producer of producers) await producer.connect()
      const begin = (i: number): Promise<Transaction> => producers[i]!.transaction()
      const send = (transaction: Transaction, value: string) =>
        transaction.send({ topic, acks: -1, messages: [{ key: 'k', value, partition: 0 }] })

      const [first, second] = [await begin(0), await begin(1)]
      await send(first, 'aborted last')
      await send(second, 'aborted first')
      await send(first, 'aborted last')
      await second.abort()
      await first.abort()
      const third = await begin(2)
      await send(third, 'committed')
      await third.commit()

      const [messages] = (await readCommitted(kafka, [topic], 1)).values()
      expect(messages?.map(({ value }) => value?.toString())).toEqual(['committed'])
    } finally {
      for (const producer of producers) await producer.disconnect()
      await admin.deleteTopics({ topics: [topic] })
      await admin.disconnect()
    }
  })
})
