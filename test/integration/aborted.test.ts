import { expect, test } from 'vitest'
import { connectKafka, type Transaction } from '#infra/kafka/client.ts'
import { waitForLeaders } from '#infra/kafka/deploy-topics.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import type { InjectorTotals } from '#services/fraud-injector/totals.ts'
import { readCommitted } from '../helpers/chaos/read-committed.ts'
import { PATIENCE } from '../helpers/child.ts'
import { deploy, ownSettings, silent } from '../helpers/deployed.ts'
import { anyFold, RunningFolds } from '../helpers/running-folds.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

describeOnStack('aborted transactions', () => {
  test('nobody sees the records of those that overlap, whichever ended first', async () => {
    const topic = `${uniquePrefix()}overlap`
    const kafka = connectKafka(sharedStack().connection, 'aborted', silent)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
    await waitForLeaders(admin, [topic])
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

  test('at the end of a stream that stands still are nothing that is left to read', async () => {
    const { connection } = sharedStack()
    const settings = ownSettings({ partitions: 1 })
    await deploy(connection, settings)
    const kafka = connectKafka(connection, 'aborted-end', silent)
    const topic = `${settings.topicPrefix}transactions.genuine`
    const producer = kafka.producer({ transactionalId: `${topic}-end`, idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const write = async (end: 'commit' | 'abort') => {
      const transaction = await producer.transaction()
      await transaction.send({ topic, acks: -1, messages: [{ key: 'k', value: 'unreadable', partition: 0 }] })
      await transaction[end]()
    }
    /** Runs the injector until it has caught up; how many records it has read by then, in all its lives. */
    const caughtUp = async () => {
      const folds = await RunningFolds.start(connection, settings, [anyFold(fraudInjector(settings))])
      try {
        await Promise.race([folds.done, expect.poll(() => folds.isCaughtUp, PATIENCE).toBe(true)])
        return folds.shared<InjectorTotals>()[0]!.refused
      } finally {
        await folds.stop()
      }
    }
    try {
      await write('abort')
      await write('abort')
      expect(await caughtUp()).toBe(0)
      await write('commit')
      await write('abort')
      await write('abort')
      expect(await caughtUp()).toBe(1)
      // Begins after the last record that anybody sees, with nothing but what was aborted to come.
      expect(await caughtUp()).toBe(1)
      await write('abort')
      await write('commit')
      expect(await caughtUp()).toBe(2)
    } finally {
      await producer.disconnect()
    }
  })
})
