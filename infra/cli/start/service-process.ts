import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { ServiceCommand, ServiceStatus } from '../../service/status.ts'

export interface ProcessOptions {
  /** Arguments of node: its own flags, the file, the file's arguments. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onStatus: (status: ServiceStatus) => void
  readonly onLine: (line: string) => void
  readonly onExit: (exit: Exit) => void
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One running process of a service: a process group of its own, so that Ctrl-C in a terminal reaches only its parent. */
export class ServiceProcess {
  readonly #child: ChildProcess
  readonly ended: Promise<void>

  constructor({ args, environment, onStatus, onLine, onExit }: ProcessOptions) {
    this.#child = spawn(process.execPath, [...args], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.on('message', (message) => onStatus(message as ServiceStatus))
    if (this.#child.stderr !== null) createInterface({ input: this.#child.stderr }).on('line', onLine)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    // 'close' comes after the last line of stderr; a process that could not be started only says 'error'.
    this.#child.once('close', (code, signal) => {
      resolve()
      onExit({ code, signal })
    })
    this.#child.once('error', (error) => {
      onLine(error.message)
      if (this.#child.pid !== undefined) return
      resolve()
      onExit({ code: null, signal: null })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(command: ServiceCommand): void {
    if (this.#child.connected) this.#child.send(command, () => {})
  }

  /** The signal goes to the whole group; a group that is gone already is fine. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    try {
      process.kill(-pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
