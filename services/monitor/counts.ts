import type { FraudType, Severity } from '#schemas/types.ts'
import { type CaseCounts, emptyCaseCounts } from './cases.ts'
import { emptyHistogram, type LogHistogram } from './log-histogram.ts'

type ByType = Partial<Record<FraudType, number>>

/** What is counted, over all of the run or over a part of it. Transactions, where nothing else is said. */
export interface QualityCounts {
  /** Truth records and scores read. */
  judged: number
  scored: number
  /** Frauds, and those that an alert was raised on, or just before on the same campaign. */
  readonly fraud: ByType
  readonly detected: ByType
  /** Transactions with an alert of any kind, or linked by one, and those of them that are fraud. */
  alerted: number
  truePositives: number
  /** Innocent doubles of a type of fraud, and those that were alerted. */
  readonly twins: ByType
  readonly twinsAlerted: ByType
  /** Alerts, of which a transaction may have several. */
  readonly alertsBySeverity: Partial<Record<Severity, number>>
  campaigns: number
  /** Event time from a campaign's first fraud to its first alert, milliseconds: one value a campaign found. */
  readonly timeToDetectMs: LogHistogram
  reports: number
}

export const emptyCounts = (): QualityCounts => ({
  judged: 0,
  scored: 0,
  fraud: {},
  detected: {},
  alerted: 0,
  truePositives: 0,
  twins: {},
  twinsAlerted: {},
  alertsBySeverity: {},
  campaigns: 0,
  timeToDetectMs: emptyHistogram(),
  reports: 0,
})

export function increment<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1
}

/** All of a partition's run, and the part of it since the live clock started, by event time. */
export interface MonitorShared {
  readonly all: QualityCounts
  readonly live: QualityCounts
  /** The latest event time among truth records. */
  truthTimeMs: number
  /** The latest event time among scores, which come last. */
  scoreTimeMs: number
  readonly cases: CaseCounts
  /** Entries given up because a customer had too many open at a time. */
  dropped: number
}

export const emptyShared = (): MonitorShared => ({
  all: emptyCounts(),
  live: emptyCounts(),
  truthTimeMs: 0,
  scoreTimeMs: 0,
  cases: emptyCaseCounts(),
  dropped: 0,
})
