import { parse } from 'yaml'
import type { Labels, Manifest, PodSpec } from './kubernetes-faults.ts'

/** Names are asked for at this port. */
const DNS = 53
/** A registry is behind TLS, or where Apicurio listens by itself: which of both is the overlay's affair. */
const REGISTRY = [443, 8080]
const POSTGRES = 5432

/** A port that a pod connects to, and what it does so for. */
interface Need {
  readonly port: number
  readonly of: string
}

/** Where network policies and what the services connect to are at odds, a sentence each. */
export function networkFaults(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const pod = manifest.spec?.template?.spec
    if (pod === undefined) return []
    const labels = manifest.spec?.template?.metadata?.labels ?? {}
    const faults = [...egressFaults(pod, labels, manifests), ...ingressFaults(pod, labels, manifests)]
    return faults.map((fault) => `${manifest.kind} ${manifest.metadata.name}: ${fault}`)
  })
}

function egressFaults(pod: PodSpec, labels: Labels, manifests: readonly Manifest[]): string[] {
  const open = openPorts('egress', labels, manifests)
  if (open === 'all') return ['may reach every port']
  const needs = needsOf(pod, manifests)
  const closed = needs.filter(({ port }) => !open.includes(port))
  const uses = [...needs.map(({ port }) => port), ...REGISTRY, ...(isMonitor(pod) ? [POSTGRES] : [])]
  const spare = open.filter((port) => !uses.includes(Number(port)))
  return [
    ...closed.map(({ port, of }) => `may not reach port ${port} of ${of}`),
    ...spare.map((port) => `may reach port ${port}, of which it has no use`),
  ]
}

/** What it serves must be let in where the policies let in nothing else. */
function ingressFaults(pod: PodSpec, labels: Labels, manifests: readonly Manifest[]): string[] {
  const open = openPorts('ingress', labels, manifests)
  if (open === 'all') return ['may be reached at every port']
  const served = pod.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name))
  return served.filter((name) => !open.includes(name)).map((name) => `may not be reached at port ${name}`)
}

/** The ports that the policies for a pod leave open; all of them where no policy holds it. */
function openPorts(direction: 'egress' | 'ingress', labels: Labels, manifests: readonly Manifest[]) {
  const holds = ({ kind, spec }: Manifest): boolean =>
    kind === 'NetworkPolicy' &&
    spec?.policyTypes?.some((type) => type.toLowerCase() === direction) === true &&
    Object.entries(spec.podSelector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value)
  const policies = manifests.filter(holds)
  const rules = policies.flatMap(({ spec }) => spec?.[direction] ?? [])
  if (policies.length === 0 || rules.some(({ ports }) => ports === undefined)) return 'all'
  return [...new Set(rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port)))]
}

/** By the same variables and the same scenario that the services themselves read. */
function needsOf(pod: PodSpec, manifests: readonly Manifest[]): Need[] {
  const maps = manifests.filter(({ kind }) => kind === 'ConfigMap')
  const dataOf = (name: string | undefined) => maps.find(({ metadata }) => metadata.name === name)?.data ?? {}
  const environment = Object.assign(
    {},
    ...pod.containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => dataOf(configMapRef?.name))),
  ) as Readonly<Record<string, string>>
  const { RUPEESTREAM_BROKERS: brokers = '', RUPEESTREAM_REGISTRY: registry = '' } = environment
  const needs = [{ port: DNS, of: 'the names' }]
  for (const broker of brokers.split(',')) needs.push({ port: Number(broker.split(':').at(-1)), of: broker })
  needs.push({ port: portOf(registry), of: registry })
  const scenario = (pod.volumes ?? []).map(({ configMap }) => dataOf(configMap?.name)['scenario.yaml']).find(Boolean)
  const database = (parse(scenario ?? '') as { monitor?: { postgres?: string } } | null)?.monitor?.postgres
  if (isMonitor(pod) && database) needs.push({ port: portOf(database), of: database })
  return needs
}

const isMonitor = ({ containers }: PodSpec): boolean =>
  containers.some(({ args }) => args?.[0] === 'services/monitor/main.ts')

/** The port of a URL, said or of its kind. */
function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return Number(port) || { 'https:': 443, 'http:': 80 }[protocol] || POSTGRES
}
