import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#infra/local/run-command.ts'
import { type ComposeOrReason, composeConfig, findCompose, rendered } from '../helpers/compose-config.ts'
import { faultsOf, ownSecrets } from '../helpers/compose-faults.ts'
import { render } from '../helpers/kubernetes-faults.ts'
import { type PythonOrReason, pythonWith } from '../helpers/python.ts'

const root = join(import.meta.dirname, '../..')
const composeFile = join(root, 'docker-compose.yml')
const folder = mkdtempSync(join(tmpdir(), 'rupeestream-manifests-'))
/** Kinds of which Kubernetes itself knows no schema. */
const foreignKinds = ['ServiceMonitor']
let found: PythonOrReason
let compose: ComposeOrReason

beforeAll(async () => {
  found = await pythonWith(join(import.meta.dirname, 'validators/requirements.txt'))
  if ('missing' in found) complain('THE MANIFESTS ARE NOT VALIDATED.', found.missing)
  compose = await findCompose()
  if ('missing' in compose) complain('COMPOSE HAS NOT READ docker-compose.yml.', compose.missing)
}, 660_000)

function complain(what: string, missing: string): void {
  if (process.env.REQUIRE_BROKER === '1') throw new Error(missing)
  process.stderr.write(`\n${what} ${missing}\n\n`)
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A validator of the Python packages; their schemas come with them. */
const run = (command: string, ...args: string[]) => {
  if ('missing' in found) throw new Error(found.missing)
  return runCommand(join(dirname(found.python), command), args, { timeoutMs: 60_000 })
}

describe('the files for containers', () => {
  test("docker-compose.yml keeps the compose specification's schema, and a misspelt key does not", async ({ skip }) => {
    skip('missing' in found, 'missing' in found ? found.missing : '')
    const validate = (file: string) => run('check-jsonschema', '--builtin-schema', 'vendor.compose-spec', file)
    const { code, output } = await validate(composeFile)
    expect(code, output).toBe(0)
    const misspelt = join(folder, 'docker-compose.yml')
    writeFileSync(misspelt, readFileSync(composeFile, 'utf8').replace('    healthcheck:', '    healthchecks:'))
    expect((await validate(misspelt)).code).toBe(1)
  })

  test("the manifests keep Kubernetes' own schemas, and a misspelt key does not", async ({ skip }) => {
    const rendered = await render(join(root, 'infra/kubernetes/example'))
    const missing = ('missing' in found && found.missing) || ('missing' in rendered && rendered.missing)
    skip(missing !== false, missing || '')
    const { yaml } = rendered as { yaml: string }
    const validate = async (name: string, text: string) => {
      const file = join(folder, name)
      writeFileSync(file, text)
      return run('kubernetes-validate', '--strict', file)
    }
    const { code, output } = await validate('whole.yaml', yaml)
    expect(code, output).toBe(0)
    const unknown = [...output.matchAll(/Couldn't find schema for kind (\w+)/g)].map(([, kind]) => kind)
    expect(unknown).toEqual(foreignKinds)
    expect(output.match(/ passed for resource /g)).toHaveLength(yaml.split('\n---\n').length - foreignKinds.length)
    expect((await validate('misspelt.yaml', yaml.replace('readinessProbe:', 'readynessProbe:'))).code).not.toBe(0)
  })
})

const core = ['fraud-injector', 'kafka', 'monitor', 'producer', 'registry', 'schemas', 'scorer', 'topics']
const demo = [...core, 'alertmanager', 'grafana', 'postgres', 'prometheus'].sort()
const demoFile = ['--env-file', 'infra/docker/demo.env']
const PASSWORD = 'chosen-at-the-first-start'

describe('docker compose config', () => {
  const config = (flags: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    if ('missing' in compose) throw new Error(compose.missing)
    return composeConfig(compose.command, flags, environment)
  }

  beforeEach(({ skip }) => skip('missing' in compose, 'missing' in compose ? compose.missing : ''))

  test('makes of the file what the rules allow, by default and for the demo', async () => {
    const alone = rendered(await config([]))
    expect(Object.keys(alone.services).sort()).toEqual(core)
    const watched = rendered(await config(demoFile, { POSTGRES_PASSWORD: PASSWORD }))
    expect(Object.keys(watched.services).sort()).toEqual(demo)
    expect([...faultsOf(alone, root), ...faultsOf(watched, root)]).toEqual([])
    expect(ownSecrets(alone)).toEqual([])
    const scenarioOf = ({ services }: typeof alone) => services.monitor!.volumes
    expect(scenarioOf(alone)).toMatchObject([{ source: join(root, 'infra/scenarios/default.yaml') }])
    expect(scenarioOf(watched)).toMatchObject([{ source: join(root, 'infra/docker/demo.yaml') }])
  })

  test('gives the password of the database to who needs it, and without one the demo does not begin', async () => {
    const watched = rendered(await config(demoFile, { POSTGRES_PASSWORD: PASSWORD }))
    expect(ownSecrets(watched).sort()).toEqual([
      'grafana: POSTGRES_PASSWORD',
      'monitor: PGPASSWORD',
      'postgres: POSTGRES_PASSWORD',
    ])
    const { code, output } = await config(demoFile)
    expect(code).not.toBe(0)
    expect(output).toContain('POSTGRES_PASSWORD is missing a value')
  })

  test('takes every command that the docs give', async () => {
    const texts = ['README.md', 'docs/operations.md', 'docker-compose.yml'].map((name) =>
      readFileSync(join(root, name), 'utf8'),
    )
    const commands = new Set(
      texts.flatMap((text) => text.match(/(?:[A-Z_]+=\S+ )*docker compose [^`\n]*?\bup\b/g) ?? []),
    )
    expect(commands.size).toBeGreaterThanOrEqual(3)
    for (const command of commands) {
      const words = command.split(' ')
      const at = words.indexOf('docker')
      const environment = Object.fromEntries(words.slice(0, at).map((word) => word.split('=') as [string, string]))
      const { services } = rendered(await config(words.slice(at + 2, -1), environment))
      const [scenario] = services.monitor!.volumes!
      if (environment.SCENARIO) expect(scenario).toMatchObject({ source: join(root, environment.SCENARIO) })
    }
  })

  test('takes a scenario without ./ before it for a file, too', async () => {
    const { services } = rendered(await config([], { SCENARIO: 'my.yaml' }))
    expect(services.monitor!.volumes).toMatchObject([{ type: 'bind', source: join(root, 'my.yaml') }])
  })

  test.for([
    ['a service that is not there', '      kafka:\n        condition', '      kafak:\n        condition', 'kafak'],
    ['a volume that nobody declares', '- kafka:/var/lib/kafka/data', '- ledgers:/var/lib/kafka/data', 'ledgers'],
    [
      'services that wait for each other',
      '    image: apache/kafka',
      '    depends_on: [registry]\n    image: apache/kafka',
      'cycle',
    ],
  ] as const)('sees %s, which the schema does not', async ([, right, wrong, said], { skip }) => {
    skip('missing' in found, 'missing' in found ? found.missing : '')
    const text = readFileSync(composeFile, 'utf8')
    expect(text).toContain(right)
    const file = join(folder, 'wrong.yml')
    writeFileSync(file, text.replace(right, wrong))
    expect((await run('check-jsonschema', '--builtin-schema', 'vendor.compose-spec', file)).code).toBe(0)
    const { code, output } = await config(['--file', file])
    expect(code).not.toBe(0)
    expect(output).toContain(said)
  })
})
