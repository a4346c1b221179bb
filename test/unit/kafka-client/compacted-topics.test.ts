import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { Kafka } from '#infra/kafka/client.ts'
import { CompactedTopics, type Newest } from '#infra/kafka/compacted-topics.ts'
import { Codec } from '#infra/registry/codec.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { Control } from '#schemas/types.ts'

interface Record {
  readonly offset: string
  readonly key: Buffer
  readonly value: Buffer
}

type Handler = (event: { payload: unknown }) => void

/** A consumer of one partition that delivers what it is told to, as kafkajs would. */
class StandInConsumer {
  readonly #handlers = new Map<string, Handler>()
  #eachMessage: ((payload: unknown) => Promise<void>) | undefined
  readonly running = Promise.withResolvers<void>()

  on(event: string, handler: Handler): void {
    this.#handlers.set(event, handler)
  }

  async connect(): Promise<void> {}
  async subscribe(): Promise<void> {}
  async disconnect(): Promise<void> {}

  async run({ eachMessage }: { eachMessage: (payload: unknown) => Promise<void> }): Promise<void> {
    this.#eachMessage = eachMessage
    this.running.resolve()
  }

  crash(): void {
    this.#handlers.get('consumer.crash')!({ payload: { restart: false, error: new Error('gone') } })
  }

  /** A batch, and the mark of a transaction at its end. */
  async batch(records: readonly Record[], lastOffset: string): Promise<void> {
    for (const message of records) await this.#eachMessage!({ topic: 'p.control', partition: 0, message })
    this.#handlers.get('consumer.end_batch_process')!({ payload: { topic: 'p.control', partition: 0, lastOffset } })
  }
}

const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as { [T in TopicName]: number })

const rate = (offset: number, number: number): Record => ({
  offset: String(offset),
  key: Buffer.from('PRODUCER'),
  value: codec.encode('control', { target: 'PRODUCER', command: 'RATE', number, text: null, customer_id: null }),
})

/** A topic that ends at this offset, and what is heard of it. */
async function open(end: number) {
  const consumers: StandInConsumer[] = []
  const second = Promise.withResolvers<StandInConsumer>()
  const kafka = {
    consumer() {
      const consumer = new StandInConsumer()
      consumers.push(consumer)
      if (consumers.length === 2) second.resolve(consumer)
      return consumer
    },
    admin: () => ({
      connect: async () => {},
      disconnect: async () => {},
      fetchTopicOffsets: async () => [
        { partition: 0, low: '0', high: String(end) },
        { partition: 1, low: '0', high: '0' },
      ],
    }),
  } as unknown as Kafka
  const heard: (number | null)[] = []
  const onRecord = ({ value }: Newest): void => void heard.push((value as Control).number)
  const lookUp = async () => null
  const topics = new CompactedTopics({ codec, topicPrefix: 'p.', lookUp, log: pino({ level: 'silent' }), onRecord })
  onTestFinished(() => topics.stop())
  await topics.start(kafka, ['control'], 'test')
  return { topics, kafka, heard, first: consumers[0]!, second: second.promise }
}

test('a reader that has to start over passes on nothing twice', async () => {
  const { heard, first, second } = await open(6)
  await first.batch([rate(0, 1), rate(2, 2)], '3')
  first.crash()
  const again = await second
  await again.running.promise
  // In other batches than before: the end of an early one is not how far it has come.
  await again.batch([rate(0, 1)], '1')
  await again.batch([rate(2, 2)], '3')
  await again.batch([rate(4, 3)], '5')
  expect(heard).toEqual([1, 2, 3])
})

test('it has caught up when it has seen the mark behind the last record, and a partition without records is none', async () => {
  const { topics, kafka, first } = await open(4)
  let isThere = false
  const caughtUp = topics.caughtUp(kafka, ['control']).then(() => {
    isThere = true
  })
  await first.batch([rate(0, 1)], '1')
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(isThere).toBe(false)
  await first.batch([rate(2, 2)], '3')
  await caughtUp
})

test('of an empty topic there is nothing to wait for', async () => {
  const { topics, kafka } = await open(0)
  await topics.caughtUp(kafka, ['control'])
})

test('a record that cannot be read is passed over', async () => {
  const { heard, first } = await open(2)
  await first.batch([{ ...rate(0, 1), value: Buffer.from('junk') }, rate(1, 2)], '1')
  expect(heard).toEqual([2])
})
