import type { z } from 'zod'
import { mistakesOf, mistakeText } from '#services/settings-errors.ts'

/** A model that cannot be read: what is wrong with it, and where. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
}

/** Mistakes told at the most: a file that is something else altogether has thousands. */
const MISTAKES_MAX = 10

/** What the schema makes of it. Throws ModelError with the path of each mistake. */
export function parseModel<T>(what: string, schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const mistakes = mistakesOf(schema, result.error, json).slice(0, MISTAKES_MAX).map(mistakeText)
  throw new ModelError(`This is not ${what}:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
}
