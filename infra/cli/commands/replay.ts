import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { connectionGiven } from '../../service/connection.ts'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { parseOutputFile } from '../parse.ts'
import { CommandError, runCommand } from '../run-command.ts'
import { connectionFor, isRunning } from '../running-stack.ts'
import { listenForInterruption } from '../start/interruption.ts'
import { savedScenario } from '../start/run-folder.ts'
import { openStack, type Stack } from '../start/stack.ts'
import { quietLog, readNewest } from '../topic-access.ts'

interface ReplayOptions extends GlobalOptions {
  readonly json?: string
}

const examples = `
Examples:
  $ npm run rupeestream -- replay                              the run on .rupeestream, going on or ended
  $ npm run rupeestream -- replay --json parity.json
  $ npm run rupeestream -- replay --brokers kafka:9092 --registry http://registry:8081 --scenario my.yaml

Features, scores and alerts are computed once more from \`transactions\`, by the scorer's own folds in this process, and
held against what the run wrote: each record must be there once and be the same. The broker of an ended run is started
for it. Without --scenario that of the data folder's last run counts. Exit code 1 when anything differs, is missing or
is too much. About 2 kB of memory are needed for each transaction.`

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('recompute features, scores and alerts of a run from its topics, and compare')
    .option('--json <file>', 'what was found, for machines', parseOutputFile)
    .addHelpText('after', examples)
    .action((_, command: Command) => runCommand(() => replayRun(command.optsWithGlobals())))
}

async function replayRun(options: ReplayOptions): Promise<ExitCode> {
  const saved = savedScenario(options.dataDir)
  const { settings } = scenarioOf(saved === undefined ? options : { scenario: saved, ...options })
  const [{ replay }, { parityText }, { scoringFor }] = await Promise.all([
    import('../../replay/run.ts'),
    import('../../replay/print.ts'),
    import('../../scorecard/load-model.ts'),
  ])
  const scoring = scoringFor(settings)
  const interrupted = listenForInterruption()
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>()
  // It may be rejected while nobody waits for it.
  broken.catch(() => {})
  interrupted.addEventListener('abort', () => breakOff(new CommandError('interrupted')))
  const { connection, stop } = await stackOf(options, breakOff)
  try {
    const changedRules = new Set((await readNewest(connection, settings, 'rules')).keys())
    const how = { settings, scoring, changedRules, log: quietLog(), onProgress }
    const replayed = await Promise.race([replay(connection, how), broken])
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    const { transactions, parity } = replayed
    if (options.json !== undefined) {
      const report = { transactions, changedRules: [...changedRules], topics: parity.topics, holds: parity.holds }
      writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
    }
    process.stdout.write(parityText(replayed, changedRules))
    return parity.holds ? exitCodes.ok : exitCodes.failure
  } catch (error) {
    if (interrupted.aborted) return exitCodes.interrupted
    throw error
  } finally {
    await stop()
  }
}

const onProgress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

/** Kafka as given or as it runs; else that of an ended run's data, started for as long as it is needed. */
async function stackOf(
  options: ReplayOptions,
  breakOff: (error: Error) => void,
): Promise<Pick<Stack, 'connection' | 'stop'>> {
  if (connectionGiven(options, process.env) || isRunning(options.dataDir)) {
    return { connection: connectionFor(options, process.env), stop: async () => {} }
  }
  if (!existsSync(join(options.dataDir, 'kafka'))) {
    throw new CommandError(
      `there is no run to replay: ${options.dataDir} holds no data of a Kafka, and none is named by --brokers and --registry`,
    )
  }
  return openStack({ ...options, onProgress, onUnexpectedExit: breakOff }, process.env)
}
