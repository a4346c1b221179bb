import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findJava, MIN_JAVA_VERSION } from '#infra/local/find-java.ts'
import { runCommand } from '#infra/local/run-command.ts'

/** Commands that are needed, and Debian's packages that have them. */
const commands = {
  podman: 'podman',
  runc: 'runc',
  iptables: 'iptables',
  debootstrap: 'debootstrap',
  python3: 'python3-venv',
  mvn: 'maven',
  npm: 'npm',
} as const

/** Files that podman needs and that are on no PATH. */
const files = {
  '/usr/libexec/podman/catatonit': 'catatonit',
  '/usr/lib/podman/netavark': 'netavark',
  '/usr/lib/podman/aardvark-dns': 'aardvark-dns',
} as const

/** What stands in the way of running containers here, a sentence each; empty when nothing does. */
export async function whatIsMissing(): Promise<string[]> {
  const missing: string[] = []
  if (process.getuid?.() !== 0) missing.push('this needs root: debootstrap and podman make file systems and networks')
  if (!existsSync('/etc/debian_version')) missing.push('this is no Debian: the stand-in images are made by debootstrap')
  const packages = [
    ...(
      await Promise.all(Object.entries(commands).map(async ([name, from]) => ((await isThere(name)) ? [] : [from])))
    ).flat(),
    ...Object.entries(files).flatMap(([file, from]) => (existsSync(file) ? [] : [from])),
  ]
  if (packages.length > 0) missing.push(`these are not installed: apt-get install ${[...new Set(packages)].join(' ')}`)
  if ((await findJava()) === undefined) missing.push(`there is no JDK of version ${MIN_JAVA_VERSION} or newer`)
  return missing
}

const isThere = async (command: string): Promise<boolean> =>
  (await runCommand('sh', ['-c', `command -v ${command}`], { timeoutMs: 10_000 })).code === 0

/** The code name of this machine's Debian, such as bookworm: what the stand-ins are made of. */
export function debianRelease(): string {
  const text = readFileSync(join('/etc', 'os-release'), 'utf8')
  const name = /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1]
  if (name === undefined) throw new Error('/etc/os-release does not name the release of this Debian')
  return name
}
