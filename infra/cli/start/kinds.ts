import type { ServiceName } from '../../service/run-service.ts'
import { jsonScreen, lineScreen, type Screen, terminalScreen } from '../view/screen.ts'
import { buildLoadReport, buildReport, type LoadReport, type RunFacts } from './report.ts'
import { serviceNames } from './services.ts'
import type { StatusBoard } from './status-board.ts'
import { loadLines, summaryLines } from './summary.ts'
import { loadMetrics, type Metric, pipelineMetrics } from './thresholds.ts'

/** What sets one kind of run apart: the services it is of, how it shows itself, and what it comes to. */
export interface RunKind {
  readonly services: readonly ServiceName[]
  /** What thresholds may speak of. */
  readonly metrics: readonly Metric[]
  /** On a terminal; elsewhere every run is lines of JSON. */
  readonly screen: (out: NodeJS.WriteStream, colour: boolean) => Screen
  readonly conclude: (board: StatusBoard, facts: RunFacts) => { readonly report: LoadReport; readonly lines: string[] }
}

/** `start`: producer, injector, scorer and monitor. */
export const pipelineRun: RunKind = {
  services: serviceNames,
  metrics: pipelineMetrics,
  screen: terminalScreen,
  conclude(board, facts) {
    const report = buildReport(board, facts)
    return { report, lines: summaryLines(report) }
  },
}

/** `load`: the producer alone. */
export const loadRun: RunKind = {
  services: ['producer'],
  metrics: loadMetrics,
  screen: lineScreen,
  conclude(board, facts) {
    const report = buildLoadReport(board, facts)
    return { report, lines: loadLines(report) }
  },
}

export function screenOf({ screen }: RunKind, json: boolean): Screen {
  const { stdout, stderr } = process
  const colour = (process.env.NO_COLOR ?? '') === ''
  return stdout.isTTY && !json ? screen(stdout, colour) : jsonScreen(stdout, stderr)
}
