// `npm run soak [-- --for 1h --rate 1000 --json FILE]`: the whole pipeline for a long while, its memory and its lag
// looked at every ten seconds, and in the end whether everything has come through.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { serviceNames } from '#infra/cli/start/services.ts'
import { freePorts } from '#infra/local/ports.ts'
import { parseDuration, SECOND_MS } from '#services/time.ts'
import { type Ends, judge, type Sample } from './judge.ts'
import { heapBytes, type Part, residentBytes } from './memory.ts'

const root = join(import.meta.dirname, '../..')
const EVERY_MS = 10_000
const WARM_UP_SECONDS_MAX = 600

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '1h' },
    rate: { type: 'string', default: '1000' },
    customers: { type: 'string' },
    json: { type: 'string' },
  },
})
const perSecond = Number(values.rate)
const lengthMs = parseDuration(values.for)
if (lengthMs === undefined || !(perSecond > 0)) {
  process.stderr.write(
    `expected --for as a duration such as 1h and --rate as a number, came ${values.for} and ${values.rate}\n`,
  )
  process.exit(2)
}
// Of an hour the first ten minutes; of a shorter trial as large a part.
const warmUpSeconds = Math.min(WARM_UP_SECONDS_MAX, lengthMs / SECOND_MS / 6)

/** What a line of `start --json` tells, as far as it matters here. */
interface Line {
  readonly phase: string
  readonly producer?: { readonly liveSinceMs: number | null; readonly acked: number }
  readonly lag?: Readonly<Record<string, number>>
}

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-soak-'))
const report = join(folder, 'report.json')
const [firstPort] = (await freePorts(1)) as [number]
const run = spawn(
  process.execPath,
  [
    ...[join(root, 'infra/cli/main.ts'), 'start', '--json', '--for', values.for, '--rate', values.rate],
    ...(values.customers === undefined ? [] : ['--customers', values.customers]),
    ...['--report', report, '--data-dir', join(folder, 'data'), '--metrics-port', String(firstPort)],
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
)
const ended = new Promise<number | null>((resolve) => run.once('close', resolve))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.kill(signal))

const samples: Sample[] = []
let line: Line | undefined
createInterface({ input: run.stdout }).on('line', (text) => {
  line = JSON.parse(text) as Line
})

async function sample(): Promise<void> {
  const liveSinceMs = line?.producer?.liveSinceMs
  if (line?.phase !== 'live' || liveSinceMs == null) return
  const seconds = (Date.now() - liveSinceMs) / SECOND_MS
  const lag = Object.values(line.lag ?? {}).reduce((sum, count) => sum + count, 0)
  const heaps: Partial<Record<Part, number>> = {}
  for (const [index, name] of serviceNames.entries()) {
    const bytes = await heapBytes(firstPort + index)
    if (bytes !== undefined) heaps[name] = bytes
  }
  const taken = { seconds, lag, residentBytes: residentBytes(run.pid!), heapBytes: heaps }
  samples.push(taken)
  const memory = Object.entries(taken.residentBytes).map(([part, bytes]) => `${part} ${(bytes / 2 ** 20).toFixed(0)}`)
  process.stdout.write(`${seconds.toFixed(0).padStart(5)} s  lag ${lag}  MiB: ${memory.join(', ')}\n`)
}

const timer = setInterval(() => void sample(), EVERY_MS)
await ended
clearInterval(timer)
const ends = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Ends) : undefined
rmSync(folder, { recursive: true, force: true })

const verdicts = judge(samples, ends, { warmUpSeconds, perSecond })
for (const { what, found, limit, met } of verdicts)
  process.stdout.write(`${met ? '✓' : '✗'} ${what.padEnd(26)} ${found}  (limit: ${limit})\n`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ verdicts, ends, samples }, null, 2)}\n`)
process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1
