import { type Launch, launch, type RunningProcess, ServerError } from './process.ts'

/** A server of the local stack that can be stopped, killed and started again at the same address. */
export interface Server {
  readonly name: string
  /** Undefined while it does not run. */
  readonly pid: number | undefined
  /** Resolves when it is ready; at once when it runs already. */
  start(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  /** SIGKILL unless told otherwise; waits for the end after SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** What whoever starts servers may want to hear. */
export interface ServerEvents {
  readonly onSpawn?: ((pid: number) => void) | undefined
  readonly onUnexpectedExit?: ((error: ServerError) => void) | undefined
}

/** `onUnexpectedExit` hears of an end that neither `stop` nor `kill` asked for. */
export function createServer(options: Launch, onUnexpectedExit?: (error: ServerError) => void): Server {
  let running: RunningProcess | undefined
  let endExpected = false

  function watch(process: RunningProcess): void {
    running = process
    endExpected = false
    void process.exited.then((how) => {
      if (running === process) running = undefined
      if (!endExpected) onUnexpectedExit?.(new ServerError(`${options.name} ended (${how}). Log: ${options.logFile}`))
    })
  }

  return {
    name: options.name,
    get pid() {
      return running?.pid
    },
    async start() {
      if (running === undefined) watch(await launch(options))
    },
    async stop() {
      endExpected = true
      await running?.stop()
    },
    async kill(signal = 'SIGKILL') {
      endExpected ||= signal === 'SIGKILL' || signal === 'SIGTERM'
      await running?.kill(signal)
    },
  }
}
