import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#infra/local/run-command.ts'
import { render } from '../helpers/kubernetes-faults.ts'
import { type PythonOrReason, pythonWith } from '../helpers/python.ts'

const root = join(import.meta.dirname, '../..')
const composeFile = join(root, 'docker-compose.yml')
const folder = mkdtempSync(join(tmpdir(), 'rupeestream-manifests-'))
/** Kinds of which Kubernetes itself knows no schema. */
const foreignKinds = ['ServiceMonitor']
let found: PythonOrReason

beforeAll(async () => {
  found = await pythonWith(join(import.meta.dirname, 'validators/requirements.txt'))
  if ('python' in found) return
  if (process.env.REQUIRE_BROKER === '1') throw new Error(found.missing)
  process.stderr.write(`\nTHE MANIFESTS ARE NOT VALIDATED. ${found.missing}\n\n`)
}, 660_000)

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
