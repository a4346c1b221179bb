import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { frameRequest } from '#infra/kafka/client/frame-request.ts'
import {
  type BatchMessage,
  type Encoded,
  type ProduceOptions,
  produceRequest,
} from '#infra/kafka/client/produce-request.ts'

const require = createRequire(import.meta.url)
const Long = require('kafkajs/src/utils/long') as { fromValue(value: string): ProduceOptions['producerId'] }
const framed = require('kafkajs/src/protocol/request') as typeof frameRequest
type Create = Parameters<typeof produceRequest>[0]
/** kafkajs's requests of all versions that brokers of this decade take are made by the one of version 3. */
const own = require('kafkajs/src/protocol/requests/produce/v3/request.js') as Create
const refuse: Create = (options) => ({
  ...own(options),
  encode: () => Promise.reject(new Error('left to the client')),
})

const AT = 1_760_000_000_000
const message = (fields: Partial<BatchMessage> = {}): BatchMessage => ({
  key: 'CUST0000042',
  value: Buffer.from('value'),
  timestamp: String(AT),
  ...fields,
})
const request = (fields: Partial<ProduceOptions> = {}): ProduceOptions => ({
  acks: -1,
  timeout: 30_000,
  transactionalId: 'rupeestream-producer-1',
  producerId: Long.fromValue('4611686018427387904')!,
  producerEpoch: 7,
  compression: 0,
  topicData: [{ topic: 'transactions', partitions: [{ partition: 1, firstSequence: 12, messages: [message()] }] }],
  ...fields,
})
const sending = (...messages: BatchMessage[]): ProduceOptions =>
  request({ topicData: [{ topic: 'transactions', partitions: [{ partition: 5, firstSequence: 0, messages }] }] })

async function expectSame(options: ProduceOptions): Promise<void> {
  const [ours, theirs] = await Promise.all([produceRequest(refuse)(options).encode(), own(options).encode()])
  expect(ours.buffer.equals(theirs.buffer)).toBe(true)
}

describe('a produce request is what kafkajs makes of it', () => {
  test.each([null, undefined, '', 'ग्राहक', Buffer.alloc(70, 7)])('with key %j', (key) =>
    expectSame(sending(message({ key: key as string }))),
  )

  test.each([0, 1, 62, 63, 64, 65, 8_191, 8_192, 300_000])('with a value of %i bytes', (length) =>
    expectSame(sending(message({ value: Buffer.alloc(length, 0xa5) }))),
  )

  test.each([{ value: null }, { value: 'मूल्य' }])('with %j', (fields) => expectSame(sending(message(fields))))

  test.each([0, 1, 63, 64, 8_191, 8_192, 1_048_576, 2 ** 30 - 1])('with times %i ms apart', (ms) =>
    expectSame(sending(message(), message({ timestamp: String(AT + ms) }), message({ timestamp: String(AT + 1) }))),
  )

  test.each([2, 65, 8_193])('with %i messages', (count) =>
    expectSame(sending(...Array.from({ length: count }, (_, i) => message({ timestamp: String(AT + i) })))),
  )

  test('with several topics and partitions', () =>
    expectSame(
      request({
        topicData: ['scores', 'alerts.fraud'].map((topic) => ({
          topic,
          partitions: [0, 3].map((partition) => ({ partition, firstSequence: 2 ** 31 - 1, messages: [message()] })),
        })),
      }),
    ))
})

test.each([
  ['no messages', sending()],
  ['headers', sending(message({ headers: { a: 'b' } }))],
  ['no time', sending({ key: 'a', value: 'b' })],
  ['a message without a time', sending(message(), { key: 'a', value: 'b' })],
  ['times 13 days apart', sending(message(), message({ timestamp: String(AT + 13 * 86_400_000) }))],
  ['compression', { ...sending(message()), compression: 1 }],
  ['no transaction', { ...sending(message()), transactionalId: null }],
])('a request with %s is left to kafkajs', async (_, options) => {
  await expect(produceRequest(refuse)(options).encode()).rejects.toThrow('left to the client')
})

test.each(['rupeestream', 'रुपया', ''])('a request of client "%s" is framed as by kafkajs', async (clientId) => {
  const framing = { correlationId: 2 ** 31 - 1, clientId, request: { ...own(request()), apiVersion: 7 } }
  const [ours, theirs] = await Promise.all([frameRequest(framing), framed(framing)])
  expect(ours.buffer.equals((theirs as Encoded).buffer)).toBe(true)
})
