import { writeFileSync } from 'node:fs'
import { createLogger } from '../../observability/logger.ts'
import { connectionGiven } from '../../service/connection.ts'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import type { Scenario } from '../../service/scenario.ts'
import { scenarioOf } from '../options.ts'
import { CommandError } from '../run-command.ts'
import { drain, untilEnd } from './course.ts'
import { Display } from './display.ts'
import { forgetCommands } from './forget-commands.ts'
import { listenForInterruption } from './interruption.ts'
import { type RunKind, screenOf } from './kinds.ts'
import type { StartOptions } from './options.ts'
import { type PageAccess, pageAccess, pageAddress } from './page-access.ts'
import { checkWorld, prepareFolder } from './run-folder.ts'
import { serviceProcesses } from './services.ts'
import { openStack, type Stack } from './stack.ts'
import { repeatCommand } from './summary.ts'
import { Supervisor } from './supervisor.ts'
import { readThresholds, type Threshold } from './thresholds.ts'

/** A run, from the settings to what it needs to go on and to end. */
interface Run {
  readonly kind: RunKind
  readonly options: StartOptions
  readonly args: readonly string[]
  readonly scenario: Scenario
  readonly thresholds: readonly Threshold[]
  readonly display: Display
  readonly interrupted: AbortSignal
  /** Rejects when something that the run cannot do without is gone for good. */
  readonly broken: Promise<never>
  readonly breakOff: (error: Error) => void
}

type Conclusion = ReturnType<RunKind['conclude']>

/** A `start` or a `load`: everything from the stack to the report. `args` are the command's own, to repeat it. */
export async function run(kind: RunKind, options: StartOptions, args: readonly string[]): Promise<ExitCode> {
  const scenario = scenarioOf(options)
  const thresholds = readThresholds(options.threshold ?? [], kind.metrics)
  const isLocal = !connectionGiven(options, process.env)
  if (isLocal) checkWorld(options.dataDir, scenario)
  if (kind.services.includes('scorer')) await checkModel(scenario)
  const interrupted = listenForInterruption()
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>()
  // It may be rejected while nobody waits for it.
  broken.catch(() => {})
  const display = new Display(screenOf(kind, options.json ?? false), scenario.settings, kind.services)
  let conclusion: Conclusion | undefined
  try {
    conclusion = await withStack({ kind, options, args, scenario, thresholds, display, interrupted, broken, breakOff })
  } finally {
    display.close()
  }
  if (conclusion !== undefined) publish(conclusion, options)
  return interrupted.aborted ? exitCodes.interrupted : exitCodeOf(conclusion)
}

/** A model that does not fit is told of before anything is started. Throws SettingsError. */
async function checkModel({ settings }: Scenario): Promise<void> {
  if (settings.scorer.model === undefined) return
  const { scoringFor } = await import('../../scorecard/load-model.ts')
  scoringFor(settings)
}

function exitCodeOf(conclusion: Conclusion | undefined): ExitCode {
  if (conclusion === undefined || conclusion.report.missing.length > 0) return exitCodes.failure
  return conclusion.report.thresholds.every(({ met }) => met) ? exitCodes.ok : exitCodes.threshold
}

/** Answers with nothing when it was interrupted before the services began. */
async function withStack(run: Run): Promise<Conclusion | undefined> {
  const { options, display, interrupted, breakOff, broken } = run
  const stack = await openStack(
    { ...options, onProgress: (text) => display.step(text), onUnexpectedExit: breakOff },
    process.env,
  )
  try {
    if (interrupted.aborted) return undefined
    await Promise.race([deploy(run, stack), broken])
    return interrupted.aborted ? undefined : await withServices(run, stack)
  } finally {
    display.ending('stopping')
    await stack.stop()
  }
}

async function deploy({ scenario, display }: Run, { connection }: Stack): Promise<void> {
  const log = createLogger({ service: 'cli', level: process.env.RUPEESTREAM_LOG_LEVEL ?? 'warn' })
  const [{ deploySchemas }, { deployTopics }] = await Promise.all([
    import('../../registry/deploy-schemas.ts'),
    import('../../kafka/deploy-topics.ts'),
  ])
  display.step('registering schemas and creating topics')
  await Promise.all([deploySchemas(connection, scenario.settings), deployTopics(connection, scenario.settings, log)])
  await forgetCommands(connection, scenario.settings)
}

async function withServices(run: Run, stack: Stack): Promise<Conclusion> {
  const { kind, options, scenario, thresholds, display, interrupted, broken } = run
  const { board } = display
  const page = await pageAccess(scenario.settings, options.control ?? true, stack.environment)
  const supervisor = supervise(run, page)
  display.step(`starting ${kind.services.length === 1 ? `the ${kind.services[0]}` : 'the services'}`)
  supervisor.start()
  try {
    const end = {
      ...(options.for === undefined ? {} : { forMs: options.for }),
      ...(options.until === undefined ? {} : { untilMs: options.until }),
      ...(options.transactions === undefined ? {} : { transactions: options.transactions }),
    }
    const ended = await Promise.race([untilEnd(end, board, supervisor, interrupted), broken])
    display.ending('draining')
    const missing = await Promise.race([drain(supervisor, board), broken])
    const { seed } = scenario.settings
    const command = repeatCommand(run.args, seed)
    return kind.conclude(board, { seed, thresholds, ended, missing, restarts: supervisor.restarts, command })
  } finally {
    display.ending('stopping')
    await supervisor.stop()
  }
}

function supervise({ kind, options, scenario, display, breakOff }: Run, page: PageAccess): Supervisor {
  const folder = prepareFolder(options.dataDir, scenario)
  return new Supervisor({
    services: serviceProcesses(kind.services, folder.scenarioFile, options.metricsPort, page.port),
    environment: page.environment,
    onStatus: (status) => {
      display.board.update(status)
      if (status.service === 'monitor' && status.pageUrl !== null) display.page(pageAddress(status.pageUrl, page.token))
    },
    onLine: folder.log,
    onRestart: (name, why) => {
      display.board.restarted(name)
      display.note(`${why}; started again. Log: ${folder.logFolder}/${name}.log`)
    },
    onFailure: (message) => breakOff(new CommandError(message)),
  })
}

/** The summary goes to stderr, so that standard output stays JSON lines where it is. */
function publish({ report, lines }: Conclusion, { report: file }: StartOptions): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  process.stderr.write(`\n${lines.join('\n')}\n`)
  if (file !== undefined) process.stderr.write(`Report     ${file}\n`)
}
