import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Connection } from '#infra/connection.ts'
import type { ObservedStage } from '#infra/kafka/restore-tasks.ts'
import type { Settings } from '#services/settings.ts'
import type { Sabotage } from './sabotage.ts'

export interface Fault {
  readonly stage: ObservedStage
  /** From the how-manieth transaction of outputs on, from 1. */
  readonly transaction: number
  readonly signal: 'SIGKILL' | 'SIGSTOP'
}

export interface VictimOrders {
  readonly service: 'fraud-injector' | 'scorer'
  readonly connection: Connection
  readonly settings: Settings
  readonly fault?: Fault
  readonly sabotage?: Sabotage
  /** All connections go through a proxy on this port of this machine. */
  readonly proxyPort?: number
}

const script = join(import.meta.dirname, '../../chaos/service.ts')

/** A process that runs a service until it is told to stop, or until its fault strikes. */
export class Victim {
  readonly #child: ChildProcess
  readonly #struck = Promise.withResolvers<void>()
  #transactions = 0

  constructor(orders: VictimOrders) {
    this.#child = fork(script, [], {
      env: { ...process.env, CHAOS_ORDERS: JSON.stringify(orders) },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (message: { transactions?: number; fault?: string }) => {
      if (message.transactions !== undefined) this.#transactions = message.transactions
      if (message.fault !== undefined) this.#struck.resolve()
    })
  }

  /** Transactions of outputs committed so far. */
  get transactions(): number {
    return this.#transactions
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Ends when the fault has struck. */
  get struck(): Promise<void> {
    return this.#struck.promise
  }

  async exited(): Promise<void> {
    if (this.isAlive) await once(this.#child, 'exit')
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isAlive) this.#child.kill(signal)
  }

  /** Drains, commits and leaves; killed if that takes too long. */
  async stop(): Promise<void> {
    this.signal('SIGCONT')
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), 15_000)
    await this.exited()
    clearTimeout(timer)
  }
}
