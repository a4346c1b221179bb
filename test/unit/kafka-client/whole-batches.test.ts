import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { type DecodedBatch, wholeBatches } from '#infra/kafka/client/whole-batches.ts'

const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js')
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js')
const Decoder = require('kafkajs/src/protocol/decoder.js')
const Batch = require('kafkajs/src/consumer/batch.js')
const own = require('kafkajs/src/protocol/recordBatch/v0/decoder.js')

/** A batch of offsets 40 to 44, of which compaction has left these. */
async function bytes(left: readonly number[]): Promise<Buffer> {
  const records = left.map((offset) =>
    encodeRecord({ key: 'k', value: 'v', offsetDelta: offset - 40, timestampDelta: 0 }),
  )
  const batch = await RecordBatch({ firstOffset: 40, lastOffsetDelta: 4, records, transactional: true })
  const { buffer } = batch
  // The decoder is handed what follows the first offset and the length.
  return buffer
}

async function fetched(decode: (decoder: unknown) => Promise<DecodedBatch>, left: readonly number[], from: number) {
  const { records } = await decode(new Decoder(await bytes(left)))
  return new Batch('topic', String(from), { partition: 0, highWatermark: '100', messages: records })
}

describe('a batch that compaction has been at', () => {
  test.each([
    { left: [], from: 40 },
    { left: [40, 41], from: 42 },
  ])('$left of 40 to 44, read from $from, is left behind', async ({ left, from }) => {
    const batch = await fetched(wholeBatches(own), left, from)
    expect(batch.messages).toEqual([])
    expect(batch.isEmptyDueToFiltering()).toBe(true)
    expect(batch.lastOffset()).toBe('44')
  })

  test.each([{ left: [40, 42] }, { left: [44] }, { left: [40, 41, 42, 43, 44] }])('shows $left', async ({ left }) => {
    const batch = await fetched(wholeBatches(own), left, 40)
    expect(batch.messages.map(({ offset }: { offset: string }) => Number(offset))).toEqual(left)
    expect(batch.lastOffset()).toBe('44')
  })

  test('would stop a reader that has only kafkajs: then this is still needed', async () => {
    const batch = await fetched(own, [], 40)
    expect(batch.isEmpty()).toBe(true)
    expect(batch.isEmptyDueToFiltering()).toBe(false)
  })
})
