import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 50
const LAST_LINES = 12

export interface Launch {
  /** What messages call it. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Takes standard output and standard error; begun anew at each start. */
  readonly logFile: string
  readonly isReady: () => Promise<boolean>
  readonly readyTimeoutMs: number
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number
  /** Hears of the process before it is ready. */
  readonly onSpawn?: ((pid: number) => void) | undefined
}

/** A server did not become ready, or ended by itself. The message ends with the last lines of its log. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
}

export interface RunningProcess {
  readonly pid: number
  /** Resolves when the process has ended, with what ended it. */
  readonly exited: Promise<string>
  /** SIGTERM, then SIGKILL after the limit. */
  stop(): Promise<void>
  /** Sends a signal; SIGKILL waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts a server and waits until it is ready. Throws ServerError when it ends before, or takes too long. */
export async function launch(options: Launch): Promise<RunningProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'w')
  // A session of its own: Ctrl-C must not reach the broker while services still commit.
  const child = spawn(options.command, options.args, { cwd: options.cwd, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
  const { pid } = child
  if (pid === undefined) throw new ServerError(`${options.name} did not start: ${await exited}`)
  options.onSpawn?.(pid)
  const release = endWithThisProcess(pid)
  void exited.then(release)
  const running = control(child, pid, exited, options.stopTimeoutMs)
  try {
    await untilReady(options, exited)
  } catch (error) {
    await running.kill('SIGKILL')
    throw error
  }
  return running
}

function control(child: ChildProcess, pid: number, exited: Promise<string>, stopTimeoutMs: number): RunningProcess {
  return {
    pid,
    exited,
    async stop() {
      // `kill` of ChildProcess does nothing once the child has been reaped, so a reused id is safe.
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await exited
      clearTimeout(timer)
    },
    async kill(signal) {
      child.kill(signal)
      if (signal === 'SIGKILL') await exited
    },
  }
}

/**
 * Ends a child when this process ends, however it ends: a shell waits for the end of a pipe that only this process
 * holds open. The child may be stopped just then, hence the SIGCONT.
 */
function endWithThisProcess(pid: number): () => void {
  const script = 'cat > /dev/null; kill -TERM "$1"; kill -CONT "$1"'
  const guard = spawn('sh', ['-c', script, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without a shell the child merely outlives a killed parent.
  guard.once('error', () => {})
  guard.unref()
  ;(guard.stdin as Socket).unref()
  return () => {
    guard.kill('SIGKILL')
  }
}

async function untilReady(options: Launch, exited: Promise<string>): Promise<void> {
  const deadline = performance.now() + options.readyTimeoutMs
  let end: string | undefined
  void exited.then((how) => {
    end = how
  })
  while (end === undefined && performance.now() < deadline) {
    if (await options.isReady()) return
    await delay(POLL_MS)
  }
  const what =
    end === undefined ? `was not ready after ${options.readyTimeoutMs / 1_000} s` : `ended while it started (${end})`
  throw new ServerError(`${options.name} ${what}. Log: ${options.logFile}\n${lastLines(options.logFile)}`)
}

export function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n')
  } catch {
    return ''
  }
}
