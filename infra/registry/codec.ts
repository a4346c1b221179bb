import avro from 'avsc'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { type TopicName, type TopicRecords, topicNames, topics } from '#schemas/topics.ts'
import type { DeadLetterCause } from '#schemas/types.ts'
import { AvroInput } from './avro-input.ts'
import { AvroOutput } from './avro-output.ts'
import { compileAvro, type Read, type Write } from './compile-avro.ts'

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

/** avsc's type, and what is made of it for the records that fit it. */
interface Coding {
  readonly type: avro.Type
  readonly bytesFields: readonly string[]
  readonly write: Write
  readonly read: Read
  /** By a writer's id in the registry. */
  readonly readers: Map<number, Reader>
}

/**
 * Records to bytes and back: Avro behind Confluent's five-byte header. Encoded records are slices of a slab; a slab is
 * let go with the last of its slices, so nothing is copied and nothing is overwritten. What does not fit its schema,
 * and what another schema wrote, is avsc's.
 */
export class Codec {
  readonly #codings: Readonly<Record<TopicName, Coding>>
  readonly #ids: Readonly<Record<TopicName, number>>
  readonly #output = new AvroOutput(Buffer.allocUnsafeSlow(SLAB_BYTES))
  readonly #input = new AvroInput()

  /** `ids` are the registry's ids of this program's own schemas, by topic. */
  constructor(ids: Readonly<Record<TopicName, number>>) {
    this.#ids = ids
    const bySchema = new Map<string, Coding>()
    const codingOf = (name: TopicName): Coding => {
      const { schema } = topics[name]
      const coding = bySchema.get(schema) ?? codingFor(schema)
      bySchema.set(schema, coding)
      coding.readers.set(ids[name], { resolver: undefined })
      return coding
    }
    this.#codings = Object.fromEntries(topicNames.map((name) => [name, codingOf(name)])) as Record<TopicName, Coding>
  }

  /** Throws a TypeError naming the field when the value does not fit the schema. */
  encode<Name extends TopicName>(topic: Name, value: TopicRecords[Name]): Buffer {
    const output = this.#output
    const start = output.position
    const { bytes } = output
    output.position += HEADER_BYTES
    if (!this.#codings[topic].write(output, value)) {
      output.position = start
      return this.#encodeByAvsc(topic, value)
    }
    const end = output.position
    if (end > bytes.length) {
      output.bytes = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, end - start))
      output.position = 0
      return this.encode(topic, value)
    }
    this.#header(topic, bytes, start)
    return bytes.subarray(start, end)
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
    const coding = this.#codings[topic]
    const reader = coding.readers.get(id)
    if (reader === undefined) throw new UnknownWriter(id)
    if ('refusal' in reader) throw reader.refusal
    if (reader.resolver === undefined) {
      this.#input.open(bytes, HEADER_BYTES)
      const value = coding.read(this.#input)
      if (this.#input.complete) return value as TopicRecords[Name]
    }
    return this.#decodeByAvsc(topic, bytes, reader.resolver) as TopicRecords[Name]
  }

  /** Takes up the text of a writer's schema, or null when the registry does not know the id. */
  learn(topic: TopicName, id: number, schema: string | null): void {
    this.#codings[topic].readers.set(id, this.#readerFor(topic, id, schema))
  }

  #readerFor(topic: TopicName, id: number, schema: string | null): Reader {
    if (schema === null) return { refusal: new DecodeError('UNKNOWN_SCHEMA', `the registry knows no schema ${id}`) }
    const reader = this.#codings[topic].type
    try {
      const writer = avro.Type.forSchema(JSON.parse(schema))
      if (writer.name !== reader.name) throw new TypeError(`it describes ${writer.name}`)
      return { resolver: reader.createResolver(writer) }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { refusal: new DecodeError('WRONG_RECORD', `schema ${id} cannot be read as ${reader.name}: ${why}`) }
    }
  }

  #decodeByAvsc(topic: TopicName, bytes: Buffer, resolver: avro.Resolver | undefined): unknown {
    let read: { value: unknown; offset: number }
    try {
      read = (this.#codings[topic].type as unknown as Decodable).decode(bytes, HEADER_BYTES, resolver)
    } catch (error) {
      throw new DecodeError('CORRUPT', error instanceof Error ? error.message : String(error))
    }
    if (read.offset !== bytes.length) {
      const found = read.offset < 0 ? 'the record is cut off' : `${bytes.length - read.offset} bytes follow the record`
      throw new DecodeError('CORRUPT', found)
    }
    return read.value
  }

  #encodeByAvsc<Name extends TopicName>(topic: Name, value: TopicRecords[Name]): Buffer {
    const header = Buffer.alloc(HEADER_BYTES)
    this.#header(topic, header, 0)
    return Buffer.concat([header, this.#codings[topic].type.toBuffer(this.#withBuffers(topic, value))])
  }

  #header(topic: TopicName, bytes: Buffer, position: number): void {
    bytes[position] = 0
    bytes.writeUInt32BE(this.#ids[topic], position + 1)
  }

  /** Services are pure and make Uint8Arrays; avsc takes nothing but Buffers. No byte is copied. */
  #withBuffers<Name extends TopicName>(topic: Name, value: TopicRecords[Name]): unknown {
    const names = this.#codings[topic].bytesFields
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
}

function codingFor(schema: string): Coding {
  const type = avro.Type.forSchema(JSON.parse(schemaText(schema)))
  return { type, bytesFields: bytesFieldsOf(type), readers: new Map(), ...compileAvro(type) }
}

/** Fields of bytes, or of bytes or null. */
function bytesFieldsOf(type: avro.Type): string[] {
  const { fields } = type as avro.types.RecordType
  return fields
    .filter(({ type }) => /^\["null","bytes"\]$|^"bytes"$/.test(JSON.stringify(type)))
    .map(({ name }) => name)
}
