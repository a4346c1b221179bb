import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Outcome, runCommand } from '#infra/local/run-command.ts'

const LIMIT_MS = 10 * 60_000

/** A podman with storage of its own in a folder, so that nothing of it is left when the folder is gone. */
export class Podman {
  readonly #environment: Readonly<Record<string, string>>
  readonly #compose: string
  readonly #project: string
  /** Ends what runs, and lets nothing begin. */
  readonly ending: AbortSignal

  /** `compose` is the command podman-compose. */
  constructor(folder: string, compose: string, project: string, ending: AbortSignal) {
    this.#environment = configure(folder)
    this.#compose = compose
    this.#project = project
    this.ending = ending
  }

  /** Throws with all output when podman fails. */
  async run(...args: readonly string[]): Promise<string> {
    return succeeded(`podman ${args.join(' ')}`, await this.try(...args))
  }

  async try(...args: readonly string[]): Promise<Outcome> {
    this.ending.throwIfAborted()
    const options = { timeoutMs: LIMIT_MS, env: this.#environment, signal: this.ending }
    const outcome = await runCommand('podman', args, options)
    this.ending.throwIfAborted()
    return outcome
  }

  /** podman-compose on the repository's own compose file; `environment` is what it interpolates. */
  async compose(file: string, environment: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
    const command = ['--project-name', this.#project, '--in-pod', 'false', '--file', file, ...args]
    const env = { ...this.#environment, ...environment }
    this.ending.throwIfAborted()
    // Begun, it is left to end: ended itself, it would leave podman behind, still making containers.
    const outcome = await runCommand(this.#compose, command, { timeoutMs: LIMIT_MS, env })
    return succeeded(`podman-compose ${args.join(' ')}`, outcome)
  }

  /** Ends all containers and removes them, with images, volumes and networks, also after the ending. Throws what is left. */
  async clear(): Promise<void> {
    const options = { timeoutMs: LIMIT_MS, env: this.#environment }
    for (const args of [
      ['rm', '--all', '--force', '--time', '5'],
      ['system', 'reset', '--force'],
    ])
      succeeded(`podman ${args.join(' ')}`, await runCommand('podman', args, options))
  }

  /** What podman-compose calls the container of a service. */
  container(service: string): string {
    return `${this.#project}_${service}_1`
  }
}

function succeeded(what: string, { code, output }: Outcome): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${output.slice(-4_000)}`)
  return output
}

/** Answers with the environment in which podman finds its configuration. */
function configure(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const storage = `[storage]
driver = "overlay"
graphroot = "${join(folder, 'images')}"
runroot = "${join(folder, 'run')}"
`
  // crun does not start on every kernel, and the limits that podman asks for by itself may be more than root has.
  const containers = `[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
init_path = "/usr/libexec/podman/catatonit"
[network]
network_config_dir = "${join(folder, 'networks')}"
`
  const registries = 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n'
  return {
    CONTAINERS_STORAGE_CONF: write('storage.conf', storage),
    CONTAINERS_CONF: write('containers.conf', containers),
    CONTAINERS_REGISTRIES_CONF: write('registries.conf', registries),
  }
}
