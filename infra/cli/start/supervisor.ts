import { exitCodes } from '../../service/exit-codes.ts'
import type { ServiceName } from '../../service/run-service.ts'
import type { ServiceCommand, ServiceStatus } from '../../service/status.ts'
import { restartDelayMs } from './restart-policy.ts'
import { type Exit, ServiceProcess } from './service-process.ts'

export interface Supervised {
  readonly name: ServiceName
  readonly args: readonly string[]
}

export interface SupervisorOptions {
  readonly services: readonly Supervised[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onStatus: (status: ServiceStatus) => void
  /** A line of a service's log. */
  readonly onLine: (name: ServiceName, line: string) => void
  readonly onRestart: (name: ServiceName, why: string) => void
  /** A service died for good; the message holds its last lines. */
  readonly onFailure: (message: string) => void
}

interface Kept {
  readonly service: Supervised
  process: ServiceProcess | undefined
  retry: NodeJS.Timeout | undefined
  readonly restartsMs: number[]
  lastLines: string[]
}

const LINES_KEPT = 20
const STOP_MS = 10_000

/**
 * Keeps the services running: one that dies is started again after a growing pause, until it dies too often within a
 * minute or says by its exit code that its settings are wrong. Should this process end in whatever way, its 'exit'
 * takes the services along, and they notice a closed channel by themselves.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #kept: readonly Kept[]
  readonly #killAll = () => {
    for (const { process: running } of this.#kept) running?.signal('SIGKILL')
  }
  #stopping = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#kept = options.services.map((service) => ({
      service,
      process: undefined,
      retry: undefined,
      restartsMs: [],
      lastLines: [],
    }))
  }

  get restarts(): number {
    return this.#kept.reduce((total, { restartsMs }) => total + restartsMs.length, 0)
  }

  start(): void {
    process.on('exit', this.#killAll)
    for (const kept of this.#kept) this.#launch(kept)
  }

  send(name: ServiceName, command: ServiceCommand): void {
    this.#kept.find(({ service }) => service.name === name)?.process?.send(command)
  }

  /** Asks each service to drain and commit, and ends by force what has not ended ten seconds later. */
  async stop(): Promise<void> {
    this.#stopping = true
    const running = this.#kept.flatMap(({ process: child }) => (child === undefined ? [] : [child]))
    for (const { retry } of this.#kept) clearTimeout(retry)
    for (const child of running) child.signal('SIGTERM')
    const force = setTimeout(this.#killAll, STOP_MS)
    await Promise.all(running.map((child) => child.ended))
    clearTimeout(force)
    process.off('exit', this.#killAll)
  }

  #launch(kept: Kept): void {
    const { environment, onStatus, onLine } = this.#options
    const { name, args } = kept.service
    kept.process = new ServiceProcess({
      args,
      environment,
      onStatus,
      onLine: (line) => {
        kept.lastLines = [...kept.lastLines, line].slice(-LINES_KEPT)
        onLine(name, line)
      },
      onExit: (exit) => this.#ended(kept, exit),
    })
  }

  #ended(kept: Kept, { code, signal }: Exit): void {
    kept.process = undefined
    if (this.#stopping) return
    const { name } = kept.service
    const why = `${name} ended with ${signal ?? `exit code ${code}`}`
    const nowMs = Date.now()
    const delayMs = code === exitCodes.usage ? null : restartDelayMs(kept.restartsMs, nowMs)
    if (delayMs === null) {
      const often = code === exitCodes.usage ? '' : ', and too often to try again'
      this.#options.onFailure([`${why}${often}. Its last lines:`, ...kept.lastLines].join('\n'))
      return
    }
    kept.restartsMs.push(nowMs)
    this.#options.onRestart(name, why)
    kept.retry = setTimeout(() => this.#launch(kept), delayMs)
  }
}
