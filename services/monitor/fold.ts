import { type AlertTopic, alertTopicNames } from '#schemas/topics.ts'
import type { Alert, AlertedTransaction, GroundTruth } from '#schemas/types.ts'
import type { Context, Fold } from '../fold.ts'
import { jsonCodec } from '../json-codec.ts'
import { liveFromMs, type Settings } from '../settings.ts'
import { DAY_MS } from '../time.ts'
import { join, nextChangeMs, settle } from './cases.ts'
import { emptyShared, increment, type MonitorShared } from './counts.ts'
import { type CountsAt, foundOut } from './detection.ts'
import { type Entry, emptyState, entryOf, forget, type MonitorState, oldestMs, type Verdict } from './state.ts'

export type MonitorInputs = 'ground-truth' | 'scores' | AlertTopic | 'fraud-reports'

/** How long a transaction is remembered after truth and scores have both moved past it, event time. */
export const REMEMBER_MS = 14 * DAY_MS

/** Transactions that an alert links are counted up to this far back: none that may have been forgotten. */
const LINKED_MS = REMEMBER_MS / 2

type MonitorContext = Context<MonitorState, MonitorShared>

/**
 * Holds what the scorer said against what was true.
 *
 * Behaviour:
 * - The result does not depend on how the inputs interleave, as long as no alert comes later than REMEMBER_MS of
 *   event time behind the scores. Counts are corrected as more becomes known; nothing waits.
 * - Stream time is that of the scores, because they come last: truth may be days ahead while history is made.
 * - Only fraud, its doubles and alerted transactions touch the state of a customer. The rest is counted.
 * - Revised labels (label_version above 1) change nothing that was counted.
 */
export function monitorFold(settings: Settings): Fold<MonitorState, MonitorShared, MonitorInputs> {
  const liveMs = liveFromMs(settings)
  const counting =
    ({ all, live }: MonitorShared): CountsAt =>
    (timeMs) =>
      timeMs >= liveMs ? [all, live] : [all]

  return {
    name: 'monitor',
    inputs: ['ground-truth', 'scores', ...alertTopicNames, 'fraud-reports'],
    timeFrom: 'scores',
    stateTopic: 'monitor.state',
    initialState: emptyState,
    initialShared: emptyShared,
    stateCodec: jsonCodec(2),
    sharedCodec: jsonCodec(2),

    step(record, context) {
      const countsAt = counting(context.shared)
      switch (record.topic) {
        case 'ground-truth':
          return onTruth(record.key, record.value, record.timestampMs, context, countsAt)
        case 'scores':
          context.shared.scoreTimeMs = Math.max(context.shared.scoreTimeMs, record.timestampMs)
          for (const counts of countsAt(record.value.event_time)) counts.scored++
          return
        case 'fraud-reports':
          // A revision is about what was reported before.
          if (record.value.version === 1) for (const counts of countsAt(record.value.report_time)) counts.reports++
          return
        default:
          return onAlert(record.key, record.value, context, countsAt)
      }
    },

    nextWakeMs(state) {
      const next = Math.min(state.wakeMs ?? Number.POSITIVE_INFINITY, ...state.cases.map(nextChangeMs))
      return next === Number.POSITIVE_INFINITY ? undefined : next
    },

    wake(key, timeMs, context) {
      const state = context.state(key)
      for (const one of state.cases) settle(one, timeMs, context.shared.cases)
      if (state.wakeMs === null || timeMs < state.wakeMs) return
      forget(state, Math.min(timeMs, context.shared.truthTimeMs) - REMEMBER_MS + 1)
      const oldest = oldestMs(state)
      state.wakeMs = oldest === Number.POSITIVE_INFINITY ? null : Math.max(oldest + REMEMBER_MS, timeMs + DAY_MS)
    },
  }
}

function remember(key: string, id: string, timeMs: number, context: MonitorContext): [MonitorState, Entry] {
  const state = context.state(key)
  const { entry, dropped } = entryOf(state, id, timeMs)
  context.shared.dropped += dropped
  state.wakeMs = Math.min(state.wakeMs ?? Number.POSITIVE_INFINITY, timeMs + REMEMBER_MS)
  return [state, entry]
}

function verdictOf(truth: GroundTruth): Verdict | null {
  if (truth.is_fraud) return { kind: 'fraud', type: truth.fraud_type, campaign: truth.campaign_id }
  return truth.benign_twin_of === null ? null : { kind: 'twin', type: truth.benign_twin_of }
}

function onTruth(key: string, truth: GroundTruth, timeMs: number, context: MonitorContext, countsAt: CountsAt): void {
  if (truth.label_version > 1) return
  context.shared.truthTimeMs = Math.max(context.shared.truthTimeMs, timeMs)
  const verdict = verdictOf(truth)
  for (const counts of countsAt(timeMs)) {
    counts.judged++
    if (verdict !== null) increment(verdict.kind === 'fraud' ? counts.fraud : counts.twins, verdict.type)
  }
  if (verdict === null) return
  const [state, entry] = remember(key, truth.transaction_id, timeMs, context)
  entry.verdict = verdict
  if (entry.alerted) countHit(entry, countsAt)
  if (verdict.kind === 'fraud') foundOut(state, entry, countsAt)
}

function onAlert(key: string, alert: Alert, context: MonitorContext, countsAt: CountsAt): void {
  for (const counts of countsAt(alert.event_time)) increment(counts.alertsBySeverity, alert.severity)
  join(context.state(key).cases, alert, context.streamTimeMs, context.shared.cases)
  const own = { transaction_id: alert.transaction_id, event_time: alert.event_time }
  onAlerted(key, own, context, countsAt)
  for (const linked of alert.transactions) {
    if (linked.event_time >= alert.event_time - LINKED_MS) onAlerted(key, linked, context, countsAt)
  }
}

/** A transaction that an alert was raised on, or that belongs to the cause of one. */
function onAlerted(key: string, alerted: AlertedTransaction, context: MonitorContext, countsAt: CountsAt): void {
  const [state, entry] = remember(key, alerted.transaction_id, alerted.event_time, context)
  if (entry.alerted) return
  entry.alerted = true
  for (const counts of countsAt(entry.timeMs)) counts.alerted++
  countHit(entry, countsAt)
  if (entry.verdict?.kind === 'fraud') foundOut(state, entry, countsAt)
}

/** Counts that alert and truth of a transaction have met. */
function countHit(entry: Entry, countsAt: CountsAt): void {
  if (entry.verdict === null) return
  for (const counts of countsAt(entry.timeMs)) {
    if (entry.verdict.kind === 'fraud') counts.truePositives++
    else increment(counts.twinsAlerted, entry.verdict.type)
  }
}
