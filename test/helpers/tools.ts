import { execFileSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'
import { describeOnStack } from './stack.ts'

/** Programs that Debian has in packages: prometheus (with promtool), prometheus-alertmanager (with amtool), postgresql, chromium. */
export type Tool = 'prometheus' | 'promtool' | 'prometheus-alertmanager' | 'amtool' | 'postgres' | 'initdb' | 'chromium'

/** Debian keeps PostgreSQL's own programs out of the path. */
const elsewhere = () => globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed()

/** Other names of the same program: of the browser, and what its makers call what Debian names otherwise. */
const otherNames: Partial<Record<Tool, readonly string[]>> = {
  chromium: ['chromium-browser', 'google-chrome'],
  'prometheus-alertmanager': ['alertmanager'],
}

/**
 * Where a program is: the first of its names in the PATH, so that a folder put before the others has it tested in another
 * version; undefined where it is not installed. CHROMIUM may name a browser that is elsewhere.
 */
export function toolPath(tool: Tool): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...elsewhere(), '/snap/bin']
  const names = [tool, ...(otherNames[tool] ?? [])]
  const named = tool === 'chromium' ? [process.env.CHROMIUM ?? ''] : []
  return [...named, ...folders.flatMap((folder) => names.map((name) => join(folder, name)))].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What makes the lack of a program a failure. */
const requiring = (tool: Tool): string => (tool === 'chromium' ? 'REQUIRE_BROWSER' : 'REQUIRE_MONITORING')

/**
 * Why tests that need these programs cannot run; undefined when they can. REQUIRE_MONITORING=1 makes it a failure, for
 * Chromium REQUIRE_BROWSER=1.
 */
export function missingTools(tools: readonly Tool[]): string | undefined {
  const missing = tools.filter((tool) => toolPath(tool) === undefined)
  if (missing.length === 0) return undefined
  const reason = `not installed: ${missing.join(', ')}`
  const required = missing.map(requiring).find((name) => process.env[name] === '1')
  if (required !== undefined) throw new Error(`${reason}, and ${required} is 1`)
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
