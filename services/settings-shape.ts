import type { z } from 'zod'

/** The parts of a zod schema's definition that tell its shape. */
interface Definition {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  readonly keyType?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly entries?: Readonly<Record<string, string>>
}

export type Path = readonly (string | number)[]

const definitionOf = (schema: z.core.$ZodType): Definition => schema._zod.def as unknown as Definition

/** What a schema may be, its defaults, transforms and unions taken apart. */
function alternatives(schema: z.core.$ZodType): Definition[] {
  const definition = definitionOf(schema)
  if (definition.options !== undefined) return definition.options.flatMap(alternatives)
  const inner = definition.innerType ?? definition.in
  return inner === undefined ? [definition] : alternatives(inner)
}

/** The schemas of a union in their order; of anything else, itself. */
export function branchesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const definition = definitionOf(schema)
  const inner = definition.innerType ?? definition.in
  return definition.options ?? (inner === undefined ? [schema] : branchesOf(inner))
}

/** The keys that a mapping of this schema may have. */
export const keysOf = (schema: z.core.$ZodType): string[] =>
  alternatives(schema).flatMap(({ shape, keyType }) => {
    if (shape !== undefined) return Object.keys(shape)
    return keyType === undefined ? [] : Object.keys(definitionOf(keyType).entries ?? {})
  })

/** The schema that a path leads to. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const [segment, ...rest] = path
  if (segment === undefined) return schema
  for (const { shape, element, valueType } of alternatives(schema)) {
    const next = shape?.[segment] ?? element ?? valueType
    const found = next && schemaAt(next, rest)
    if (found !== undefined) return found
  }
  return undefined
}

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
}

/** What a schema wants, in words. */
export function inWords(schema: z.core.$ZodType): string {
  const words = alternatives(schema).map(({ type, entries, shape, keyType }) => {
    if (entries !== undefined) return Object.values(entries).join(', ')
    if (shape !== undefined || keyType !== undefined) return `keys ${keysOf(schema).join(', ')}`
    return kinds[type] ?? type
  })
  return [...new Set(words)].join(' or ')
}
