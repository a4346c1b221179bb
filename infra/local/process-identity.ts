import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process as a file can remember it: the moment of its start tells it from a later one that got the same id. */
export interface ProcessIdentity {
  readonly pid: number
  readonly started: string
}

/** Undefined when there is no such process any more; a zombie is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startTicks(pid) : startDate(pid)
  return started === undefined ? undefined : { pid, started }
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started
}

function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in brackets, which may hold blanks and brackets of its own.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startDate(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).trim()
  } catch {
    return undefined
  }
}
