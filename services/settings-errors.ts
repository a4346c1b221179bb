import type { z } from 'zod'
import { branchesOf, inWords, keysOf, type Path, schemaAt } from './settings-shape.ts'
import { closest } from './spelling.ts'

/** One thing wrong with a file of settings. */
export interface Mistake {
  readonly path: Path
  /** Continues 'expected …'. */
  readonly expected: string
  /** Continues 'came …'. */
  readonly received: string
  /** The word that was probably meant. */
  readonly suggestion?: string
}

type Issue = z.core.$ZodIssue

interface Place {
  readonly schema: z.core.$ZodType
  readonly path: Path
  readonly input: unknown
}

/** All mistakes that zod found, each with what was expected and what came, in the order of their paths. */
export function mistakesOf(schema: z.core.$ZodType, error: z.core.$ZodError, input: unknown): Mistake[] {
  const mistakes = explain(error.issues, { schema, path: [], input })
  return mistakes.sort((a, b) => (pathText(a.path) < pathText(b.path) ? -1 : 1))
}

/** 'population.custmers: unknown key …' in one line. */
export function mistakeText({ path, expected, received, suggestion }: Mistake): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  return `${pathText(path)}: expected ${expected}, came ${received}${meant}`
}

/** 'pace.rate.stages[0].to'. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  ) || 'the whole file'

function explain(issues: readonly Issue[], place: Place): Mistake[] {
  const mistakes = issues.flatMap((issue) => explainOne(issue, place))
  // A misspelt key also makes the right one missing; once is enough.
  const meant = new Set(mistakes.map(({ path, suggestion }) => pathText([...path.slice(0, -1), suggestion ?? ''])))
  return mistakes.filter(({ path, received }) => !(received === NOTHING && meant.has(pathText(path))))
}

function explainOne(issue: Issue, place: Place): Mistake[] {
  const at: Place = { ...place, path: [...place.path, ...(issue.path as Path)] }
  const value = valueAt(place.input, at.path)
  if (issue.code === 'invalid_union') return explainUnion(issue.errors as Issue[][], at, value)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, at))
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : []
  const suggestion = typeof value === 'string' ? closest(value, values) : undefined
  const mistake = { path: at.path, expected: expectation(issue, at), received: show(value) }
  return [suggestion === undefined ? mistake : { ...mistake, suggestion }]
}

function unknownKey(key: string, { schema, path }: Place): Mistake {
  const here = schemaAt(schema, path)
  const known = here === undefined ? [] : keysOf(here)
  const suggestion = closest(key, known)
  const expected = known.length === 0 ? 'no keys here' : `one of the keys ${known.join(', ')}`
  const mistake = { path: [...path, key], expected, received: 'an unknown key' }
  return suggestion === undefined ? mistake : { ...mistake, suggestion }
}

/** Speaks of the branch that was probably meant: the one whose kind and keys fit best. */
function explainUnion(errors: readonly Issue[][], at: Place, value: unknown): Mistake[] {
  const here = schemaAt(at.schema, at.path)
  const branches = here === undefined ? [] : branchesOf(here)
  const given = isMapping(value) ? Object.keys(value) : []
  const hits = branches.map((branch) => given.filter((key) => keysOf(branch).includes(key)).length)
  const known = branches.flatMap(keysOf).join(', ')
  if (hits.filter((count) => count > 0).length > 1 && !hits.includes(given.length)) {
    return [{ path: at.path, expected: `only one of the keys ${known}`, received: given.join(' and ') }]
  }
  if (isMapping(value) && given.length === 0) {
    return [{ path: at.path, expected: `one of the keys ${known}`, received: 'none' }]
  }
  const ranked = errors
    .map((issues, index) => ({ issues, misfit: misfit(issues, branches[index], given) }))
    .sort((a, b) => a.misfit - b.misfit)
  const best = ranked[0]
  const whole = {
    path: at.path,
    expected: here === undefined ? 'something else' : inWords(here),
    received: show(value),
  }
  if (best === undefined || best.misfit >= OTHER_KIND) return [whole]
  // A word that is not on the list of one branch might have been meant for another: name them all.
  return explain(best.issues, at).map((mistake) =>
    mistake.path.length === at.path.length ? { ...mistake, ...whole } : mistake,
  )
}

const OTHER_KIND = 1_000
const UNKNOWN_KEY = 10
const MISSPELT_KEY = 2

/** How far an input is from a branch of a union. */
function misfit(issues: readonly Issue[], branch: z.core.$ZodType | undefined, given: readonly string[]): number {
  const known = branch === undefined ? [] : keysOf(branch)
  return issues.reduce((total, { code, path }) => {
    if (path.length > 0) return total + 1
    if (code === 'invalid_type') return total + OTHER_KIND
    if (code !== 'unrecognized_keys') return total + 1
    const strange = given.filter((key) => !known.includes(key))
    return total + strange.reduce((sum, key) => sum + (closest(key, known) ? MISSPELT_KEY : UNKNOWN_KEY), 0)
  }, 0)
}

const types: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
}

const counted: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' }

const amount = (limit: number | bigint, origin: string): string => {
  const unit = counted[origin] ?? ''
  return `${limit}${limit === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit}`
}

function expectation(issue: Issue, { schema, path }: Place): string {
  switch (issue.code) {
    case 'invalid_type': {
      const here = schemaAt(schema, path)
      return types[issue.expected] ?? (here === undefined ? issue.expected : inWords(here))
    }
    case 'too_small':
      return issue.inclusive
        ? `${amount(issue.minimum, issue.origin)} or more`
        : `more than ${amount(issue.minimum, issue.origin)}`
    case 'too_big':
      return issue.inclusive
        ? `${amount(issue.maximum, issue.origin)} or less`
        : `less than ${amount(issue.maximum, issue.origin)}`
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`
    default:
      return issue.message.replace(/^expected /, '')
  }
}

const NOTHING = 'nothing'
const SHOWN_MAX = 60

/** What a message does not show of an address. */
const passwordOfUrl = /(:\/\/[^/\s]*?:)[^/\s]*@/g

function show(value: unknown): string {
  if (value === undefined) return NOTHING
  const text = (JSON.stringify(value) ?? String(value)).replace(passwordOfUrl, '$1…@')
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function valueAt(input: unknown, path: Path): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}
