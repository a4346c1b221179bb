import { expect, test } from 'vitest'
import { Codec, DecodeError, UnknownWriter } from '#infra/registry/codec.ts'
import { damaged } from '#infra/registry/damage.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import { defaultSettings } from '#services/settings.ts'
import { worldTransactions } from '../../helpers/genuine.ts'

const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)
const records = worldTransactions(defaultSettings, 500).map((tx) => codec.encode('transactions', tx))

test.each([
  ['MAGIC_BYTE', 'NOT_FRAMED'],
  ['TRUNCATED', 'CORRUPT'],
  ['FLIPPED', 'CORRUPT'],
  ['SCHEMA_ID', undefined],
] as const)('a transaction damaged by %s is never read as one', (damage, code) => {
  for (const bytes of records) {
    const before = Buffer.from(bytes)
    const read = (): unknown => codec.decode('transactions', damaged(bytes, damage))
    if (code === undefined) expect(read).toThrow(UnknownWriter)
    else expect(read).toThrow(expect.objectContaining({ name: new DecodeError(code, '').name, code }))
    expect(bytes).toEqual(before)
  }
})
