import { SECOND_MS } from '#services/time.ts'
import type {
  InjectorStatus,
  MonitorStatus,
  ProducerStatus,
  QualityStatus,
  ScorerStatus,
} from '../../service/status.ts'
import type { StatusBoard } from './status-board.ts'

/** What --report writes. Times are ISO 8601 in UTC, latencies milliseconds, null is what never came about. */
export interface Report {
  readonly seed: string
  readonly simulated: { readonly from: string | null; readonly liveFrom: string | null; readonly to: string | null }
  readonly producer: ProducerReport
  readonly injector: Pick<InjectorStatus, 'transactions' | 'fraud' | 'byType'>
  readonly scorer: Pick<ScorerStatus, 'scored' | 'alerts'>
  readonly quality: QualityStatus
  readonly latencyMs: MonitorStatus['latencyMs']
  /** Why the run ended, and what had not passed through the pipeline by then. */
  readonly ended: string
  readonly missing: readonly string[]
  /** Restarts of services that died. */
  readonly restarts: number
  /** Repeats the run. */
  readonly command: string
}

export interface ProducerReport
  extends Pick<ProducerStatus, 'scheduled' | 'sent' | 'acked' | 'shortfall' | 'transactions' | 'ackLatencyMs'> {
  /** From the start of the live clock to the last acknowledgement; null before there was one. */
  readonly ackedPerSecond: number | null
}

export interface RunFacts {
  readonly seed: string
  readonly ended: string
  readonly missing: readonly string[]
  readonly restarts: number
  readonly command: string
}

const noQuality: QualityStatus = { precision: null, recall: null, byType: {}, medianTimeToDetectMs: null }

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

function producerReport({ statuses: { producer }, liveSinceMs }: StatusBoard): ProducerReport {
  return {
    scheduled: producer?.scheduled ?? 0,
    sent: producer?.sent ?? 0,
    acked: producer?.acked ?? 0,
    shortfall: producer?.shortfall ?? 0,
    transactions: producer?.transactions ?? 0,
    ackedPerSecond: producer === undefined ? null : ackedPerSecond(producer, liveSinceMs),
    ackLatencyMs: producer?.ackLatencyMs ?? null,
  }
}

export function ackedPerSecond({ acked, ackedAtMs }: ProducerStatus, liveSinceMs: number | undefined): number | null {
  if (liveSinceMs === undefined || ackedAtMs === null || ackedAtMs <= liveSinceMs) return null
  return (acked / (ackedAtMs - liveSinceMs)) * SECOND_MS
}

export function buildReport(board: StatusBoard, { seed, ended, missing, restarts, command }: RunFacts): Report {
  const { producer, 'fraud-injector': injector, scorer, monitor } = board.statuses
  return {
    seed,
    simulated: { from: iso(producer?.historyFromMs), liveFrom: iso(producer?.liveFromMs), to: iso(producer?.clockMs) },
    producer: producerReport(board),
    injector: {
      transactions: injector?.transactions ?? 0,
      fraud: injector?.fraud ?? 0,
      byType: injector?.byType ?? {},
    },
    scorer: { scored: scorer?.scored ?? 0, alerts: scorer?.alerts ?? { velocity: 0, anomaly: 0, fraud: 0 } },
    quality: monitor?.quality ?? noQuality,
    latencyMs: monitor?.latencyMs ?? null,
    ended,
    missing,
    restarts,
    command,
  }
}
