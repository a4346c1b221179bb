import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { schemaText } from '#infra/contracts/schema-files.ts'
import { AvroInput } from '#infra/registry/avro-input.ts'
import { AvroOutput } from '#infra/registry/avro-output.ts'
import { compileAvro, type Described } from '#infra/registry/compile-avro.ts'
import { topicNames, topics } from '#schemas/topics.ts'
import { Random, streamKey } from '#services/random.ts'

const key = streamKey('avro', 'values')
const schemas = [...new Set(topicNames.map((name) => topics[name].schema))]
const typeOf = (schema: string): avro.Type => avro.Type.forSchema(JSON.parse(schemaText(schema)))

/** What avsc makes of a value and of bytes: the yardstick. */
interface Avsc extends avro.Type {
  decode(bytes: Buffer, position: number): { value: unknown; offset: number }
}

/** Some value of a type; avsc has such a function, whose chance cannot be placed and which does not end for rules within rules. */
function someValue(type: Described, random: Random, depth = 0): unknown {
  const several = <T>(make: (n: number) => T): T[] =>
    Array.from({ length: depth > 3 ? 0 : random.below(4) }, (_, n) => make(n))
  switch (type.typeName) {
    case 'boolean':
      return random.chance(0.5)
    case 'int':
      return random.uint32() >> random.below(32)
    case 'long':
      return Math.floor((random.unit() - 0.5) * 2 ** random.below(54))
    case 'float':
      return Math.fround(random.normal())
    case 'double':
      return random.normal()
    case 'string':
      return random.pick(['', 'UPI', 'ग्राहक', 'x'.repeat(random.below(100)), String(random.uint32())])
    case 'bytes':
      return Buffer.from(several(() => random.below(256)))
    case 'enum':
      return random.pick(type.symbols)
    case 'array':
      return several(() => someValue(type.itemsType, random, depth + 1))
    case 'map':
      return Object.fromEntries(several((n) => [`k${n}`, someValue(type.valuesType, random, depth + 1)]))
    case 'union:unwrapped':
      return random.chance(0.4) ? null : someValue(type.types[1]!, random, depth)
    default:
      return Object.fromEntries(type.fields.map((field) => [field.name, someValue(field.type, random, depth)]))
  }
}

function written(type: avro.Type, value: unknown, room = 1 << 16): { fits: boolean; bytes: Buffer; end: number } {
  const output = new AvroOutput(Buffer.alloc(room))
  const fits = compileAvro(type).write(output, value)
  return { fits, bytes: output.bytes.subarray(0, output.position), end: output.position }
}

function read(type: avro.Type, bytes: Buffer): { complete: boolean; value: unknown } {
  const input = new AvroInput()
  input.open(bytes, 0)
  const value = compileAvro(type).read(input)
  return { complete: input.complete, value }
}

/** The value as plain objects: avsc makes one class a record. */
const plain = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]))
}

describe.each(schemas)('%s', (schema) => {
  const type = typeOf(schema) as Avsc
  const values = Array.from({ length: 200 }, (_, n) =>
    someValue(type as unknown as Described, new Random().at(key, n, schemas.indexOf(schema))),
  )

  test('values are written as avsc writes them, and read as avsc reads them', () => {
    const { write, read } = compileAvro(type)
    for (const value of values) {
      const theirs = type.toBuffer(value)
      const output = new AvroOutput(Buffer.alloc(theirs.length + 16))
      expect(write(output, value)).toBe(true)
      expect(output.bytes.subarray(0, output.position).equals(theirs)).toBe(true)
      const input = new AvroInput()
      input.open(theirs, 0)
      expect(plain(read(input))).toEqual(plain(type.fromBuffer(theirs)))
      expect(input.complete).toBe(true)
    }
  })

  test('the position tells how much room there should have been', () => {
    for (const value of values.slice(0, 20)) {
      const { length } = type.toBuffer(value)
      for (const room of [0, 1, length >> 1, length - 1])
        expect(written(type, value, Math.max(0, room)).end).toBe(length)
    }
  })

  test('bytes that were tampered with are read as avsc reads them or are said to be broken', () => {
    const random = new Random().at(key, schemas.indexOf(schema), 1_000)
    const { read } = compileAvro(type)
    const input = new AvroInput()
    let broken = 0
    for (let round = 0; round < 4_000; round++) {
      const bytes = Buffer.from(type.toBuffer(values[round % values.length]))
      const at = random.below(bytes.length)
      if (random.chance(0.3)) bytes[at] = 0xff
      else bytes[at] = random.below(256)
      const cut = random.chance(0.2) ? bytes.subarray(0, random.below(bytes.length)) : bytes
      input.open(cut, 0)
      const ours = read(input)
      if (!input.complete) broken++
      else {
        const theirs = type.decode(cut, 0)
        expect(theirs.offset).toBe(cut.length)
        expect(plain(ours)).toEqual(plain(theirs.value))
      }
    }
    expect(broken).toBeGreaterThan(0)
  })
})

const single = (of: unknown): avro.Type =>
  avro.Type.forSchema({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'x', type: of as string },
      { name: 'y', type: 'int' },
    ],
  })

describe('numbers', () => {
  const longs = [
    0,
    1,
    63,
    64,
    2 ** 27,
    2 ** 28 - 1,
    2 ** 28,
    2 ** 30,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 35,
    2 ** 40,
    2 ** 52,
    2 ** 53 - 10,
  ]
  test.each(longs.flatMap((n) => [n, -n, -n - 1]))('the long %d', (x) => {
    const type = single('long')
    const theirs = type.toBuffer({ x, y: 5 })
    expect(written(type, { x, y: 5 })).toMatchObject(
      Math.abs(x) > 2 ** 52 ? { fits: false } : { fits: true, bytes: theirs },
    )
    const { complete, value } = read(type, theirs)
    if (complete) expect(value).toEqual({ x: x + 0, y: 5 })
    else expect(Math.abs(x)).toBeGreaterThanOrEqual(2 ** 52)
  })

  test.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])('the int %d', (x) => {
    const type = single('int')
    expect(written(type, { x, y: 5 }).bytes).toEqual(type.toBuffer({ x, y: 5 }))
    expect(read(type, type.toBuffer({ x, y: 5 }))).toEqual({ complete: true, value: { x, y: 5 } })
  })

  test.each([0, -0, 1.5, -1e300, Number.NaN, Number.POSITIVE_INFINITY])('the double %d', (x) => {
    const type = single('double')
    expect(written(type, { x, y: 5 }).bytes).toEqual(type.toBuffer({ x, y: 5 }))
    expect(read(type, type.toBuffer({ x, y: 5 }))).toEqual({ complete: true, value: { x, y: 5 } })
  })

  test('an int of more than 32 bits is broken', () => {
    expect(read(single('int'), Buffer.from('ffffffffff01' + '0a', 'hex')).complete).toBe(false)
  })
})

describe('strings', () => {
  const texts = [
    '',
    'a',
    'x'.repeat(63),
    'x'.repeat(64),
    'x'.repeat(5_000),
    'ग्राहक',
    'café',
    `${'x'.repeat(62)}é`,
    '😀',
  ]
  test.each(texts)('%j', (text) => {
    const type = single(['null', 'string'])
    for (const x of [null, text]) {
      const theirs = type.toBuffer({ x, y: 7 })
      expect(written(type, { x, y: 7 }).bytes).toEqual(theirs)
      expect(read(type, theirs)).toEqual({ complete: true, value: plain(type.fromBuffer(theirs)) })
    }
  })

  test('that come again, and then ever others, in one reader', () => {
    const type = single('string')
    const { read } = compileAvro(type)
    const input = new AvroInput()
    for (let n = 0; n < 20_000; n++) {
      const x = n < 3_000 || n % 3 === 0 ? ['Mumbai', 'Mumbaj', 'Pune', 'é', 'éé'][n % 5]! : `id${n}`
      input.open(type.toBuffer({ x, y: 1 }), 0)
      expect(read(input)).toEqual({ x, y: 1 })
    }
  })
})

describe('what does not fit is left to avsc', () => {
  test.each([
    ['long', 'text'],
    ['long', 1.5],
    ['long', 2 ** 53],
    ['long', Number.NaN],
    ['int', 2 ** 31],
    ['string', 5],
    ['string', undefined],
    ['boolean', 1],
    ['double', '1'],
    ['bytes', 'text'],
    [['null', 'string'], undefined],
    [['null', 'string'], 5],
    [{ type: 'array', items: 'int' }, {}],
    [{ type: 'array', items: 'int' }, ['a']],
    [{ type: 'map', values: 'int' }, []],
    [{ type: 'map', values: 'int' }, { a: 'b' }],
    [{ type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'C'],
  ])('%j of %j', (of, x) => {
    expect(written(single(of), { x, y: 1 }).fits).toBe(false)
    expect(() => single(of).toBuffer({ x, y: 1 })).toThrow()
  })

  test('a schema for which nothing can be made says so', () => {
    expect(() => compileAvro(single(['string', 'int']))).toThrow(/null and one other/)
  })
})
