import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadScenario } from '#infra/service/scenario.ts'
import project from '../../../package.json' with { type: 'json' }
import { faultsOf, type Manifest, render } from '../../helpers/kubernetes-faults.ts'

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
    expect(names('NetworkPolicy')).toEqual(['metrics', 'names-kafka-and-registry', 'nothing'])
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
})
