import { randomUUID } from 'node:crypto'
import { describe, inject } from 'vitest'
import type { Connection } from '#infra/connection.ts'

/** The one broker and registry of a test run, as every test file sees it. */
export interface SharedStack {
  readonly connection: Connection
  /** For Kafka's own tools: the java command and what its -cp takes; undefined when containers run the stack. */
  readonly java: string | undefined
  readonly kafkaClassPath: string | undefined
}

/** Either the stack, or why there is none. */
export type StackOrReason = SharedStack | { readonly missing: string }

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackOrReason
  }
}

/** Throws where there is none: call it within `describeOnStack`. */
export function sharedStack(): SharedStack {
  const stack = inject('stack')
  if ('missing' in stack) throw new Error(stack.missing)
  return stack
}

/** `describe` for tests that need the broker: skipped, with the reason in their name, where there is none. */
export function describeOnStack(name: string, body: () => void): void {
  const stack = inject('stack')
  if ('missing' in stack) describe.skip(`${name} (skipped: ${stack.missing})`, body)
  else describe(name, body)
}

/** Topics, groups and subjects of a test are its own. */
export const uniquePrefix = (): string => `test-${randomUUID().slice(0, 8)}.`
