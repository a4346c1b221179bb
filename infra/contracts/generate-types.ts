// Writes schemas/types.ts from the .avsc files. With --check it only says whether that file is up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCheck } from '../cli/tool.ts'
import type { AvroField, AvroType, RecordSchema } from './avro-schema.ts'

const folder = join(import.meta.dirname, '../../schemas')
const target = join(folder, 'types.ts')

interface Declarations {
  readonly byName: Map<string, string>
}

function declare(into: Declarations, name: string, text: string): string {
  const earlier = into.byName.get(name)
  if (earlier !== undefined && earlier !== text) throw new Error(`two different Avro types are called ${name}`)
  into.byName.set(name, text)
  return name
}

function typeOf(type: AvroType, into: Declarations): string {
  if (Array.isArray(type)) return type.map((branch) => typeOf(branch, into)).join(' | ')
  if (typeof type === 'string') return primitives[type] ?? type
  switch (type.type) {
    case 'enum':
      return declare(into, type.name, `export type ${type.name} = ${type.symbols.map((s) => `'${s}'`).join(' | ')}\n`)
    case 'array':
      return `readonly ${wrap(typeOf(type.items, into))}[]`
    case 'map':
      return `Readonly<Record<string, ${typeOf(type.values, into)}>>`
    case 'record':
      return declareRecord(type, into)
    default:
      return typeOf(type.type, into)
  }
}

const wrap = (text: string): string => (text.includes(' ') ? `(${text})` : text)

const primitives: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Uint8Array',
  null: 'null',
}

function declareRecord(schema: RecordSchema, into: Declarations): string {
  const lines = schema.fields.map((field: AvroField) => {
    const doc = field.doc === undefined ? '' : `  /** ${field.doc} */\n`
    return `${doc}  readonly ${field.name}: ${typeOf(field.type, into)}\n`
  })
  const doc = schema.doc === undefined ? '' : `/** ${schema.doc} */\n`
  return declare(into, schema.name, `${doc}export interface ${schema.name} {\n${lines.join('')}}\n`)
}

export function generateTypes(): string {
  const into: Declarations = { byName: new Map() }
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .sort()
  for (const file of files) declareRecord(JSON.parse(readFileSync(join(folder, file), 'utf8')), into)
  const head = '// Made from the .avsc files by `npm run generate`. Edit those instead.\n'
  return `${head}\n${[...into.byName.values()].join('\n')}`
}

if (import.meta.main) {
  const checks = isCheck('generate', 'schemas/types.ts, from the .avsc files')
  const text = generateTypes()
  if (!checks) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write(
      'schemas/types.ts does not match the .avsc files: run `npm run generate` and commit the result.\n',
    )
    process.exitCode = 1
  }
}
