// `npm run test:containers`: builds the image, runs the core of docker-compose.yml with podman, looks whether payments
// come through, and stops it all. Says what is missing where it cannot.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { tool } from '#infra/cli/tool.ts'
import { freePorts } from '#infra/local/ports.ts'
import { exitCodes } from '#infra/service/exit-codes.ts'
import type { ScenarioFile } from '#services/settings.ts'
import { Child } from '../helpers/child.ts'
import { pythonWith } from '../helpers/python.ts'
import { whatIsMissing } from './missing.ts'
import { Podman } from './podman.ts'
import { contained, smoke, stop, up } from './run.ts'
import { seePage } from './see-page.ts'
import { makeStandIns } from './stand-ins.ts'

tool(
  'test:containers',
  'the image and the core of docker-compose.yml, by podman; 0 if all is well, 1 if not, 3 if this machine lacks something',
).parse()

const root = join(import.meta.dirname, '../..')
const composeFile = join(root, 'docker-compose.yml')
const since = performance.now()
const say = (text: string): boolean =>
  process.stdout.write(`${((performance.now() - since) / 1_000).toFixed(0).padStart(4)} s  ${text}\n`)

/** Small, so that its history is made in seconds. */
const scenario: ScenarioFile = {
  population: { customers: 500 },
  clock: { history: '2d' },
  pace: { rate: 50 },
  runner: { checkpointMs: 2_000 },
}

function cannot(reasons: readonly string[]): never {
  process.stderr.write(`CONTAINERS CANNOT BE TESTED HERE.\n${reasons.map((reason) => `  ${reason}\n`).join('')}`)
  process.exit(exitCodes.environment)
}

/** Containers outlive who started them: whoever interrupts this has them removed first. Twice leaves at once. */
const ending = new AbortController()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    say(`${signal}: removing everything`)
    process.exitCode = code
    ending.abort(new Error(`ended by ${signal}`))
    void Child.endAll()
  })

const missing = await whatIsMissing()
const python = missing.length > 0 ? undefined : await pythonWith(join(import.meta.dirname, 'requirements.txt'))
if (python === undefined || 'missing' in python) cannot(python === undefined ? missing : [python.missing])

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-containers-'))
const podman = new Podman(
  join(folder, 'podman'),
  join(dirname(python.python), 'podman-compose'),
  'rupeestream-test',
  ending.signal,
)
const scenarioFile = join(folder, 'scenario.yaml')
writeFileSync(scenarioFile, stringify(scenario))
const [kafkaPort, registryPort, pagePort] = (await freePorts(3)) as [number, number, number]
const token = randomBytes(24).toString('hex')
const environment = {
  SCENARIO: scenarioFile,
  KAFKA_PORT: String(kafkaPort),
  REGISTRY_PORT: String(registryPort),
  PAGE_PORT: String(pagePort),
  RUPEESTREAM_PAGE_TOKEN: token,
}
const compose = (...args: string[]): Promise<string> => podman.compose(composeFile, environment, ...args)

const images = (
  parse(readFileSync(composeFile, 'utf8'), { merge: true }) as {
    services: Record<'kafka' | 'registry', { image: string }>
  }
).services
const nodeVersion = /^ARG NODE_VERSION=(.+)$/m.exec(readFileSync(join(root, 'infra/docker/Dockerfile'), 'utf8'))?.[1]

try {
  const names = { node: `node:${nodeVersion}-slim`, kafka: images.kafka.image, registry: images.registry.image }
  await makeStandIns(podman, join(folder, 'contexts'), names, say)
  say('building the image from infra/docker/Dockerfile')
  const dockerfile = join(root, 'infra/docker/Dockerfile')
  await podman.run('build', '--network', 'host', '--file', dockerfile, '--tag', 'rupeestream', root)
  await up(podman, compose, say)
  const connection = {
    brokers: [`127.0.0.1:${kafkaPort}`],
    registry: `http://127.0.0.1:${registryPort}/apis/ccompat/v7`,
  }
  await smoke(podman, connection, scenarioFile, say)
  await contained(podman, say)
  await seePage(podman, `http://127.0.0.1:${pagePort}`, token, say)
  await stop(podman, compose, say)
  say('all is well')
} catch (error) {
  if (!ending.signal.aborted) throw error
} finally {
  // What goes wrong here must not hide what went wrong before.
  await podman.clear().catch((error: Error) => {
    say(`something is left behind: ${error.message}`)
    process.exitCode ??= 1
  })
  rmSync(folder, { recursive: true, force: true })
}
