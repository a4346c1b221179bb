import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { type BatchRecord, type Encoded, encodeRecord } from '#infra/kafka/client/encode-record.ts'

const require = createRequire(import.meta.url)
const own = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: BatchRecord) => Encoded
const bytesOf = ({ buffer }: Encoded): Buffer => {
  const bytes = Buffer.alloc(buffer.length, 0xee)
  buffer.copy(bytes, 0)
  return bytes
}
const refuse = (): Encoded => {
  throw new Error('left to the client')
}
const record = (fields: Partial<BatchRecord>): BatchRecord => ({
  key: 'CUST0000042',
  value: Buffer.from('value'),
  offsetDelta: 0,
  timestampDelta: 0,
  ...fields,
})

describe('records of a batch', () => {
  const lengths = [0, 1, 62, 63, 64, 65, 8_191, 8_192, 300_000]
  test.each([
    ...[0, 1, 63, 64, 127, 128, 8_191, 8_192, 499, 100_000].map((offsetDelta) => ({ offsetDelta })),
    ...[0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 2 ** 30, 2 ** 31 - 1].map((timestampDelta) => ({
      timestampDelta,
    })),
    ...[null, '', 'ग्राहक', Buffer.alloc(70, 7)].map((key) => ({ key })),
    { value: null },
  ])('are what kafkajs makes of them: %j', (fields) => {
    expect(bytesOf(encodeRecord(refuse)(record(fields)))).toEqual(bytesOf(own(record(fields))))
  })

  test.each(lengths)('of %i bytes are too', (length) => {
    const long = record({ value: Buffer.alloc(length, 0xa5) })
    expect(bytesOf(encodeRecord(refuse)(long)).equals(bytesOf(own(long)))).toBe(true)
  })

  test.each([{ headers: { a: 'b' } }, { timestampDelta: 2 ** 31 }, { timestampDelta: -1 }])(
    'with %j are left to kafkajs',
    (fields) => {
      expect(() => encodeRecord(refuse)(record(fields))).toThrow('left to the client')
    },
  )
})
