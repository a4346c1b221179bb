import type { Logger } from '../observability/logger.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { ServiceCommand, ServiceStatus } from './status.ts'

/** What a lifecycle needs of a process; tests pass a stand-in. */
export interface Host extends Pick<NodeJS.EventEmitter, 'on'> {
  exit(code: number): void
  /** There when another process started this one and listens. */
  send?: ((message: unknown, callback: (error: Error | null) => void) => unknown) | undefined
}

export interface Lifecycle {
  /** Aborted when the service shall drain, commit and return. */
  readonly stopping: AbortSignal
  /** Hears what the starting process says. */
  onCommand(handler: (command: ServiceCommand) => void): void
  /** Tells the starting process every so often, and once more at the end, how things are; does nothing without one. */
  reportStatus(get: () => ServiceStatus, everyMs?: number): void
  /** Logs and leaves with the error's `exitCode`, or 1: state is only ever committed, so leaving at once is safe. */
  fail(error: unknown): void
  /** Says the last status and leaves. */
  finish(): void
}

const signals = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const

/**
 * Two stages of ending a service.
 *
 * Behaviour:
 * - The first SIGINT or SIGTERM aborts `stopping`: the service drains, commits and leaves with 0.
 * - A second one leaves at once, with 130 or 143.
 * - When the process that started it is gone, that counts as a first signal: nobody else would send one.
 * - An error that nobody handles is logged and ends the process with 1.
 */
export function createLifecycle(log: Logger, host: Host = process): Lifecycle {
  const controller = new AbortController()
  let lastStatus: (() => ServiceStatus) | undefined

  const stop = (why: string): void => {
    log.info(`${why}: draining and committing; once more leaves at once`)
    controller.abort(why)
  }
  for (const [signal, code] of Object.entries(signals)) {
    host.on(signal, () => (controller.signal.aborted ? host.exit(code) : stop(signal)))
  }
  host.on('disconnect', () => {
    if (!controller.signal.aborted) stop('the starting process is gone')
  })

  const fail = (error: unknown): void => {
    log.fatal({ err: error }, error instanceof Error ? error.message : String(error))
    host.exit(exitCodeOf(error))
  }
  host.on('uncaughtException', fail)
  host.on('unhandledRejection', fail)

  const say = (get: () => ServiceStatus): void => {
    // A parent that has just gone is no error here; 'disconnect' deals with it.
    host.send?.(get(), () => {})
  }
  return {
    stopping: controller.signal,
    onCommand(handler) {
      host.on('message', (message: unknown) => {
        if (isCommand(message)) handler(message)
      })
    },
    reportStatus(get, everyMs = 500) {
      if (host.send === undefined) return
      lastStatus = get
      setInterval(() => say(get), everyMs).unref()
    },
    fail,
    finish() {
      if (lastStatus === undefined || host.send === undefined) return host.exit(exitCodes.ok)
      host.send(lastStatus(), () => host.exit(exitCodes.ok))
    },
  }
}

/** An error may say itself what its process ends with: that no second try can help. */
const exitCodeOf = (error: unknown): ExitCode =>
  (error as { readonly exitCode?: ExitCode } | null)?.exitCode ?? exitCodes.failure

const commands: readonly unknown[] = ['live', 'drain'] satisfies ServiceCommand['command'][]

const isCommand = (message: unknown): message is ServiceCommand =>
  typeof message === 'object' && message !== null && commands.includes((message as { command?: unknown }).command)
