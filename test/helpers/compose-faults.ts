import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What the rules look at in a compose file, its merges and anchors resolved. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

export interface ComposeService {
  readonly image: string
  readonly profiles?: readonly string[]
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly user?: string
  readonly init?: boolean
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, unknown>>
}

const OURS = 'rupeestream'

/** The image writes its own configuration into itself at start. */
const writesItself = ['apache/kafka']

/** What is wrong with the containers of a compose file, a sentence each; `root` is its folder. */
export function faultsOf(file: ComposeFile, root: string): string[] {
  return Object.entries(file.services).flatMap(([name, service]) =>
    [...containment(service), ...surroundings(service, file, root)].map((fault) => `${name}: ${fault}`),
  )
}

function containment({ image, user, init, read_only, cap_drop, security_opt, healthcheck }: ComposeService): string[] {
  const faults: string[] = []
  const isOurs = image === OURS
  if (!isOurs && !/^[\w./-]+:v?\d+(\.\d+)+\S*$/.test(image)) faults.push(`image ${image} has no version`)
  // Images of others say themselves who they run as.
  if (isOurs ? !/^[1-9]/.test(user ?? '') : /^(0|root)\b/.test(user ?? '')) faults.push('runs as root')
  if (isOurs && init !== true) faults.push('has no init process')
  if (read_only !== true && !writesItself.includes(image.split(':')[0]!))
    faults.push('its root file system can be written')
  if (!cap_drop?.includes('ALL')) faults.push('keeps capabilities')
  if (!security_opt?.includes('no-new-privileges:true')) faults.push('may gain privileges')
  if (healthcheck?.test === undefined && healthcheck?.disable !== true) faults.push('has no health check')
  return faults
}

function surroundings({ ports = [], volumes = [], depends_on = {} }: ComposeService, file: ComposeFile, root: string) {
  const faults = ports
    .filter((port) => !port.startsWith('127.0.0.1:'))
    .map((port) => `port ${port} is not on 127.0.0.1`)
  for (const volume of volumes) {
    // ${NAME:-default} has colons of its own.
    const [source = '', , mode] = volume.replace(/\$\{\w+:-([^}]*)\}/g, '$1').split(':')
    const isPath = /^[./]/.test(source)
    if (isPath && !existsSync(join(root, source))) faults.push(`mounts ${source}, which does not exist`)
    if (isPath && mode !== 'ro') faults.push(`may write to ${source}`)
    if (!isPath && !(source in (file.volumes ?? {}))) faults.push(`mounts ${source}, which is no volume of the file`)
  }
  for (const other of Object.keys(depends_on))
    if (!(other in file.services)) faults.push(`waits for ${other}, which is not in the file`)
  return faults
}
