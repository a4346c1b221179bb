import { execFileSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'
import { describeOnStack } from './stack.ts'

/** Programs that Debian has in packages: prometheus (with promtool), prometheus-alertmanager (with amtool), postgresql. */
export type Tool = 'prometheus' | 'promtool' | 'prometheus-alertmanager' | 'amtool' | 'postgres' | 'initdb'

/** Debian keeps PostgreSQL's own programs out of the path. */
const elsewhere = () => globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()

/** Where a program is; undefined where it is not installed. */
export function toolPath(tool: Tool): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...elsewhere()]
  return folders.map((folder) => join(folder, tool)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why tests that need these programs cannot run; undefined when they can. REQUIRE_MONITORING=1 makes it a failure. */
export function missingTools(tools: readonly Tool[]): string | undefined {
  const missing = tools.filter((tool) => toolPath(tool) === undefined)
  if (missing.length === 0) return undefined
  const reason = `not installed: ${missing.join(', ')}`
  if (process.env.REQUIRE_MONITORING === '1') throw new Error(`${reason}, and REQUIRE_MONITORING is 1`)
  return reason
}

/** `describe` for tests that need programs: skipped, with the reason in their name, where one is not installed. */
export function describeWithTools(name: string, tools: readonly Tool[], body: () => void): void {
  const missing = missingTools(tools)
  if (missing === undefined) describe(name, body)
  else describe.skip(`${name} (skipped: ${missing})`, body)
}

/** The same for tests that need the broker as well. */
export function describeOnStackWith(name: string, tools: readonly Tool[], body: () => void): void {
  const missing = missingTools(tools)
  if (missing === undefined) describeOnStack(name, body)
  else describe.skip(`${name} (skipped: ${missing})`, body)
}

/** Runs a program to its end; its output, or an error with what it said. */
export function runTool(tool: Tool, args: readonly string[]): string {
  try {
    return execFileSync(toolPath(tool)!, args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${tool} ${args.join(' ')}:\n${stdout}${stderr}`)
  }
}
