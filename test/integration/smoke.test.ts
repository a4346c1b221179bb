import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { Child, connectedTo, PATIENCE } from '../helpers/child.ts'
import { deploy, ownSettings } from '../helpers/deployed.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-smoke-'))
const scenarioFile = join(folder, 'scenario.yaml')
const scenario = { partitions: 2, population: { customers: 100 }, clock: { history: '1d' }, pace: { speed: 1 } }

/** Each service, and counters that it alone has. */
const services = [
  ['producer', ['rupeestream_producer_transactions', 'rupeestream_producer_shortfall']],
  ['fraud-injector', ['rupeestream_injector_transactions', 'rupeestream_task_consumed_records']],
  ['scorer', ['rupeestream_scorer_scored', 'rupeestream_scorer_evictions', 'rupeestream_task_consumed_records']],
  ['monitor', ['rupeestream_monitor_judged', 'rupeestream_task_consumed_records']],
] as const

const mainOf = (name: string): string => `services/${name}/main.ts`

const metricsUrl = ({ errors }: Child): string =>
  errors.map((line) => /metrics on (http:[^"]*)\/metrics/.exec(line)?.[1]).find((url) => url !== undefined)!

afterEach(() => Child.endAll())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeOnStack('each service, started alone by Node', () => {
  const settings = ownSettings(scenario)

  beforeAll(async () => {
    writeFileSync(scenarioFile, stringify({ ...scenario, topicPrefix: settings.topicPrefix }))
    await deploy(sharedStack().connection, settings)
  })

  test.for(services)('%s gets ready, tells its figures, and drains at SIGTERM', async ([name, counters]) => {
    const child = new Child(mainOf(name), ['--scenario', scenarioFile], connectedTo(sharedStack().connection))
    await child.until('ready', () => child.status?.ready === true)
    expect(child.status?.service).toBe(name)
    const url = metricsUrl(child)
    // Ready to the world is who has also caught up with what there was.
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, PATIENCE).toBe(200)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    for (const counter of counters) expect(metrics).toContain(`# TYPE ${counter} `)
    child.signal('SIGTERM')
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.out).toEqual([])
  })

  test.for(services)('%s refuses wrong settings, all mistakes at once', async ([name]) => {
    const file = join(folder, `wrong-${name}.yaml`)
    writeFileSync(file, 'partitions: none\npopulation:\n  custommers: 5\n')
    const args = ['--scenario', file, '--metrics-port', '99999']
    const child = new Child(mainOf(name), args, { ...connectedTo(sharedStack().connection), RUPEESTREAM_TLS: 'maybe' })
    expect(await child.ended).toEqual({ code: 2, signal: null })
    const text = child.errors.join('\n')
    for (const mistake of ['partitions', 'custommers', 'customers', '--metrics-port', 'RUPEESTREAM_TLS'])
      expect(text).toContain(mistake)
    expect(text).not.toContain('    at ')
  })

  test.for(services)('%s explains itself', async ([name]) => {
    const child = new Child(mainOf(name), ['--help'], {})
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.out[0]).toBe(`Usage: node services/${name}/main.ts [options]`)
  })

  test('without its topics a service says what to run', async () => {
    const prefix = uniquePrefix()
    const child = new Child(mainOf('scorer'), ['--topic-prefix', prefix], connectedTo(sharedStack().connection))
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.errors.join('\n')).toContain(`topic ${prefix}transactions does not exist: run \`rupeestream topics\``)
  })
})
