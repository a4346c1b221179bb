import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isMap, isNode, isPair, LineCounter, type ParsedNode, parseDocument, stringify } from 'yaml'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { isMapping, type Mistake, mistakesOf, mistakeText } from '#services/settings-errors.ts'
import type { Path } from '#services/settings-shape.ts'
import { SettingsError } from './settings-error.ts'

/** A setting given elsewhere than in the file, which it overrides. */
export interface Override {
  readonly path: readonly string[]
  readonly value: unknown
  /** Where it was given, such as --seed, for messages. */
  readonly from: string
}

export interface Scenario {
  readonly settings: Settings
  /** The same as a file's content: what the file said, with the overrides in it. */
  readonly text: string
}

export interface ScenarioSource {
  /** Path of a YAML file, or the name of a scenario that is shipped; absent means all defaults. */
  readonly file?: string | undefined
  readonly overrides?: readonly Override[]
}

/**
 * Reads a scenario and what overrides it. Throws a SettingsError that names all mistakes at once, each with its path
 * and line (or the flag it came from), what was expected and what came.
 */
export function loadScenario({ file, overrides = [] }: ScenarioSource): Scenario {
  const about = file ?? 'the settings'
  return parseScenario(file === undefined ? '' : readScenarioFile(file), about, overrides)
}

const shippedFolder = join(import.meta.dirname, '../scenarios')

/** The names of the scenarios that are shipped: those of their files, without .yaml. */
export const shippedScenarios = (): string[] =>
  readdirSync(shippedFolder)
    .map((file) => basename(file, '.yaml'))
    .sort()

function readScenarioFile(file: string): string {
  const isName = !existsSync(file) && shippedScenarios().includes(file)
  try {
    return readFileSync(isName ? join(shippedFolder, `${file}.yaml`) : file, 'utf8')
  } catch (error) {
    throw new SettingsError(file, [
      `the file cannot be read: ${(error as Error).message}; shipped are ${shippedScenarios().join(', ')}`,
    ])
  }
}

export function parseScenario(yaml: string, about: string, overrides: readonly Override[]): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const mistakes = document.errors.map(
      ({ pos, message }) => `line ${lines.linePos(pos[0]).line}: this is not YAML: ${message}`,
    )
    throw new SettingsError(about, mistakes)
  }
  const input = withOverrides(document.toJS() ?? {}, overrides)
  const parsed = settingsSchema.safeParse(input)
  if (parsed.success) return { settings: parsed.data, text: stringify(input) }
  const mistakes = mistakesOf(settingsSchema, parsed.error, input)
  const where = ({ path }: Mistake): string => {
    const override = overrides.find((candidate) => startsWith(path, candidate.path))
    if (override !== undefined) return `${override.from}: `
    const offset = offsetAt(document.contents, path)
    return offset === undefined ? '' : `line ${lines.linePos(offset).line}: `
  }
  throw new SettingsError(
    about,
    mistakes.map((mistake) => `${where(mistake)}${mistakeText(mistake)}`),
  )
}

/** A mapping with the overrides put in; what is no mapping is left for the schema to complain of. */
function withOverrides(input: unknown, overrides: readonly Override[]): unknown {
  if (!isMapping(input)) return input
  const result = structuredClone(input)
  for (const { path, value } of overrides) put(result, path, value)
  return result
}

function put(target: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return
  if (rest.length === 0) {
    target[key] = value
    return
  }
  const next = isMapping(target[key]) ? target[key] : {}
  target[key] = next
  put(next, rest, value)
}

const startsWith = (path: Path, prefix: readonly string[]): boolean => prefix.every((part, i) => path[i] === part)

/** Where in the text a path is, or, for something that is absent, the nearest mapping around it. */
function offsetAt(contents: ParsedNode | null, path: Path): number | undefined {
  let node: unknown = contents
  let offset = contents?.range[0]
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(part))
      if (!isPair(pair)) return offset
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isNode(node) && 'get' in node && typeof node.get === 'function') {
      node = node.get(part, true)
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
  }
  return offset
}
