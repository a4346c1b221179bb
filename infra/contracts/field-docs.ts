import { type Topic, topicNames, topics } from '#schemas/topics.ts'
import type { AvroField, AvroType, RecordSchema } from './avro-schema.ts'
import { table } from './markdown.ts'
import { schemaText } from './schema-files.ts'

/** A type in words; records within records are collected, to be described after the one that holds them. */
function typeName(type: AvroType, nested: RecordSchema[]): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.map((branch) => typeName(branch, nested)).join(' or ')
  switch (type.type) {
    case 'enum':
      return `enum: ${type.symbols.join(', ')}`
    case 'array':
      return `list of ${typeName(type.items, nested)}`
    case 'map':
      return `map of text to ${typeName(type.values, nested)}`
    case 'record':
      nested.push(type)
      return type.name
    default:
      return `${type.type} (${type.logicalType})`
  }
}

function describeRecord(schema: RecordSchema, level: string): string {
  const nested: RecordSchema[] = []
  const rows = schema.fields.map((field: AvroField) => [
    `\`${field.name}\``,
    typeName(field.type, nested),
    field.doc ?? '',
  ])
  const about = schema.doc === undefined ? '' : `${schema.doc}\n\n`
  const own = `${level} ${schema.name}\n\n${about}${table(['Field', 'Type', 'Meaning'], rows)}`
  return [own, ...nested.map((record) => describeRecord(record, `${level}#`))].join('\n')
}

function topicRow(name: string, topic: Topic): string[] {
  const partitioned =
    topic.schema === 'state-entry' ? 'partition of the input' : topic.byCustomer ? 'customer_id' : topic.key
  const record = (JSON.parse(schemaText(topic.schema)) as RecordSchema).name
  return [`\`${name}\``, record, topic.key, partitioned, topic.cleanup, topic.from, topic.about]
}

/** Every topic, record and field, from the topics and the .avsc files. */
export function fieldDocs(): string {
  const head = ['Topic', 'Record', 'Key', 'Partitioned by', 'Cleanup', 'From', 'What']
  const rowsOf = (internal: boolean) =>
    topicNames
      .filter((name) => (topics[name].internal === true) === internal)
      .map((name) => topicRow(name, topics[name]))
  const files = [...new Set(topicNames.map((name) => topics[name].schema))]
  const records = files.map((file) => describeRecord(JSON.parse(schemaText(file)), '##'))
  return [
    '<!-- Made by `npm run docs` from schemas/. Edit those files instead. -->\n',
    '# Field reference\n',
    `Values are Avro behind Confluent's five-byte header; keys are plain text. Money is in paise (1/100 rupee), times are UTC.\n`,
    `## Topics\n\n${table(head, rowsOf(false))}`,
    `Internal topics, whose layout may change in any version:\n\n${table(head, rowsOf(true))}`,
    ...records,
  ].join('\n')
}
