import { runCommand } from '#infra/local/run-command.ts'

/** A Kubernetes object; of its parts only what the rules look at has a type. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Labels }
  /** Of a config map. */
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: {
    readonly selector?: Labels & { readonly matchLabels?: Labels }
    readonly podSelector?: { readonly matchLabels?: Labels }
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
    readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec }
    readonly ports?: readonly { readonly targetPort?: string }[]
    readonly policyTypes?: readonly string[]
    readonly egress?: readonly PolicyRule[]
    readonly ingress?: readonly PolicyRule[]
  }
}

/** Of a network policy; without ports it is about all of them. */
export interface PolicyRule {
  readonly ports?: readonly { readonly port: string | number }[]
}

export type Labels = Readonly<Record<string, string>>

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: { readonly type: string } }
  readonly containers: readonly Container[]
  readonly volumes?: readonly { readonly configMap?: { readonly name: string; readonly optional?: boolean } }[]
}

interface Container {
  readonly image: string
  readonly args?: readonly string[]
  readonly resources?: { readonly requests?: object; readonly limits?: { readonly memory?: string } }
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean
    readonly readOnlyRootFilesystem?: boolean
    readonly capabilities?: { readonly drop?: readonly string[] }
  }
  readonly ports?: readonly { readonly name: string }[]
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string }
    readonly secretRef?: { readonly name: string }
  }[]
  readonly startupProbe?: object
  readonly livenessProbe?: object
  readonly readinessProbe?: object
}

/** What kustomize makes of a folder, or why nobody can say. */
export async function render(folder: string): Promise<{ readonly yaml: string } | { readonly missing: string }> {
  const version = await runCommand('kubectl', ['version', '--client'], { timeoutMs: 20_000 })
  if (version.code !== 0) return { missing: `kubectl cannot be run: ${version.output.trim()}` }
  const { code, output } = await runCommand('kubectl', ['kustomize', folder], { timeoutMs: 60_000 })
  if (code !== 0) throw new Error(`kubectl kustomize ${folder} failed:\n${output}`)
  return { yaml: output }
}

/** What is wrong with a set of manifests that belong together, a sentence each. */
export function faultsOf(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const faults = [...podFaults(manifest), ...missingParts(manifest, manifests), ...lostSelectors(manifest, manifests)]
    return faults.map((fault) => `${manifest.kind} ${manifest.metadata.name}: ${fault}`)
  })
}

function podFaults({ kind, spec }: Manifest): string[] {
  const pod = spec?.template?.spec
  if (pod === undefined) return []
  const faults: string[] = []
  if (pod.automountServiceAccountToken !== false) faults.push('is given a token of the cluster')
  if (pod.securityContext?.runAsNonRoot !== true) faults.push('may run as root')
  if (pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault') faults.push('has no seccomp profile')
  return [...faults, ...pod.containers.flatMap((container) => containerFaults(container, kind))]
}

function containerFaults(container: Container, kind: string): string[] {
  const { image, resources, securityContext } = container
  const faults: string[] = []
  if (!/:\d+(\.\d+)+$/.test(image)) faults.push(`image ${image} has no version`)
  if (securityContext?.allowPrivilegeEscalation !== false) faults.push('may gain privileges')
  if (securityContext?.readOnlyRootFilesystem !== true) faults.push('can write its root file system')
  if (!securityContext?.capabilities?.drop?.includes('ALL')) faults.push('keeps capabilities')
  if (resources?.requests === undefined || resources.limits?.memory === undefined)
    faults.push('does not say what it needs')
  if (kind !== 'Deployment') return faults
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const)
    if (container[probe] === undefined) faults.push(`has no ${probe}`)
  return faults
}

/** Config maps and secrets that are named must be among the manifests, but for secrets, which an overlay may bring. */
function missingParts({ spec }: Manifest, manifests: readonly Manifest[]): string[] {
  const has = (kind: string, name: string) => manifests.some((one) => one.kind === kind && one.metadata.name === name)
  const pod = spec?.template?.spec
  const secretsAreHere = manifests.some(({ kind }) => kind === 'Secret')
  const faults = (pod?.volumes ?? [])
    .filter(({ configMap }) => configMap && !configMap.optional && !has('ConfigMap', configMap.name))
    .map(({ configMap }) => `mounts config map ${configMap!.name}, which is not there`)
  for (const { configMapRef, secretRef } of pod?.containers.flatMap(({ envFrom = [] }) => envFrom) ?? []) {
    if (configMapRef && !has('ConfigMap', configMapRef.name))
      faults.push(`reads config map ${configMapRef.name}, which is not there`)
    if (secretRef && secretsAreHere && !has('Secret', secretRef.name))
      faults.push(`reads secret ${secretRef.name}, which is not there`)
  }
  const scaled = spec?.scaleTargetRef
  if (scaled && !has(scaled.kind, scaled.name)) faults.push(`scales ${scaled.kind} ${scaled.name}, which is not there`)
  return faults
}

function lostSelectors({ kind, spec }: Manifest, manifests: readonly Manifest[]): string[] {
  const wanted = kind === 'Service' ? spec?.selector : (spec?.selector?.matchLabels ?? spec?.podSelector?.matchLabels)
  if (wanted === undefined) return []
  const candidates =
    kind === 'ServiceMonitor'
      ? manifests.filter((one) => one.kind === 'Service').map(({ metadata }) => metadata.labels)
      : manifests.map((one) => one.spec?.template?.metadata?.labels)
  const isChosen = (labels: Labels | undefined) =>
    labels !== undefined && Object.entries(wanted).every(([name, value]) => labels[name] === value)
  if (!candidates.some(isChosen)) return [`selects nothing by ${JSON.stringify(wanted)}`]
  const own = spec?.template?.metadata?.labels
  return own !== undefined && !isChosen(own) ? ['does not select its own pods'] : []
}
