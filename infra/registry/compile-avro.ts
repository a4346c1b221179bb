import type avro from 'avsc'
import type { AvroInput } from './avro-input.ts'
import type { AvroOutput } from './avro-output.ts'
import { RecurringStrings } from './recurring-strings.ts'

/** Writes a value; false, with part of it written, when it does not fit the schema. */
export type Write = (output: AvroOutput, value: unknown) => boolean
/** Reads a value, which means something if the input says that it is complete. */
export type Read = (input: AvroInput) => unknown

/** What avsc tells of a type. */
export type Described = avro.Type & {
  readonly fields: readonly { readonly name: string; readonly type: Described }[]
  readonly symbols: readonly string[]
  readonly types: readonly Described[]
  readonly itemsType: Described
  readonly valuesType: Described
}

/**
 * A writer and a reader made for one schema, each a function without loops or look-ups over its fields. avsc goes
 * through objects that stand for the fields' types, which takes two to three times as long.
 */
export function compileAvro(type: avro.Type): { readonly write: Write; readonly read: Read } {
  const source = new Source()
  const write = source.writer(type as Described)
  const read = source.reader(type as Described)
  const names = [...source.constants.keys()]
  const made = new Function(...names, `'use strict'\n${source.text}\nreturn { write: ${write}, read: ${read} }`)
  return made(...source.constants.values())
}

class Source {
  readonly constants = new Map<string, unknown>()
  text = ''
  readonly #writers = new Map<Described, string>()
  readonly #readers = new Map<Described, string>()

  /** The name of a function of (output, value). */
  writer(type: Described): string {
    return this.#once(
      this.#writers,
      type,
      'write',
      (name) => `function ${name}(o, v) { return ${this.#writing(type, 'v')} }`,
    )
  }

  /** The name of a function of (input). */
  reader(type: Described): string {
    return this.#once(this.#readers, type, 'read', (name) => `function ${name}(i) { return ${this.#reading(type)} }`)
  }

  #once(made: Map<Described, string>, type: Described, verb: string, declare: (name: string) => string): string {
    let name = made.get(type)
    if (name === undefined) {
      name = `${verb}${made.size}`
      made.set(type, name)
      const declaration = declare(name)
      this.text += `${declaration}\n`
    }
    return name
  }

  /** An expression that writes `value` to `o` and tells whether it fits. */
  #writing(type: Described, value: string): string {
    switch (type.typeName) {
      case 'boolean':
      case 'int':
      case 'long':
      case 'float':
      case 'double':
      case 'string':
        return `o.${type.typeName}(${value})`
      case 'bytes':
        return `o.binary(${value})`
      case 'enum':
        return `o.symbol(${this.#constant(new Map(type.symbols.map((symbol, n) => [symbol, n])))}, ${value})`
      case 'array':
        return `o.array(${this.writer(type.itemsType)}, ${value})`
      case 'map':
        return `o.map(${this.writer(type.valuesType)}, ${value})`
      case 'union:unwrapped':
        return `(${value} === null ? o.branch(0) : o.branch(1) && ${this.#part(someOf(type), value)})`
      case 'record': {
        const fields = type.fields.map((field) => this.#part(field.type, `${value}.${field.name}`))
        return [`typeof ${value} === 'object' && ${value} !== null`, ...fields].join('\n && ')
      }
      default:
        throw unknown(type)
    }
  }

  #part(type: Described, value: string): string {
    return type.typeName === 'record' ? `${this.writer(type)}(o, ${value})` : this.#writing(type, value)
  }

  /** An expression that reads a value from `i`. */
  #reading(type: Described): string {
    switch (type.typeName) {
      case 'boolean':
      case 'int':
      case 'long':
      case 'float':
      case 'double':
        return `i.${type.typeName}()`
      case 'string':
        return `i.string(${this.#constant(new RecurringStrings())})`
      case 'bytes':
        return 'i.binary()'
      case 'enum':
        return `i.symbol(${this.#constant(type.symbols)})`
      case 'array':
        return `i.array(${this.reader(type.itemsType)})`
      case 'map':
        return `i.map(${this.#constant(new RecurringStrings())}, ${this.reader(type.valuesType)})`
      case 'union:unwrapped':
        return `(i.branch() === 0 ? null : ${this.#reading(someOf(type))})`
      case 'record':
        // The fields of a literal are made in its order, and give all records one hidden class.
        return `({\n${type.fields.map((field) => `${field.name}: ${this.#reading(field.type)}`).join(',\n')} })`
      default:
        throw unknown(type)
    }
  }

  #constant(value: unknown): string {
    const name = `c${this.constants.size}`
    this.constants.set(name, value)
    return name
  }
}

/** The other branch of a union with null. */
function someOf(type: Described): Described {
  const [first, some] = type.types
  if (first?.typeName !== 'null' || some === undefined || type.types.length > 2) throw unknown(type)
  return some
}

const unknown = (type: Described): TypeError =>
  new TypeError(`no encoding is made for ${JSON.stringify(type)}: a union is of null and one other type, in this order`)
