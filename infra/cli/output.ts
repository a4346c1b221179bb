import { inspect } from 'node:util'
import { isAlert, type TopicName } from '#schemas/topics.ts'
import type { Alert, Features } from '#schemas/types.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import { alertText } from './alert-text.ts'

/** A record as commands print it. */
export interface PrintedRecord {
  readonly key: string
  readonly timestampMs: number
  readonly value: unknown
  readonly partition?: number
  readonly offset?: string
}

/** Bytes as base64: JSON would make an object of numbered keys of them. */
const plain = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value

/** The bytes of `features` become the features by name. */
const readable = (topic: TopicName, value: unknown): unknown =>
  topic === 'features' && value !== null
    ? { ...(value as Features), values: Object.fromEntries(decodeFeatures((value as Features).values)) }
    : value

/** A record as one line of JSON. */
export const jsonLine = (topic: TopicName, record: PrintedRecord): string =>
  `${JSON.stringify({ topic, ...record, value: readable(topic, record.value) }, plain)}\n`

/** A record for people: a line that says where and when, then its fields; an alert in words. */
export function forPeople(topic: TopicName, { key, timestampMs, value, partition, offset }: PrintedRecord): string {
  const where = partition === undefined ? topic : `${topic}[${partition}] @${offset}`
  const head = `${where}  ${key}  ${new Date(timestampMs).toISOString()}\n`
  if (isAlert({ topic }) && value !== null) return `${head}${alertText(value as Alert)}\n`
  const colors = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === ''
  // Decoded records are of classes made from their schemas, whose names would only be in the way.
  const fields = inspect(JSON.parse(JSON.stringify(readable(topic, value), plain)), {
    colors,
    depth: 8,
    compact: 8,
    breakLength: 120,
    maxArrayLength: 100,
  })
  return `${head}${fields}\n\n`
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
