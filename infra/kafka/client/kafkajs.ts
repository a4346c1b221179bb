import { createRequire } from 'node:module'
import type * as Kafkajs from 'kafkajs'
import { committedOnly } from './committed-only.ts'
import { encodeRecord } from './encode-record.ts'
import { groupByPartition } from './group-by-partition.ts'

const require = createRequire(import.meta.url)

/** Replaces a part of kafkajs before the rest of it takes hold of the part. */
function replace(part: string, by: (own: never) => unknown): void {
  const file = require.resolve(`kafkajs/src/${part}.js`)
  const own = require(file)
  require.cache[file]!.exports = by(own as never)
}

replace('consumer/filterAbortedMessages', () => committedOnly)
replace('producer/groupMessagesPerPartition', () => groupByPartition)
replace('protocol/recordBatch/record/v0/index', encodeRecord)

/** kafkajs with one mistake mended and two slow parts replaced: the only way to load it. */
export const { Kafka, logLevel, AssignerProtocol } = require('kafkajs') as typeof Kafkajs
