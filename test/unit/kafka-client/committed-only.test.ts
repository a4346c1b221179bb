import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { committedOnly, type Fetched, type FetchedMessage } from '#infra/kafka/client/committed-only.ts'

const ABORT = Buffer.from([0, 0, 0, 0])
const COMMIT = Buffer.from([0, 0, 0, 1])

const message = (offset: number, producerId: string, key: Buffer = Buffer.from('C1'), isControlRecord = false) => ({
  key,
  offset: String(offset),
  isControlRecord,
  batchContext: { producerId, inTransaction: true },
})
const mark = (offset: number, producerId: string, kind: Buffer) => message(offset, producerId, kind, true)

const seen = (messages: readonly FetchedMessage[]): number[] =>
  messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => Number(offset))

/** Two producers whose transactions overlap and are both aborted, between two of a third that are committed. */
const overlapping: Fetched<FetchedMessage> = {
  messages: [
    message(10, '7'),
    mark(11, '7', COMMIT),
    message(12, '8'),
    message(13, '9'),
    message(14, '8'),
    mark(15, '9', ABORT),
    message(16, '8'),
    mark(17, '8', ABORT),
    message(18, '8'),
    mark(19, '8', COMMIT),
  ],
  // As the broker lists them: in the order of their ends.
  abortedTransactions: [
    { producerId: '9', firstOffset: '13' },
    { producerId: '8', firstOffset: '12' },
  ],
}

/** The same, read from the middle: both transactions have begun before. */
const fromTheMiddle: Fetched<FetchedMessage> = { ...overlapping, messages: overlapping.messages.slice(4) }

describe('committed records only', () => {
  test('overlapping aborted transactions are left out, whatever their order', () => {
    expect(seen(committedOnly(overlapping))).toEqual([10, 18])
    const { messages, abortedTransactions } = overlapping
    expect(seen(committedOnly({ messages, abortedTransactions: [...abortedTransactions!].reverse() }))).toEqual([
      10, 18,
    ])
  })

  test('a fetch that begins in the middle of two aborted transactions has none of their records', () => {
    expect(seen(committedOnly(fromTheMiddle))).toEqual([18])
  })

  test('what is outside of any transaction stays, though its producer has aborted one', () => {
    const plain = { ...message(13, '9'), batchContext: { producerId: '9', inTransaction: false } }
    const messages = [message(12, '9'), plain, mark(14, '9', ABORT)]
    expect(seen(committedOnly({ messages, abortedTransactions: [{ producerId: '9', firstOffset: '12' }] }))).toEqual([
      13,
    ])
  })

  test("a record's own key may look like an abort marker", () => {
    const messages = [message(12, '9', ABORT), message(13, '9'), mark(14, '9', ABORT)]
    expect(seen(committedOnly({ messages, abortedTransactions: [{ producerId: '9', firstOffset: '12' }] }))).toEqual([])
  })

  test.each([[undefined], [null], [[]]])(
    'without aborted transactions (%j) everything stays',
    (abortedTransactions) => {
      const { messages } = overlapping
      expect(committedOnly({ messages, ...(abortedTransactions !== undefined && { abortedTransactions }) })).toEqual(
        messages,
      )
    },
  )

  test('the client has taken this filter, and would need it no longer if its own were right', async () => {
    await import('#infra/kafka/client/kafkajs.ts')
    const require = createRequire(import.meta.url)
    const Batch = require('kafkajs/src/consumer/batch.js')
    const data = { partition: 0, highWatermark: '20', ...overlapping }
    expect(seen(new Batch('t', '0', data).messages)).toEqual([10, 18])

    const file = require.resolve('kafkajs/src/consumer/filterAbortedMessages.js')
    delete require.cache[file]
    const own = require(file)
    expect(seen(own(overlapping))).not.toEqual([10, 18])
    expect(seen(own(fromTheMiddle))).not.toEqual([18])
  })
})
