import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadScenario } from '#infra/service/scenario.ts'
import project from '../../../package.json' with { type: 'json' }
import { faultsOf, type Manifest, type PolicyRule, render } from '../../helpers/kubernetes-faults.ts'
import { networkFaults } from '../../helpers/network-faults.ts'

const root = join(import.meta.dirname, '../../..')
const folder = (name: string): string => join(root, 'infra/kubernetes', name)
const base = await render(folder('base'))
const services = ['producer', 'fraud-injector', 'scorer', 'monitor']

const parsed = (yaml: string): Manifest[] => parseAllDocuments(yaml).map((document) => document.toJS() as Manifest)

if ('missing' in base) {
  if (process.env.REQUIRE_KUBECTL === '1') throw new Error(base.missing)
  process.stderr.write(
    `\nTHE KUBERNETES MANIFESTS ARE NOT RENDERED. ${base.missing}\nREQUIRE_KUBECTL=1 makes this a failure.\n\n`,
  )
}

describe.skipIf('missing' in base)('the Kubernetes manifests', () => {
  const manifests = 'missing' in base ? [] : parsed(base.yaml)
  const of = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind)
  const names = (kind: string): string[] =>
    of(kind)
      .map(({ metadata }) => metadata.name)
      .sort()

  test('hold every pod to the same rules, and select what is there', () => {
    expect(faultsOf(manifests)).toEqual([])
  })

  test('also with the secrets of the example', async () => {
    const example = await render(folder('example'))
    const all = parsed('yaml' in example ? example.yaml : '')
    expect(all.filter(({ kind }) => kind === 'Secret')).toHaveLength(services.length + 1)
    expect(faultsOf(all)).toEqual([])
  })

  test('have everything for each service', () => {
    for (const kind of ['Deployment', 'PodDisruptionBudget', 'Service'])
      expect(names(kind)).toEqual([...services].sort())
    expect(names('Job')).toEqual(['schemas', 'topics'])
    expect(names('HorizontalPodAutoscaler')).toEqual(['fraud-injector', 'scorer'])
    expect(names('ServiceMonitor')).toEqual(['rupeestream'])
    expect(names('NetworkPolicy')).toEqual(['database', 'metrics', 'names-kafka-and-registry', 'nothing'])
  })

  test("start this version's files, with a scenario that is valid and no more processes than partitions", () => {
    for (const { spec } of [...of('Deployment'), ...of('Job')]) {
      const [container] = spec!.template!.spec.containers
      expect(container!.image).toBe(`rupeestream:${project.version}`)
      expect(existsSync(join(root, container!.args![0]!)), container!.args![0]).toBe(true)
    }
    const { partitions } = loadScenario({ file: join(folder('base'), 'scenario.yaml') }).settings
    for (const { spec } of of('HorizontalPodAutoscaler')) expect(spec).toMatchObject({ maxReplicas: partitions })
  })

  /** A copy in which one value of the scorer's object of a kind is another, or gone. */
  const changed = (kind: string, path: string, value?: unknown): Manifest[] => {
    const copy = structuredClone(manifests)
    const parts = path.split('.')
    let at: unknown = copy.find((one) => one.kind === kind && one.metadata.name === 'scorer')
    for (const part of parts.slice(0, -1)) at = (at as Record<string, unknown>)[part]
    Object.assign(at as object, { [parts.at(-1)!]: value })
    return copy
  }
  const container = 'spec.template.spec.containers.0'
  const planted: readonly (readonly [fault: string, kind: string, path: string, value?: unknown])[] = [
    ['may run as root', 'Deployment', 'spec.template.spec.securityContext.runAsNonRoot'],
    ['is given a token of the cluster', 'Deployment', 'spec.template.spec.automountServiceAccountToken'],
    ['can write its root file system', 'Deployment', `${container}.securityContext.readOnlyRootFilesystem`],
    ['keeps capabilities', 'Deployment', `${container}.securityContext.capabilities`],
    ['may gain privileges', 'Deployment', `${container}.securityContext.allowPrivilegeEscalation`],
    ['has no readinessProbe', 'Deployment', `${container}.readinessProbe`],
    ['does not say what it needs', 'Deployment', `${container}.resources.limits`],
    ['image rupeestream:latest has no version', 'Deployment', `${container}.image`, 'rupeestream:latest'],
    [
      'reads config map nowhere, which is not there',
      'Deployment',
      `${container}.envFrom.0.configMapRef.name`,
      'nowhere',
    ],
    [
      'mounts config map nowhere, which is not there',
      'Deployment',
      'spec.template.spec.volumes.0.configMap.name',
      'nowhere',
    ],
    [
      'does not select its own pods',
      'Deployment',
      'spec.selector.matchLabels',
      { 'app.kubernetes.io/component': 'monitor' },
    ],
    ['selects nothing by {"app":"other"}', 'Service', 'spec.selector', { app: 'other' }],
    ['scales Deployment other, which is not there', 'HorizontalPodAutoscaler', 'spec.scaleTargetRef.name', 'other'],
  ]

  test.each(planted.map(([fault, ...change]) => ({ fault, change })))(
    'whose rules see that one $fault',
    ({ fault, change }) => {
      const [kind] = change
      expect(faultsOf(changed(...change))).toContain(`${kind} scorer: ${fault}`)
    },
  )

  /** With the scenario of the demo, which names a database. */
  const withDatabase = (port = ''): Manifest[] => {
    const text = readFileSync(join(root, 'infra/docker/demo.yaml'), 'utf8').replace(':5432', port)
    const copy = structuredClone(manifests)
    const map = copy.find(({ data }) => data?.['scenario.yaml'] !== undefined)!
    Object.assign(map, { data: { 'scenario.yaml': text } })
    return copy
  }
  const everyPod = [...services.map((name) => `Deployment ${name}`), 'Job schemas', 'Job topics']

  test('let the services reach what they connect to, a database included, and nothing else', async () => {
    expect(networkFaults(manifests)).toEqual([])
    expect(networkFaults(withDatabase())).toEqual([])
    expect(networkFaults(withDatabase(':5432'))).toEqual([])
    const example = await render(folder('example'))
    expect(networkFaults(parsed('yaml' in example ? example.yaml : ''))).toEqual([])
  })

  const without = (...names: string[]) => withDatabase().filter(({ metadata }) => !names.includes(metadata.name))
  const opened = (name: string, rule: PolicyRule) =>
    withDatabase().map((one) =>
      one.metadata.name === name ? { ...one, spec: { ...one.spec, egress: [...one.spec!.egress!, rule] } } : one,
    )
  const moved = (name: string, value: string) =>
    withDatabase().map((one) =>
      one.data?.[name] === undefined ? one : { ...one, data: { ...one.data, [name]: value } },
    )

  test('whose rules see a policy that is missing, too narrow or too wide', () => {
    const sorted = (faulty: Manifest[]) => networkFaults(faulty).sort()
    const all = (fault: string, pods = everyPod) => pods.map((pod) => `${pod}: ${fault}`).sort()
    expect(sorted(without('database'))).toEqual([
      'Deployment monitor: may not reach port 5432 of postgres://rupeestream@postgres/rupeestream',
    ])
    expect(sorted(withDatabase(':6432'))).toEqual([
      'Deployment monitor: may not reach port 6432 of postgres://rupeestream@postgres:6432/rupeestream',
    ])
    const metered = all('may not be reached at port metrics', everyPod.slice(0, services.length))
    expect(sorted(without('metrics'))).toEqual(metered)
    const allOut = without('nothing', 'names-kafka-and-registry', 'database')
    expect(sorted(allOut)).toEqual(all('may reach every port'))
    expect(sorted(without('nothing', 'metrics'))).toEqual(all('may be reached at every port'))
    const spare = all('may reach port 5432, of which it has no use').filter((fault) => !fault.includes('monitor'))
    expect(sorted(opened('names-kafka-and-registry', { ports: [{ port: 5432 }] }))).toEqual(spare)
    expect(sorted(opened('names-kafka-and-registry', {}))).toEqual(all('may reach every port'))
    expect(sorted(moved('RUPEESTREAM_REGISTRY', 'http://registry:8081/apis/ccompat/v7'))).toEqual(
      all('may not reach port 8081 of http://registry:8081/apis/ccompat/v7'),
    )
    expect(sorted(moved('RUPEESTREAM_BROKERS', 'kafka:9094'))).toEqual(
      [...all('may not reach port 9094 of kafka:9094'), ...all('may reach port 9093, of which it has no use')].sort(),
    )
  })
})
