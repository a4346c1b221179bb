import avro from 'avsc'
import { describe, expect, test } from 'vitest'
import { shortStrings } from '#infra/registry/short-strings.ts'

const schema: avro.Schema = {
  type: 'record',
  name: 'R',
  fields: [
    { name: 'text', type: 'string' },
    { name: 'maybe', type: ['null', 'string'], default: null },
    { name: 'after', type: 'int' },
  ],
}
const own = avro.Type.forSchema(schema)
const ours = avro.Type.forSchema(schema, shortStrings())

describe('strings', () => {
  test.each(['', 'a', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(5_000), 'ग्राहक', 'café', `${'x'.repeat(62)}é`, '😀'])(
    'are written as avsc writes them: %j',
    (text) => {
      for (const maybe of [null, text]) {
        const value = { text, maybe, after: 7 }
        expect(ours.toBuffer(value)).toEqual(own.toBuffer(value))
        expect(ours.fromBuffer(own.toBuffer(value))).toEqual(value)
      }
    },
  )

  test('a buffer that is too small is told from one that is not', () => {
    const value = { text: 'customer', maybe: 'merchant', after: 7 }
    const { length } = own.toBuffer(value)
    for (let room = 0; room <= length; room++) {
      expect(ours.encode(value, Buffer.alloc(room), 0)).toBe(own.encode(value, Buffer.alloc(room), 0))
    }
  })

  test('what is no string is refused', () => {
    expect(() => ours.toBuffer({ text: 5, maybe: null, after: 7 })).toThrow(/invalid "string": 5/)
  })
})
