import { crc32c } from './crc32c.ts'

/** A message as the client has been given it. */
export interface BatchMessage {
  readonly key?: Buffer | string | null
  readonly value: Buffer | string | null
  /** Milliseconds, decimal. */
  readonly timestamp?: string
  readonly headers?: Readonly<Record<string, unknown>>
}

/** Messages of one partition, as the client is about to encode them. */
export interface PartitionData {
  readonly partition: number
  readonly firstSequence: number
  readonly messages: readonly BatchMessage[]
}

export interface ProduceOptions {
  readonly acks: number
  readonly timeout: number
  readonly transactionalId?: string | null
  readonly producerId?: { toString(): string }
  readonly producerEpoch?: number
  readonly compression?: number
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly PartitionData[] }[]
}

/** What the client's connection asks of an encoded request: `buf` marks an encoder of its own. */
export interface Encoded {
  readonly buf: Buffer
  readonly buffer: Buffer
}

interface ProduceRequest {
  readonly apiKey: number
  readonly apiVersion: number
  encode(): Promise<Encoded>
}

type CreateRequest = (options: ProduceOptions) => ProduceRequest

const INT32 = 2 ** 31
/** Bytes of a request beside its topics, of a topic beside its name, of a batch and of a record beside its contents. */
const REQUEST_BYTES = 12
const TOPIC_BYTES = 6
const BATCH_BYTES = 8 + 61
const RECORD_BYTES = 5 * 5 + 2
/** From a batch's beginning: what its length and its check sum begin to count at, and where its records begin. */
const LENGTH_FROM = 12
const CRC_AT = 17
const CRC_FROM = 21
const MAGIC = 2
const TRANSACTIONAL = 16

/**
 * Produce requests (versions 3 to 7; record batches of format 2) written once, into one buffer: byte for byte what
 * kafkajs makes of them by copying each record eight times. What is compressed, has headers, lacks times, spans more than
 * 12 days or belongs to no transaction is left to kafkajs.
 */
export const produceRequest =
  (own: CreateRequest): CreateRequest =>
  (options) => {
    const request = own(options)
    if (options.transactionalId == null || options.compression || !options.topicData.every(isPlain)) return request
    return { ...request, encode: async () => encode(options) }
  }

function isPlain({ partitions }: ProduceOptions['topicData'][number]): boolean {
  return partitions.every(({ messages }) => {
    const first = Number(messages[0]?.timestamp)
    // Without a message, or without a time, there is no such distance, and no comparison holds.
    const isNear = (timestamp?: string): boolean => Math.abs(Number(timestamp) - first) < INT32 / 2
    return isNear(messages[0]?.timestamp) && messages.every((it) => it.headers === undefined && isNear(it.timestamp))
  })
}

function encode({ acks, timeout, transactionalId, topicData, ...producer }: ProduceOptions): Encoded {
  const id = transactionalId!
  let most = REQUEST_BYTES + 3 * id.length
  for (const { topic, partitions } of topicData) {
    most += TOPIC_BYTES + 3 * topic.length
    for (const { messages } of partitions) most += mostBytes(messages)
  }
  const buf = Buffer.allocUnsafe(most)
  let at = writeString(buf, 0, id)
  at = buf.writeInt16BE(acks, at)
  at = buf.writeInt32BE(timeout, at)
  at = buf.writeInt32BE(topicData.length, at)
  for (const { topic, partitions } of topicData) {
    at = writeString(buf, at, topic)
    at = buf.writeInt32BE(partitions.length, at)
    for (const data of partitions) {
      const start = buf.writeInt32BE(data.partition, at) + 4
      at = writeBatch(buf, start, data, producer)
      buf.writeInt32BE(at - start, start - 4)
    }
  }
  return { buf, buffer: buf.subarray(0, at) }
}

/** A bound: of a string, three bytes each UTF-16 unit. */
function mostBytes(messages: readonly BatchMessage[]): number {
  let bytes = BATCH_BYTES + RECORD_BYTES * messages.length
  for (const { key, value } of messages) bytes += 3 * (key?.length ?? 0) + most(value)
  return bytes
}

const most = (bytes: Buffer | string | null): number =>
  bytes === null ? 0 : typeof bytes === 'string' ? 3 * bytes.length : bytes.length

type Producer = Pick<ProduceOptions, 'producerId' | 'producerEpoch'>

function writeBatch(buf: Buffer, start: number, data: PartitionData, { producerId, producerEpoch }: Producer): number {
  const { messages, firstSequence } = data
  const times = messages.map(({ timestamp }) => Number(timestamp))
  const firstMs = times.reduce((a, b) => Math.min(a, b))
  let at = start + CRC_FROM
  at = buf.writeInt16BE(TRANSACTIONAL, at)
  at = buf.writeInt32BE(messages.length - 1, at)
  at = buf.writeBigInt64BE(BigInt(firstMs), at)
  at = buf.writeBigInt64BE(BigInt(times.reduce((a, b) => Math.max(a, b))), at)
  at = buf.writeBigInt64BE(BigInt(String(producerId)), at)
  at = buf.writeInt16BE(producerEpoch!, at)
  at = buf.writeInt32BE(firstSequence, at)
  at = buf.writeInt32BE(messages.length, at)
  for (let i = 0; i < messages.length; i++) at = writeRecord(buf, at, messages[i]!, times[i]! - firstMs, i)
  buf.writeBigInt64BE(0n, start)
  buf.writeInt32BE(at - start - LENGTH_FROM, start + LENGTH_FROM - 4)
  buf.writeInt32BE(0, start + LENGTH_FROM)
  buf.writeInt8(MAGIC, CRC_AT + start - 1)
  buf.writeUInt32BE(crc32c(buf.subarray(start + CRC_FROM, at)), start + CRC_AT)
  return at
}

/** Length, attributes, timestamp delta, offset delta, key, value, number of headers. */
function writeRecord(buf: Buffer, start: number, { key = null, value }: BatchMessage, ms: number, n: number): number {
  const keyLength = lengthOf(key)
  const valueLength = lengthOf(value)
  const length =
    2 +
    sizeOf(ms) +
    sizeOf(n) +
    sizeOf(keyLength) +
    sizeOf(valueLength) +
    Math.max(keyLength, 0) +
    Math.max(valueLength, 0)
  let at = writeVarint(buf, start, length)
  buf[at++] = 0
  at = writeVarint(buf, at, ms)
  at = writeVarint(buf, at, n)
  at = writeBytes(buf, writeVarint(buf, at, keyLength), key, keyLength)
  at = writeBytes(buf, writeVarint(buf, at, valueLength), value, valueLength)
  buf[at++] = 0
  return at
}

const lengthOf = (bytes: Buffer | string | null): number =>
  bytes === null ? -1 : typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length

/** Zigzag, for numbers from -2^31 to 2^31 - 1. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0

function sizeOf(value: number): number {
  let size = 1
  for (let rest = zigzag(value); rest > 127; rest >>>= 7) size++
  return size
}

function writeVarint(buf: Buffer, at: number, value: number): number {
  let next = at
  let rest = zigzag(value)
  for (; rest > 127; rest >>>= 7) buf[next++] = (rest & 127) | 128
  buf[next++] = rest
  return next
}

function writeBytes(buf: Buffer, at: number, bytes: Buffer | string | null, length: number): number {
  if (bytes === null) return at
  if (typeof bytes === 'string') buf.write(bytes, at)
  else buf.set(bytes, at)
  return at + length
}

function writeString(buf: Buffer, at: number, text: string): number {
  const end = at + 2 + buf.write(text, at + 2)
  buf.writeInt16BE(end - at - 2, at)
  return end
}
