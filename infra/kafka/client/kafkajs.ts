import { createRequire } from 'node:module'
import type * as Kafkajs from 'kafkajs'
import { committedOnly } from './committed-only.ts'
import { fewerRequests } from './fewer-requests.ts'
import { frameRequest } from './frame-request.ts'
import { groupByPartition } from './group-by-partition.ts'
import { produceRequest } from './produce-request.ts'
import { restingQueue } from './resting-queue.ts'
import { wholeBatches } from './whole-batches.ts'

const require = createRequire(import.meta.url)

/** Replaces a part of kafkajs before the rest of it takes hold of the part. */
function replace(part: string, by: (own: never) => unknown): void {
  const file = require.resolve(`kafkajs/src/${part}.js`)
  const own = require(file)
  require.cache[file]!.exports = by(own as never)
}

// The leaves first: what is loaded for a later one must find the earlier ones replaced.
replace('protocol/request', () => frameRequest)
replace('network/requestQueue/index', restingQueue)
replace('protocol/requests/produce/v3/request', produceRequest)
replace('protocol/recordBatch/v0/decoder', wholeBatches)
replace('producer/groupMessagesPerPartition', () => groupByPartition)
replace('consumer/filterAbortedMessages', () => committedOnly)
replace('producer/eosManager/index', fewerRequests)

/** kafkajs with three mistakes mended and its costly parts replaced: the only way to load it. */
export const {
  Kafka,
  logLevel,
  AssignerProtocol,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} = require('kafkajs') as typeof Kafkajs
