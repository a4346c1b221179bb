// `npm run soak [-- --for 1h --rate 1000 --json FILE]`: the whole pipeline for a long while, its memory and its lag
// looked at every ten seconds, and in the end whether everything has come through.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Option } from 'commander'
import { orInvalid, parseOutputFile, parsePositive } from '#infra/cli/parse.ts'
import { parseFor } from '#infra/cli/start/end-condition.ts'
import { serviceNames } from '#infra/cli/start/services.ts'
import { tool } from '#infra/cli/tool.ts'
import { freePorts } from '#infra/local/ports.ts'
import { HOUR_MS, SECOND_MS } from '#services/time.ts'
import { type Ends, judge, type Sample } from './judge.ts'
import { heapBytes, type Part, residentBytes } from './memory.ts'

const root = join(import.meta.dirname, '../..')
const EVERY_MS = 10_000
const WARM_UP_SECONDS_MAX = 600

const {
  for: lengthMs,
  rate: perSecond,
  customers,
  json,
} = tool('soak', 'the whole pipeline for a long while: memory flat, lag bounded, nothing lost; 0 if so, else 1')
  .addOption(
    new Option('--for <duration>', 'of live stream, such as 10m').argParser(orInvalid(parseFor)).default(HOUR_MS, '1h'),
  )
  .option('--rate <n>', 'payments a second', parsePositive, 1_000)
  .option('--customers <n>', "how many pay (default: as a run's)", parsePositive)
  .option('--json <file>', 'write verdicts and samples as JSON', parseOutputFile)
  .parse()
  .opts<{ for: number; rate: number; customers?: number; json?: string }>()
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
    ...[join(root, 'infra/cli/main.ts'), 'start', '--json', '--for', `${lengthMs}ms`, '--rate', String(perSecond)],
    ...(customers === undefined ? [] : ['--customers', String(customers)]),
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
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ verdicts, ends, samples }, null, 2)}\n`)
process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1
