import type { FraudType, Severity } from '#schemas/types.ts'
import { type CaseFigures, caseFigures } from './cases.ts'
import type { MonitorShared, QualityCounts } from './counts.ts'
import { type LogHistogram, quantile } from './log-histogram.ts'

/** How well fraud is found; shares are null while there is nothing to divide by. */
export interface Quality {
  /** Alerted transactions that are fraud, of all alerted transactions; those that an alert links are alerted. */
  readonly precision: number | null
  /** Frauds that were found, of all frauds. */
  readonly recall: number | null
  readonly byType: Partial<Record<FraudType, { readonly fraud: number; readonly detected: number }>>
  readonly medianTimeToDetectMs: number | null
  /** Innocent doubles of fraud, and those that were alerted. */
  readonly twins: { readonly seen: number; readonly alerted: number }
  readonly campaigns: { readonly seen: number; readonly found: number }
  readonly reports: number
}

/** What the monitor says of itself that follows from its folds alone. */
export interface MonitorFigures {
  readonly judged: number
  readonly scored: number
  readonly alertsBySeverity: Partial<Record<Severity, number>>
  /** Over history and live part together. */
  readonly quality: Quality
  readonly qualityLive: Quality
  readonly cases: CaseFigures
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const sum = (counts: Partial<Record<string, number>>): number =>
  Object.values<number | undefined>(counts).reduce<number>((total, count) => total + (count ?? 0), 0)

function merge<Key extends string>(all: readonly Partial<Record<Key, number>>[]): Partial<Record<Key, number>> {
  const merged: Partial<Record<Key, number>> = {}
  for (const counts of all) {
    for (const key in counts) merged[key] = (merged[key] ?? 0) + (counts[key] ?? 0)
  }
  return merged
}

function qualityOf(parts: readonly QualityCounts[]): Quality {
  const total = (of: (counts: QualityCounts) => number) => parts.reduce((all, counts) => all + of(counts), 0)
  const fraud = merge(parts.map((counts) => counts.fraud))
  const detected = merge(parts.map((counts) => counts.detected))
  const byType: Quality['byType'] = {}
  for (const type of Object.keys(fraud).sort() as FraudType[]) {
    byType[type] = { fraud: fraud[type] ?? 0, detected: detected[type] ?? 0 }
  }
  const alerted = total((counts) => counts.alerted)
  const truePositives = total((counts) => counts.truePositives)
  return {
    precision: share(truePositives, alerted),
    recall: share(sum(detected), sum(fraud)),
    byType,
    medianTimeToDetectMs: quantile(
      parts.map((counts) => counts.timeToDetectMs),
      0.5,
    ),
    twins: { seen: total((counts) => sum(counts.twins)), alerted: total((counts) => sum(counts.twinsAlerted)) },
    campaigns: { seen: total((counts) => counts.campaigns), found: total((counts) => counts.timeToDetectMs.total) },
    reports: total((counts) => counts.reports),
  }
}

/** Puts the partitions' counts together. */
export function monitorFigures(partitions: readonly MonitorShared[]): MonitorFigures {
  const all = partitions.map((shared) => shared.all)
  return {
    judged: all.reduce((total, counts) => total + counts.judged, 0),
    scored: all.reduce((total, counts) => total + counts.scored, 0),
    alertsBySeverity: merge(all.map((counts) => counts.alertsBySeverity)),
    quality: qualityOf(all),
    qualityLive: qualityOf(partitions.map((shared) => shared.live)),
    cases: caseFigures(partitions),
  }
}

/** What Prometheus counts of the live part beside its quality. */
export interface LiveCounts {
  /** Alerted transactions, and those of them that are fraud. */
  readonly alerted: number
  readonly truePositives: number
  /** Event time from the first fraud of a campaign to its first alert, milliseconds: one value a campaign found. */
  readonly timesToDetect: readonly LogHistogram[]
}

export const liveCounts = (partitions: readonly MonitorShared[]): LiveCounts => ({
  alerted: partitions.reduce((total, { live }) => total + live.alerted, 0),
  truePositives: partitions.reduce((total, { live }) => total + live.truePositives, 0),
  timesToDetect: partitions.map(({ live }) => live.timeToDetectMs),
})
