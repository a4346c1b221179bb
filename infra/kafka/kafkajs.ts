import { createRequire } from 'node:module'
import type * as Kafkajs from 'kafkajs'
import { committedOnly } from './committed-only.ts'

const require = createRequire(import.meta.url)

/** The client's filter of aborted messages; replaced before the client takes hold of it. */
const filter = require.resolve('kafkajs/src/consumer/filterAbortedMessages.js')
require(filter)
require.cache[filter]!.exports = committedOnly

/** kafkajs, with one mistake mended: the only way to load it. */
export const { Kafka, logLevel, AssignerProtocol } = require('kafkajs') as typeof Kafkajs
