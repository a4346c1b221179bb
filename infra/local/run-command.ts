import { execFile } from 'node:child_process'

export interface Outcome {
  /** Exit code; null when the command could not be run, or was ended by a signal or by the time limit. */
  readonly code: number | null
  /** Standard output and standard error. */
  readonly output: string
}

export interface CommandOptions {
  readonly timeoutMs: number
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Ends the command before its time, by SIGTERM. */
  readonly signal?: AbortSignal
}

/** Runs a command to its end, within a time limit. Never rejects. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<Outcome> {
  const settings = {
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 16 << 20,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  } as const
  return new Promise((resolve) => {
    const end = () => child.kill('SIGTERM')
    const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
      options.signal?.removeEventListener('abort', end)
      const output = `${stdout}${stderr}`
      if (error === null) resolve({ code: 0, output })
      else resolve({ code: typeof error.code === 'number' ? error.code : null, output: output || error.message })
    })
    if (options.signal?.aborted) end()
    else options.signal?.addEventListener('abort', end)
  })
}
