import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScenarioFile } from '#services/settings.ts'
import { machineCpuSeconds } from './measure.ts'

const root = join(import.meta.dirname, '../..')

/** What a run of the whole pipeline came to. */
export interface RunFigures {
  readonly perSecond: number
  readonly shortfall: number
  readonly p99Ms: number
  readonly cpuSecondsPerMillion: number
}

/** Seconds in which the rate rises to what is measured, while the JVM and V8 compile: the broker for about a minute. */
export const RAMP_SECONDS = 40

/**
 * Runs `start` with the default scenario at a rate, after a ramp, with a broker and a registry of its own, and reads
 * its report. All figures are over ramp and rate together.
 */
export async function runAt(perSecond: number, seconds: number): Promise<RunFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-bench-'))
  const report = join(folder, 'report.json')
  const file = join(folder, 'scenario.yaml')
  const stages = [
    { for: `${RAMP_SECONDS}s`, to: perSecond },
    { for: '1d', to: perSecond },
  ]
  const scenario: ScenarioFile = { pace: { rate: { from: perSecond / 5, stages } } }
  writeFileSync(file, JSON.stringify(scenario))
  const cpu = machineCpuSeconds()
  try {
    await start(
      [
        ...['--scenario', file, '--for', `${RAMP_SECONDS + seconds}s`],
        ...['--report', report, '--data-dir', join(folder, 'data')],
      ],
      report,
    )
    const { producer, latencyMs } = JSON.parse(readFileSync(report, 'utf8'))
    return {
      // The ramp is a straight line from a fifth of the rate.
      perSecond: producer.acked / (seconds + RAMP_SECONDS * 0.6),
      shortfall: producer.shortfall,
      p99Ms: latencyMs?.p99 ?? Number.POSITIVE_INFINITY,
      cpuSecondsPerMillion: (machineCpuSeconds() - cpu) / (producer.transactions / 1e6),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that could not keep up ends with exit code 1 and a report all the same; one without a report has failed. */
function start(args: readonly string[], report: string): Promise<void> {
  const main = join(root, 'infra/cli/main.ts')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [main, 'start', '--json', ...args],
      { cwd: root, maxBuffer: 1 << 28 },
      (_error, _out, errors) => {
        if (existsSync(report)) resolve()
        else reject(new Error(`the run ended without a report: ${errors.slice(-1_000)}`))
      },
    )
  })
}
