import { dirname, join } from 'node:path'
import { type Outcome, runCommand } from '#infra/local/run-command.ts'
import type { ComposeFile } from './compose-faults.ts'
import { pythonWith } from './python.ts'

const root = join(import.meta.dirname, '../..')
const LIMIT_MS = 30_000

/** Docker's own compose, as words of a command line, or why there is none. */
export type ComposeOrReason = { readonly command: readonly string[] } | { readonly missing: string }

/** The plugin of this machine's Docker, else the same program from a Python package: `config` needs no engine. */
export async function findCompose(): Promise<ComposeOrReason> {
  const plugin = await runCommand('docker', ['compose', 'version'], { timeoutMs: LIMIT_MS })
  if (plugin.code === 0) return { command: ['docker', 'compose'] }
  const found = await pythonWith(join(root, 'test/integration/validators/compose.txt'))
  return 'missing' in found ? found : { command: [join(dirname(found.python), 'docker-compose')] }
}

/** Variables that compose or the file looks at: whatever they are here, the tests begin without. */
const looksAt = [
  ...['COMPOSE_PROFILES', 'COMPOSE_FILE', 'COMPOSE_ENV_FILES'],
  ...['POSTGRES_PASSWORD', 'RUPEESTREAM_PAGE_TOKEN', 'SCENARIO'],
  ...['KAFKA_PORT', 'REGISTRY_PORT', 'PAGE_PORT', 'GRAFANA_PORT', 'PROMETHEUS_PORT', 'ALERTMANAGER_PORT'],
]

/** `compose FLAGS config` in the repository. `flags` stand before the command, as in `docker compose FLAGS up`. */
export function composeConfig(
  command: readonly string[],
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const clean = [...looksAt.flatMap((name) => ['-u', name]), ...variables]
  const args = [...clean, ...command, ...flags, 'config', '--format', 'json']
  return runCommand('env', args, { timeoutMs: LIMIT_MS, cwd: root })
}

/** What compose made of the file; throws with what it said where it refused or warned. */
export function rendered({ code, output }: Outcome): ComposeFile {
  if (code !== 0 || !output.startsWith('{')) throw new Error(output)
  return JSON.parse(output) as ComposeFile
}
