import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '#infra/connection.ts'
import { connectionEnvironment, withoutConnection } from '#infra/service/connection.ts'
import type { ServiceCommand, ServiceStatus } from '#infra/service/status.ts'

const repository = join(import.meta.dirname, '../..')

/** Bounds of waiting, generous for a machine that does other things besides. */
export const PATIENCE = { timeout: 180_000, interval: 50 }

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program of this repository in a process of its own, run by real Node. */
export class Child {
  static readonly #all = new Set<Child>()
  readonly #process: ChildProcess
  readonly #ended = Promise.withResolvers<Ended>()
  /** Lines so far. */
  readonly out: string[] = []
  readonly errors: string[] = []
  /** The newest word of a service. */
  status: ServiceStatus | undefined

  constructor(file: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
    Child.#all.add(this)
    this.#process = spawn(process.execPath, [join(repository, file), ...args], {
      cwd: repository,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.out.push(line))
    createInterface({ input: this.#process.stderr! }).on('line', (line) => this.errors.push(line))
    this.#process.on('message', (message) => {
      this.status = message as ServiceStatus
    })
    this.#process.once('error', (error) => this.#ended.reject(error))
    this.#process.once('close', (code, signal) => {
      Child.#all.delete(this)
      this.#ended.resolve({ code, signal })
    })
  }

  /** Ends what a test has left running. */
  static async endAll(): Promise<void> {
    const left = [...Child.#all]
    for (const child of left) child.signal('SIGKILL')
    await Promise.all(left.map((child) => child.ended))
  }

  get pid(): number {
    return this.#process.pid!
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  get ended(): Promise<Ended> {
    return this.#ended.promise
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  send(command: ServiceCommand): void {
    this.#process.send(command)
  }

  /** Waits for something while the child lives; when it ends first, shows its last words. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + PATIENCE.timeout; ; ) {
      if (await condition()) return
      if (!this.isAlive) throw new Error(`ended before ${what}: ${this.errors.slice(-15).join('\n')}`)
      if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
      await delay(PATIENCE.interval)
    }
  }
}

/** The environment of a child that shall use this connection and no other that the machine may know. */
export const connectedTo = (connection: Connection): NodeJS.ProcessEnv => ({
  ...withoutConnection(process.env),
  ...connectionEnvironment(connection),
})

/** The command line, run to its end. */
export async function rupeestream(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Ended & { child: Child; out: string; errors: string }> {
  const child = new Child('infra/cli/main.ts', args, environment)
  const ended = await child.ended
  return { ...ended, child, out: child.out.join('\n'), errors: child.errors.join('\n') }
}
