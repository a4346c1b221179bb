import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeConstants } from './code-constants.ts'
import { table } from './markdown.ts'

const root = join(import.meta.dirname, '../..')

/** The data that the model is made from, in the order of the page. */
const files = [
  ['services/market/data/segments.json', 'Who pays'],
  ['services/market/data/packs.json', 'Packs: other ways to pay'],
  ['services/market/data/fabricated.json', 'Who does not exist'],
  ['services/producer/life-events.json', 'What happens to them'],
  ['services/market/data/cities.json', 'Where'],
  ['services/market/data/journeys.json', 'How they travel'],
  ['services/market/data/time.json', 'When'],
  ['services/market/data/festivals.json', 'Festivals and sales'],
  ['services/market/data/amounts.json', 'How much'],
  ['services/market/data/merchants.json', 'At whose shop'],
  ['services/market/data/refunds.json', 'What comes back'],
  ['services/market/data/money-in.json', 'What comes in'],
  ['services/market/data/transfers.json', 'From bank to bank'],
  ['services/market/data/limits.json', 'Limits'],
  ['services/market/data/issuers.json', 'Issuers'],
  ['services/market/data/declines.json', 'Refusals'],
  ['services/market/data/outages.json', 'Outages'],
  ['services/market/data/devices.json', 'Devices and apps'],
] as const

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isRows = (value: Json): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item))

/** Rows up to which each is a column of its own, so that long names of fields read downwards. */
const SIDE_BY_SIDE = 8
/** Rows beyond which only their number by basis is told. */
const LISTED = 100

const CONF = '_conf'
const words = (key: string): string => key.replaceAll('_', ' ')
const text = (value: Json | undefined): string => {
  if (value === undefined) return ''
  if (Array.isArray(value))
    return value.map((item) => (Array.isArray(item) ? `[${text(item)}]` : text(item))).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The leaves of a tree of data with their paths; `basis` is what is said at the nearest place above. */
function leaves(value: Json, path: string, basis: string): string[][] {
  if (!isObject(value)) return [[path, text(value), basis]]
  if ('value' in value && 'basis' in value)
    return [[path, text(value.value), `${text(value.basis)} ${text(value.source)}`]]
  const here = value.conf === undefined ? basis : text(value.conf)
  // What is said as dow_conf is said of dow_multiplier, and of whatever else begins so.
  const parts = Object.keys(value).filter((key) => key.endsWith(CONF))
  const said = (key: string): string => {
    const of = parts.find((part) => key.startsWith(part.slice(0, -CONF.length)))
    return of === undefined ? here : text(value[of])
  }
  return Object.entries(value)
    .filter(([key]) => key !== 'conf' && !key.endsWith(CONF))
    .flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`, said(key)))
}

function rowsTable(rows: readonly JsonObject[]): string {
  if (rows.length > LISTED) {
    const counts = Map.groupBy(rows, ({ basis, certainty }) => text(basis ?? certainty))
    const counted = [...counts].map(([basis, among]) => [String(among.length), basis])
    return `${rows.length} entries; by what they rest on:\n\n${table(['Entries', 'Basis'], counted)}`
  }
  const flat = rows.map((entry) => new Map(leaves(entry, '', '').map(([path, value]) => [path!, value!])))
  const paths = new Set(flat.flatMap((entry) => [...entry.keys()]))
  // What one row lacks stands beside its like all the same.
  const columns = [...Map.groupBy(paths, (path) => path.split('.')[0]).values()].flat()
  if (rows.length > SIDE_BY_SIDE)
    return table(
      columns,
      flat.map((entry) => columns.map((key) => entry.get(key) ?? '')),
    )
  const [names, ...others] = columns
  return table(
    ['', ...flat.map((entry) => entry.get(names!)!)],
    others.map((key) => [words(key), ...flat.map((entry) => entry.get(key) ?? '')]),
  )
}

function section(file: string, title: string): string {
  const { note, source, ...data } = JSON.parse(readFileSync(join(root, file), 'utf8')) as JsonObject
  const lists = Object.entries(data).filter(([, value]) => isRows(value))
  const rest = Object.fromEntries(Object.entries(data).filter(([, value]) => !isRows(value)))
  const figures = leaves(rest, '', '').map(([path, value, basis]) => [path!, value!, basis!])
  const said = [note, source].filter((part) => part !== undefined).map((part) => saying(part))
  return [
    `## ${title}\n`,
    `From [${file}](../${file}). ${said.join(' ')}\n`,
    ...(figures.length === 0 ? [] : [table(['What', 'Value', 'Basis'], figures)]),
    ...lists.map(([key, rows]) => `**${words(key)}**\n\n${rowsTable(rows as readonly JsonObject[])}`),
  ].join('\n')
}

const saying = (value: Json): string =>
  isObject(value)
    ? `${Object.entries(value)
        .map(([key, inner]) => `${words(key)}: ${text(inner)}`)
        .join('; ')}.`
    : text(value)

/** A number of the code is said to be sourced, or fitted, where it stands; else it is ours. */
function constantSection(): string {
  const rows = ['services/producer', 'services/market'].flatMap((folder) =>
    codeConstants(join(root, folder)).map(({ file, name, value, about }) => [
      `[${file}](../${folder}/${file})`,
      `\`${name}\``,
      value,
      about,
    ]),
  )
  const intro =
    'Numbers beside the data. Where no source is named and nothing is said to be fitted, it is a modelling choice (C), or no more than the way in which something is computed.'
  return `## Constants in the code\n\n${intro}\n\n${table(['File', 'Name', 'Value', 'What is said of it'], rows)}`
}

interface Band {
  readonly what: string
  readonly min: number | null
  readonly max: number | null
  readonly basis: string
  readonly source: string
}

function bandSection(): string {
  const { bands, note } = JSON.parse(readFileSync(join(root, 'infra/fidelity/bands.json'), 'utf8')) as {
    note: string
    bands: Band[]
  }
  const rows = bands.map(({ what, min, max, basis, source }) => [what, text(min ?? ''), text(max ?? ''), basis, source])
  return `## What it is held against\n\n${note} \`npm run fidelity\` measures ours.\n\n${table(['What', 'At least', 'At most', 'Basis', 'Source'], rows)}`
}

/** What the model of customers rests on: every number with its source, or marked as the guess that it is. */
export const modelDocs = (): string =>
  [
    '<!-- Made by `npm run docs` from services/market/data, services/producer and infra/fidelity. Edit those files instead. -->\n',
    '# The model, and what it rests on\n',
    'S sourced, D derived from sourced figures, M from memory and approximate, C modelling choice: a guess that is ours.\n',
    ...files.map(([file, title]) => section(file, title)),
    constantSection(),
    bandSection(),
  ].join('\n')
