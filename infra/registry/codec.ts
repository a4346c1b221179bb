import avro from 'avsc'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { type TopicName, type TopicRecords, topicNames, topics } from '#schemas/topics.ts'
import type { DeadLetterCause } from '#schemas/types.ts'
import { shortStrings } from './short-strings.ts'

/** Why a record cannot be read; `dead-letters` says the same. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DeadLetterCause

  constructor(code: DeadLetterCause, message: string) {
    super(message)
    this.code = code
  }
}

/** The writer's schema has not been looked up yet: `learn` it and decode again. */
export class UnknownWriter extends Error {
  override readonly name = 'UnknownWriter'
  readonly id: number

  constructor(id: number) {
    super(`schema ${id} has not been looked up`)
    this.id = id
  }
}

/** Magic byte and schema id, as Confluent's serialisers write them. */
const HEADER_BYTES = 5
const SLAB_BYTES = 1 << 20

type Reader = { readonly resolver: avro.Resolver | undefined } | { readonly refusal: DecodeError }

/** A value decoded at a position, as avsc tells it; a negative offset means that bytes were missing. */
interface Decodable {
  decode(bytes: Buffer, position: number, resolver?: avro.Resolver): { value: unknown; offset: number }
}

/**
 * Records to bytes and back: Avro behind Confluent's five-byte header. Encoded records are slices of a slab; a slab is
 * let go with the last of its slices, so nothing is copied and nothing is overwritten.
 */
export class Codec {
  readonly #types = new Map<string, avro.Type>()
  readonly #bytesFields = new Map<string, readonly string[]>()
  readonly #ids: Readonly<Record<TopicName, number>>
  readonly #readers = new Map<string, Reader>()
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #position = 0

  /** `ids` are the registry's ids of this program's own schemas, by topic. */
  constructor(ids: Readonly<Record<TopicName, number>>) {
    this.#ids = ids
    for (const name of topicNames) {
      const { schema } = topics[name]
      if (!this.#types.has(schema)) {
        const type = avro.Type.forSchema(JSON.parse(schemaText(schema)), shortStrings())
        this.#types.set(schema, type)
        this.#bytesFields.set(schema, bytesFieldsOf(type))
      }
      this.#readers.set(`${schema}/${ids[name]}`, { resolver: undefined })
    }
  }

  /** Throws a TypeError naming the field when the value does not fit the schema. */
  encode<Name extends TopicName>(topic: Name, value: TopicRecords[Name]): Buffer {
    const type = this.#type(topic)
    const start = this.#position
    const end = type.encode(this.#withBuffers(topic, value), this.#slab, start + HEADER_BYTES)
    if (end < 0) return this.#encodeInNewSlab(topic, value, HEADER_BYTES - (this.#slab.length - start) - end)
    this.#position = end
    this.#slab[start] = 0
    this.#slab.writeUInt32BE(this.#ids[topic], start + 1)
    return this.#slab.subarray(start, end)
  }

  /** Throws DecodeError for bytes that are not a record of this topic, UnknownWriter for an id to look up first. */
  decode<Name extends TopicName>(topic: Name, bytes: Buffer | null): TopicRecords[Name] {
    if (bytes === null) throw new DecodeError('NULL_VALUE', 'the value is null')
    if (bytes.length <= HEADER_BYTES || bytes[0] !== 0) {
      throw new DecodeError(
        'NOT_FRAMED',
        `expected magic byte 0 and a schema id, found ${bytes.length} bytes starting with ${bytes.subarray(0, HEADER_BYTES).toString('hex')}`,
      )
    }
    const id = bytes.readUInt32BE(1)
    const reader = this.#readers.get(`${topics[topic].schema}/${id}`)
    if (reader === undefined) throw new UnknownWriter(id)
    if ('refusal' in reader) throw reader.refusal
    return this.#read(topic, bytes, reader.resolver) as TopicRecords[Name]
  }

  /** Takes up the text of a writer's schema, or null when the registry does not know the id. */
  learn(topic: TopicName, id: number, schema: string | null): void {
    this.#readers.set(`${topics[topic].schema}/${id}`, this.#readerFor(topic, id, schema))
  }

  #readerFor(topic: TopicName, id: number, schema: string | null): Reader {
    if (schema === null) return { refusal: new DecodeError('UNKNOWN_SCHEMA', `the registry knows no schema ${id}`) }
    const reader = this.#type(topic)
    try {
      const writer = avro.Type.forSchema(JSON.parse(schema))
      if (writer.name !== reader.name) throw new TypeError(`it describes ${writer.name}`)
      return { resolver: reader.createResolver(writer) }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { refusal: new DecodeError('WRONG_RECORD', `schema ${id} cannot be read as ${reader.name}: ${why}`) }
    }
  }

  #read(topic: TopicName, bytes: Buffer, resolver: avro.Resolver | undefined): unknown {
    let read: { value: unknown; offset: number }
    try {
      read = (this.#type(topic) as unknown as Decodable).decode(bytes, HEADER_BYTES, resolver)
    } catch (error) {
      throw new DecodeError('CORRUPT', error instanceof Error ? error.message : String(error))
    }
    if (read.offset !== bytes.length) {
      const found = read.offset < 0 ? 'the record is cut off' : `${bytes.length - read.offset} bytes follow the record`
      throw new DecodeError('CORRUPT', found)
    }
    return read.value
  }

  #encodeInNewSlab<Name extends TopicName>(topic: Name, value: TopicRecords[Name], bytes: number): Buffer {
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes + HEADER_BYTES))
    this.#position = 0
    return this.encode(topic, value)
  }

  /** Services are pure and make Uint8Arrays; avsc takes nothing but Buffers. No byte is copied. */
  #withBuffers<Name extends TopicName>(topic: Name, value: TopicRecords[Name]): unknown {
    const names = this.#bytesFields.get(topics[topic].schema)!
    if (names.length === 0) return value
    const copy: Record<string, unknown> = { ...value }
    for (const name of names) {
      const bytes = copy[name]
      if (bytes instanceof Uint8Array && !Buffer.isBuffer(bytes)) {
        copy[name] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      }
    }
    return copy
  }

  #type(topic: TopicName): avro.Type {
    return this.#types.get(topics[topic].schema)!
  }
}

/** Fields of bytes, or of bytes or null. */
function bytesFieldsOf(type: avro.Type): string[] {
  const { fields } = type as avro.types.RecordType
  return fields
    .filter(({ type }) => /^\["null","bytes"\]$|^"bytes"$/.test(JSON.stringify(type)))
    .map(({ name }) => name)
}
