/** A record of a batch, as the client hands it over. */
export interface BatchRecord {
  readonly key: Buffer | string | null
  readonly value: Buffer | string | null
  /** Its place in the batch, and its milliseconds after the batch's first record. */
  readonly offsetDelta: number
  readonly timestampDelta: number
  readonly headers?: Readonly<Record<string, unknown>>
}

/** What the client's encoder takes in: it asks `buffer` for its length and has it copied to where it belongs. */
export interface Encoded {
  /** By this the client knows one of its own encoders. */
  readonly buf: Buffer
  readonly buffer: { readonly length: number; copy(target: Buffer, at: number): unknown }
}

type EncodeRecord = (record: BatchRecord) => Encoded

const INT32 = 2 ** 31
const nothing = Buffer.alloc(0)

/** Zigzag, for numbers from -2^31 to 2^31 - 1. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0

const sizeOfVarint = (value: number): number => {
  let size = 1
  for (let rest = zigzag(value); rest > 127; rest >>>= 7) size++
  return size
}

const lengthOf = (bytes: Buffer | string | null): number =>
  bytes === null ? -1 : typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length

/**
 * A record in Kafka's format 2 (length, attributes, timestamp delta, offset delta, key, value, no headers) that writes
 * itself straight into its batch: byte for byte what kafkajs makes of it, without a buffer of its own.
 */
class DirectRecord implements Encoded {
  readonly buf = nothing
  readonly length: number
  readonly #record: BatchRecord
  readonly #keyLength: number
  readonly #valueLength: number
  readonly #bodyLength: number

  constructor(record: BatchRecord) {
    this.#record = record
    this.#keyLength = lengthOf(record.key)
    this.#valueLength = lengthOf(record.value)
    this.#bodyLength =
      2 +
      sizeOfVarint(record.timestampDelta) +
      sizeOfVarint(record.offsetDelta) +
      sizeOfVarint(this.#keyLength) +
      Math.max(this.#keyLength, 0) +
      sizeOfVarint(this.#valueLength) +
      Math.max(this.#valueLength, 0)
    this.length = sizeOfVarint(this.#bodyLength) + this.#bodyLength
  }

  get buffer(): this {
    return this
  }

  copy(target: Buffer, start: number): void {
    const { key, value, offsetDelta, timestampDelta } = this.#record
    let at = writeVarint(target, start, this.#bodyLength)
    target[at++] = 0
    at = writeVarint(target, at, timestampDelta)
    at = writeVarint(target, at, offsetDelta)
    at = writeBytes(target, at, key, this.#keyLength)
    at = writeBytes(target, at, value, this.#valueLength)
    target[at] = 0
  }
}

/** Records with headers, or with times further apart than 24 days, go to kafkajs's own encoder. */
export const encodeRecord =
  (own: EncodeRecord): EncodeRecord =>
  (record) => {
    const { timestampDelta, headers } = record
    if (headers !== undefined || timestampDelta >= INT32 || timestampDelta < 0) return own(record)
    return new DirectRecord(record)
  }

function writeVarint(target: Buffer, at: number, value: number): number {
  let next = at
  let rest = zigzag(value)
  for (; rest > 127; rest >>>= 7) target[next++] = (rest & 127) | 128
  target[next++] = rest
  return next
}

function writeBytes(target: Buffer, at: number, bytes: Buffer | string | null, length: number): number {
  const start = writeVarint(target, at, length)
  if (bytes === null) return start
  if (typeof bytes === 'string') target.write(bytes, start)
  else target.set(bytes, start)
  return start + length
}
