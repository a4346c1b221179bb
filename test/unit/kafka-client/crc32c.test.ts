import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { crc32c } from '#infra/kafka/client/crc32c.ts'

const own = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/index.js') as typeof crc32c

test.each([0, 1, 7, 8, 9, 63, 64, 1_000, 65_537])('the check sum of %i bytes is what kafkajs computes', (length) => {
  const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 7_919) & 255))
  expect(crc32c(bytes)).toBe(own(bytes))
})

test('it is the one that RFC 3720 names', () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa)
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
})
