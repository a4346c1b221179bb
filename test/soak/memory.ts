import { readdirSync, readFileSync } from 'node:fs'

/** What runs in a soak, and how its process is known: by a part of its command line. */
const marks = {
  producer: 'services/producer/main.ts',
  'fraud-injector': 'services/fraud-injector/main.ts',
  scorer: 'services/scorer/main.ts',
  monitor: 'services/monitor/main.ts',
  start: 'infra/cli/main.ts',
  kafka: 'kafka.Kafka',
  registry: 'quarkus-run.jar',
} as const

export type Part = keyof typeof marks

export const parts = Object.keys(marks) as Part[]

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Resident bytes of each process that a run consists of, below the process that started it. Linux only: from /proc. */
export function residentBytes(root: number): Partial<Record<Part, number>> {
  const all = processes()
  const found: Partial<Record<Part, number>> = {}
  for (const { pid, command } of all.filter((one) => isBelow(one, root, all))) {
    const part = parts.find((name) => command.includes(marks[name]))
    if (part === undefined) continue
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1]
    if (kibibytes !== undefined) found[part] = Number(kibibytes) * 1_024
  }
  return found
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      parent: Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1] ?? 0),
      command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' '),
    }))
}

function isBelow(one: Process, root: number, all: readonly Process[]): boolean {
  for (let at: Process | undefined = one; at !== undefined; at = all.find(({ pid }) => pid === at?.parent))
    if (at.pid === root) return true
  return false
}

/** Empty for a process that has just gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Bytes of V8's heap in use by the service that serves these metrics; undefined where they do not tell. */
export async function heapBytes(port: number): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) })
    const value = /^nodejs_heap_size_used_bytes (\S+)$/m.exec(await answer.text())?.[1]
    return value === undefined ? undefined : Number(value)
  } catch {
    return undefined
  }
}
