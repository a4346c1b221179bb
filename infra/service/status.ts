import type { AckLatencySummary } from '#infra/kafka/ack-latency.ts'
import type { AnomalyFamily, FaultKind, FraudType, Severity } from '#schemas/types.ts'
import type { CaseFigures } from '#services/monitor/cases.ts'
import type { AlertView } from '#services/monitor/latest-alerts.ts'
import type { ScorerLimits } from '#services/scorer/figures.ts'
import type { Settings } from '#services/settings.ts'

/** What a running service says of itself, about twice a second, to the process that started it. Counts are totals of the data, not of the process. */
export type ServiceStatus = ProducerStatus | InjectorStatus | ScorerStatus | MonitorStatus

export interface ProducerStatus {
  readonly service: 'producer'
  /** Assigned, restored and running. */
  readonly ready: boolean
  /** held: history is done, and the live clock waits for the word. */
  readonly phase: 'history' | 'held' | 'live' | 'drained'
  /** Simulated time reached, and where history and live begin, UTC milliseconds. */
  readonly clockMs: number
  readonly historyFromMs: number
  readonly liveFromMs: number
  /** Wall-clock moment at which this process began its live part; null before. */
  readonly liveSinceMs: number | null
  /** What is in force, by the scenario or by the newest command on `control`. */
  readonly pace: Settings['pace']
  readonly isPaused: boolean
  readonly paceChanges: readonly PaceChange[]
  /** Transactions of the live part that were due, handed to the client, and committed by this process. */
  readonly scheduled: number
  readonly sent: number
  readonly acked: number
  readonly shortfall: number
  /** Wall-clock moment of the last commit with transactions of the live part; null before. */
  readonly ackedAtMs: number | null
  /** From the moment at which a live transaction was meant to leave to its commit, this process; null without any. */
  readonly ackLatencyMs: AckLatencySummary | null
  /** Transactions committed since the very beginning, history included. */
  readonly transactions: number
}

/** A command that changed the pace of this process. */
export interface PaceChange {
  /** As the command line has it, such as rate 500. */
  readonly order: string
  /** When it took effect: wall clock, and simulated time. */
  readonly atMs: number
  readonly clockMs: number
}

export interface InjectorStatus {
  readonly service: 'fraud-injector'
  readonly ready: boolean
  /** Genuine transactions read. */
  readonly consumed: number
  /** Transactions written, frauds among them, and those by type. */
  readonly transactions: number
  /** Of them, those that have reached `transactions` readable, each counted once; and what befell them on their way. */
  readonly delivered: number
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly fraud: number
  readonly byType: Readonly<Partial<Record<FraudType, number>>>
  /** Campaigns begun, and those of them that are not over. */
  readonly campaigns: Readonly<Partial<Record<FraudType, number>>>
  readonly activeCampaigns: Readonly<Partial<Record<FraudType, number>>>
  /** Anomalous transactions, most of them innocent, and those by family, of which one may show several. */
  readonly anomalous: number
  readonly anomalies: Readonly<Partial<Record<AnomalyFamily, number>>>
}

export interface ScorerStatus {
  readonly service: 'scorer'
  readonly ready: boolean
  readonly scored: number
  /** Delivered again and not scored twice; and more than a day late: scored, but remembered no more. */
  readonly duplicates: number
  readonly tooLate: number
  readonly alerts: Readonly<Record<'velocity' | 'anomaly' | 'fraud', number>>
  /** Remembered now by this process, and given up for a limit (services/scorer/figures.ts). */
  readonly keys: ScorerLimits['keys']
  readonly evicted: ScorerLimits['evicted']
}

export interface MonitorStatus {
  readonly service: 'monitor'
  readonly ready: boolean
  /** Truth records read: as many as there are transactions once all is caught up. */
  readonly judged: number
  /** Scores read. */
  readonly scored: number
  readonly quality: QualityStatus
  readonly cases: CaseFigures
  readonly alertsBySeverity: Readonly<Partial<Record<Severity, number>>>
  /** From the intended moment to the arrival of the alert at the monitor, live alerts only, milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null
  /** Newest last, at the most ten. */
  readonly latestAlerts: readonly AlertView[]
  /** Where Prometheus can scrape this process. */
  readonly metricsUrl: string | null
  /** Where people can look on. */
  readonly pageUrl: string | null
}

export interface QualityStatus {
  /** Share of alerted transactions that are fraud, and of frauds that were alerted; null while there are none. */
  readonly precision: number | null
  readonly recall: number | null
  readonly byType: Readonly<Partial<Record<FraudType, { readonly fraud: number; readonly detected: number }>>>
  /** Event time from the first fraud of a campaign to its first alert, milliseconds. */
  readonly medianTimeToDetectMs: number | null
}

/** What the starting process may say to a service. Everything else is signals: SIGTERM drains, commits and leaves. */
export type ServiceCommand =
  /** Starts the live clock after history; it ends by itself at a simulated moment or after so many transactions. */
  | { readonly command: 'live'; readonly untilMs?: number; readonly transactions?: number }
  | { readonly command: 'drain' }
