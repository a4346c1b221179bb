import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '#infra/connection.ts'
import { connectedTo, rupeestream } from '../helpers/child.ts'
import type { Podman } from './podman.ts'

type Compose = (...args: string[]) => Promise<string>
type Say = (text: string) => void

const servers = ['kafka', 'registry']
const deploys = ['schemas', 'topics']
const services = ['producer', 'fraud-injector', 'scorer', 'monitor']
/** What a process ends with that was told to: drained, or by SIGTERM itself, as the JVM has it. */
const stoppedWell = [0, 143]
const READY_LIMIT_MS = 180_000
const PAUSE_MS = 1_000

/**
 * Brings the core up in the order of its `depends_on`. Podman runs health checks by systemd's timers only, and not
 * every machine has these, so each is run here, by hand, until it passes.
 */
export async function up(podman: Podman, compose: Compose, say: Say): Promise<void> {
  await start(compose, servers)
  for (const service of servers) await untilHealthy(podman, service)
  say('Kafka and the registry are healthy')
  await start(compose, deploys)
  for (const service of deploys) {
    const code = Number(await podman.run('wait', podman.container(service)))
    if (code !== 0) throw new Error(`${service} ended with ${code}:\n${await logs(podman, service)}`)
  }
  say('schemas and topics are deployed')
  await start(compose, services)
  for (const service of services) await untilHealthy(podman, service)
  say('the four services are ready')
}

const start = (compose: Compose, names: readonly string[]): Promise<string> =>
  compose('up', '--detach', '--no-build', '--no-deps', ...names)

async function untilHealthy(podman: Podman, service: string): Promise<void> {
  const name = podman.container(service)
  for (const deadline = performance.now() + READY_LIMIT_MS; ; await delay(PAUSE_MS)) {
    if ((await podman.try('healthcheck', 'run', name)).code === 0) return
    if (performance.now() > deadline)
      throw new Error(`${service} does not get healthy:\n${await logs(podman, service)}`)
  }
}

const logs = async (podman: Podman, service: string): Promise<string> =>
  (await podman.try('logs', '--tail', '30', podman.container(service))).output

/** Payments, their labels and their scores come through to who reads from outside and to the monitor. */
export async function smoke(podman: Podman, connection: Connection, scenario: string, say: Say): Promise<void> {
  const environment = connectedTo(connection)
  for (const command of [
    ['topics', '--check'],
    ['schemas', '--check'],
  ])
    await ours(command)
  for (const topic of ['transactions', 'ground-truth', 'scores']) {
    const lines = (await ours(['tail', topic, '--from-beginning', '-n', '20', '--json'])).split('\n')
    if (lines.filter((line) => line.startsWith('{')).length !== 20) throw new Error(`${topic}: ${lines.length} lines`)
  }
  say('payments, labels and scores can be read from outside')
  await untilJudged(podman)
  say('the monitor has judged payments')

  async function ours(args: readonly string[]): Promise<string> {
    const { code, out, errors } = await rupeestream([...args, '--scenario', scenario], environment)
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors}`)
    return out
  }
}

/**
 * Seen from inside: the services are not root, cannot become it, have no capabilities, and can write nowhere but to /tmp,
 * and to /run and /var/tmp, which podman adds by itself.
 */
export async function contained(podman: Podman, say: Say): Promise<void> {
  for (const service of services) {
    const inside = (...command: string[]) => podman.try('exec', podman.container(service), ...command)
    const { output: status } = await inside('cat', '/proc/1/status', '/proc/self/status')
    const values = (name: string) =>
      [...status.matchAll(new RegExp(`^${name}:\\s+(.*)$`, 'gm'))].map(([, value]) => value)
    // Of the process and of what is started beside it: real, effective, saved and of the file system.
    const wanted = { Uid: '1000\t1000\t1000\t1000', NoNewPrivs: '1', CapEff: '0'.repeat(16), CapBnd: '0'.repeat(16) }
    for (const [name, value] of Object.entries(wanted))
      if (values(name).length !== 2 || values(name).some((one) => one !== value))
        throw new Error(`${service}: ${name} is ${values(name).join(' and ')}, not ${value}`)
    for (const folder of ['/', '/rupeestream', '/rupeestream/infra', '/etc', '/home', '/var']) {
      const { code, output } = await inside('touch', `${folder}/written`)
      if (code === 0 || !/Read-only file system/.test(output))
        throw new Error(`${service} can write to ${folder}: ${output}`)
    }
    const { code, output } = await inside('touch', '/tmp/written')
    if (code !== 0) throw new Error(`${service} cannot write to /tmp: ${output}`)
  }
  say('the services are not root, have no capabilities, and their file systems are read-only')
}

/** By the monitor's own metrics, asked for by another container, as Prometheus would. */
async function untilJudged(podman: Podman): Promise<void> {
  const ask = "fetch('http://monitor:9464/metrics').then((answer) => answer.text()).then(console.log)"
  for (const deadline = performance.now() + READY_LIMIT_MS; ; await delay(PAUSE_MS)) {
    const { output } = await podman.try('exec', podman.container('producer'), 'node', '-e', ask)
    if (Number(/^rupeestream_monitor_judged_total (\d+)/m.exec(output)?.[1] ?? 0) > 0) return
    if (performance.now() > deadline)
      throw new Error(`the monitor judges nothing:\n${output.slice(0, 500)}\n${await logs(podman, 'monitor')}`)
  }
}

/** Stops everything in reverse and looks at the exit codes. */
export async function stop(podman: Podman, compose: Compose, say: Say): Promise<void> {
  const all = [...services, ...servers.toReversed()]
  for (const service of all) await compose('stop', service)
  const codes = await Promise.all(
    all.map(async (service) =>
      Number(await podman.run('inspect', '--format', '{{.State.ExitCode}}', podman.container(service))),
    ),
  )
  say(`stopped: ${all.map((service, index) => `${service} ${codes[index]}`).join(', ')}`)
  const bad = all.filter((_, index) => !stoppedWell.includes(codes[index]!))
  for (const service of bad) say(`${service}:\n${await logs(podman, service)}`)
  if (bad.length > 0) throw new Error(`these did not end as they should: ${bad.join(', ')}`)
}
