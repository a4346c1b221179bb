import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Outcome, runCommand } from '#infra/local/run-command.ts'

/** Either the python of an environment with these packages, or why there is none. */
export type PythonOrReason = { readonly python: string } | { readonly missing: string }

const INSTALL_LIMIT_MS = 10 * 60_000

/** A virtual environment in the user's cache folder, made where there is none yet, by Python's version and what it holds. */
export async function pythonWith(requirements: string): Promise<PythonOrReason> {
  const version = await runCommand('python3', ['-c', 'import sys; print(sys.version)'], { timeoutMs: 20_000 })
  if (version.code !== 0) return { missing: `python3 cannot be run: ${lastLine(version)}` }
  const digest = createHash('sha256').update(version.output).update(readFileSync(requirements)).digest('hex')
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(base, 'rupeestream', `python-${digest.slice(0, 12)}`)
  const python = join(folder, 'bin/python')
  // Written last: a folder without it was left half made.
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return { python }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(base, { recursive: true })
  const made = await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_LIMIT_MS })
  if (made.code !== 0) return { missing: `python3 -m venv failed: ${lastLine(made)}` }
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]
  const installed = await runCommand(python, install, { timeoutMs: INSTALL_LIMIT_MS })
  if (installed.code !== 0) return { missing: `pip install failed: ${lastLine(installed)}` }
  writeFileSync(complete, '')
  return { python }
}

const lastLine = ({ output }: Outcome): string => output.trimEnd().split('\n').at(-1) ?? ''
