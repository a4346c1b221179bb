import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** What the rules look at in a compose file, its merges and anchors resolved: as it is written, or as compose renders it. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

export interface ComposeService {
  readonly image: string
  readonly profiles?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly (string | Port)[]
  readonly volumes?: readonly (string | Mount)[]
  readonly user?: string
  readonly init?: boolean
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, unknown>>
}

/** A port at length. */
interface Port {
  readonly host_ip?: string
  readonly published: string
  readonly target: number
}

/** A mount at length. */
interface Mount {
  readonly type: string
  readonly source: string
  readonly read_only?: boolean
  readonly bind?: { readonly create_host_path?: boolean }
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
    .map(inShort)
    .filter((port) => !port.startsWith('127.0.0.1:'))
    .map((port) => `port ${port} is not on 127.0.0.1`)
  for (const { type, source, read_only, bind } of volumes.map(atLength)) {
    const isPath = type === 'bind'
    if (isPath && !existsSync(resolve(root, unset(source)))) faults.push(`mounts ${source}, which does not exist`)
    if (isPath && read_only !== true) faults.push(`may write to ${source}`)
    // Whoever mistypes a path shall hear of it, and not find an empty folder there.
    if (isPath && unset(source) !== source && bind?.create_host_path !== false) faults.push(`may create ${source}`)
    if (!isPath && !(source in (file.volumes ?? {}))) faults.push(`mounts ${source}, which is no volume of the file`)
  }
  for (const other of Object.keys(depends_on))
    if (!(other in file.services)) faults.push(`waits for ${other}, which is not in the file`)
  return faults
}

/** Text as it is when nobody sets its variables. */
const unset = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1')

const inShort = (port: string | Port): string =>
  typeof port === 'string' ? port : `${port.host_ip ?? ''}:${port.published}:${port.target}`

function atLength(volume: string | Mount): Mount {
  if (typeof volume !== 'string') return volume
  // ${NAME:-default} has colons of its own.
  const [, source = '', mode] = /^((?:\$\{[^}]*\}|[^:])*):[^:]*:?(.*)$/.exec(volume) ?? []
  return { type: /^[./]/.test(unset(source)) ? 'bind' : 'volume', source, read_only: mode === 'ro' }
}

/** Passwords and tokens that a compose file says itself, as `service: NAME`: whoever copies it would have them, too. */
export function ownSecrets({ services }: ComposeFile): string[] {
  return Object.entries(services).flatMap(([name, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([variable, value]) => /PASSWORD|TOKEN|SECRET/.test(variable) && unset(String(value)) !== '')
      .map(([variable]) => `${name}: ${variable}`),
  )
}
