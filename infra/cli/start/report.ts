import type { Case, CaseFigures } from '#services/monitor/cases.ts'
import { SECOND_MS } from '#services/time.ts'
import type {
  InjectorStatus,
  MonitorStatus,
  ProducerStatus,
  QualityStatus,
  ScorerStatus,
} from '../../service/status.ts'
import type { StatusBoard } from './status-board.ts'
import { judge, type Threshold, type Verdict } from './thresholds.ts'

/** What --report of `load` writes. Times are ISO 8601 in UTC, latencies milliseconds, null is what never came about. */
export interface LoadReport {
  readonly seed: string
  readonly simulated: { readonly from: string | null; readonly liveFrom: string | null; readonly to: string | null }
  readonly producer: ProducerReport
  /** What was commanded while the run was live, and what was in force from its beginning; `at` is wall-clock time. */
  readonly paceChanges: readonly { readonly order: string; readonly at: string; readonly simulated: string }[]
  /** In the order in which they were given. */
  readonly thresholds: readonly Verdict[]
  /** Why the run ended, and what had not passed through by then. */
  readonly ended: string
  readonly missing: readonly string[]
  /** Restarts of services that died. */
  readonly restarts: number
  /** Repeats the run. */
  readonly command: string
}

/** The same of `start`: that and the rest of the pipeline. */
export interface Report extends LoadReport {
  readonly injector: Pick<InjectorStatus, 'transactions' | 'fraud' | 'byType'>
  readonly scorer: Pick<ScorerStatus, 'scored' | 'alerts'>
  readonly quality: QualityStatus
  readonly cases: CaseReport
  readonly latencyMs: MonitorStatus['latencyMs']
}

/** Cases counted, and the 20 with the newest alerts; simulated times. */
export interface CaseReport extends Omit<CaseFigures, 'newest'> {
  readonly newest: readonly (Omit<Case, 'openedMs' | 'lastMs'> & {
    readonly opened: string | null
    readonly lastAlert: string | null
  })[]
}

export interface ProducerReport
  extends Pick<ProducerStatus, 'scheduled' | 'sent' | 'acked' | 'shortfall' | 'transactions' | 'ackLatencyMs'> {
  /** From the start of the live clock to the last acknowledgement; null before there was one. */
  readonly ackedPerSecond: number | null
}

export interface RunFacts {
  readonly seed: string
  readonly thresholds: readonly Threshold[]
  readonly ended: string
  readonly missing: readonly string[]
  readonly restarts: number
  readonly command: string
}

const noQuality: QualityStatus = { precision: null, recall: null, byType: {}, medianTimeToDetectMs: null }

const noCases: CaseFigures = { opened: 0, open: 0, cooling: 0, closed: 0, newest: [] }

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

const caseReport = ({ newest, ...counts }: CaseFigures): CaseReport => ({
  ...counts,
  newest: newest.map(({ openedMs, lastMs, ...one }) => ({ ...one, opened: iso(openedMs), lastAlert: iso(lastMs) })),
})

function producerReport(board: StatusBoard): ProducerReport {
  const { producer } = board.statuses
  return {
    scheduled: producer?.scheduled ?? 0,
    sent: producer?.sent ?? 0,
    acked: producer?.acked ?? 0,
    shortfall: producer?.shortfall ?? 0,
    transactions: producer?.transactions ?? 0,
    ackedPerSecond: ackedPerSecond(board),
    ackLatencyMs: producer?.ackLatencyMs ?? null,
  }
}

/** From the start of the live clock to the last acknowledgement; null before there was one. */
export function ackedPerSecond({ statuses: { producer }, liveSinceMs }: StatusBoard): number | null {
  const { acked = 0, ackedAtMs = null } = producer ?? {}
  if (liveSinceMs === undefined || ackedAtMs === null || ackedAtMs <= liveSinceMs) return null
  return (acked / (ackedAtMs - liveSinceMs)) * SECOND_MS
}

export const buildLoadReport = (board: StatusBoard, facts: RunFacts): LoadReport => concluded(board, facts, {})

export function buildReport(board: StatusBoard, facts: RunFacts): Report {
  const { 'fraud-injector': injector, scorer, monitor } = board.statuses
  return concluded(board, facts, {
    injector: {
      transactions: injector?.transactions ?? 0,
      fraud: injector?.fraud ?? 0,
      byType: injector?.byType ?? {},
    },
    scorer: { scored: scorer?.scored ?? 0, alerts: scorer?.alerts ?? { velocity: 0, anomaly: 0, fraud: 0 } },
    quality: monitor?.quality ?? noQuality,
    cases: caseReport(monitor?.cases ?? noCases),
    latencyMs: monitor?.latencyMs ?? null,
  })
}

/** The report of any run, with `rest` in its middle. */
function concluded<Rest extends Partial<Pick<Report, 'latencyMs'>>>(
  board: StatusBoard,
  { seed, thresholds, ...facts }: RunFacts,
  rest: Rest,
): LoadReport & Rest {
  const status = board.statuses.producer
  const producer = producerReport(board)
  return {
    seed,
    simulated: { from: iso(status?.historyFromMs), liveFrom: iso(status?.liveFromMs), to: iso(status?.clockMs) },
    producer,
    paceChanges: (status?.paceChanges ?? []).map(({ order, atMs, clockMs }) => ({
      order,
      at: new Date(atMs).toISOString(),
      simulated: new Date(clockMs).toISOString(),
    })),
    ...rest,
    thresholds: judge(thresholds, { producer, ...rest }),
    ...facts,
  }
}
