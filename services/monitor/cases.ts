import type { Alert, AlertKind, Severity } from '#schemas/types.ts'
import { DAY_MS, HOUR_MS } from '../time.ts'

/**
 * open: alerts keep coming; cooling: there has been none for a while; closed: none that belongs to it will come. An
 * alert of its cause opens a case again.
 */
export type CaseState = 'open' | 'cooling' | 'closed'

export const caseStates: readonly CaseState[] = ['open', 'cooling', 'closed']

/** After its newest alert a case is open for so long, event time. A modelling choice. */
export const OPEN_MS = HOUR_MS

/**
 * And closed after so long: a rule goes on with a cause within a day of when it last fired, and it may have fired in
 * silence up to a day after its last alert.
 */
export const CLOSED_MS = 2 * DAY_MS

/** What somebody works on: the alerts of one cause, which is a rule and a customer. */
export interface Case {
  /** The group_id of its alerts. */
  readonly id: string
  readonly customerId: string
  readonly ruleId: string
  readonly kind: AlertKind
  /** The highest of its alerts. */
  severity: Severity
  /** Of the payment that the newest alert was raised on. */
  city: string
  /** Event times of the first and the newest alert. */
  openedMs: number
  lastMs: number
  alerts: number
  /** Sum of the payments that its alerts were raised on. */
  amountMinor: number
  state: CaseState
}

/** A case without what passes with time. */
export type KnownCase = Readonly<Omit<Case, 'state'>>

/** Cases of a partition, counted. */
export interface CaseCounts {
  opened: number
  open: number
  cooling: number
  /** Those with the newest alerts, newest first; their state follows from the time at which somebody looks. */
  newest: KnownCase[]
}

export const emptyCaseCounts = (): CaseCounts => ({ opened: 0, open: 0, cooling: 0, newest: [] })

const NEWEST_MAX = 20

const rank: Readonly<Record<Severity, number>> = { UNKNOWN: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 }

export function stateAt(lastMs: number, nowMs: number): CaseState {
  if (nowMs < lastMs + OPEN_MS) return 'open'
  return nowMs < lastMs + CLOSED_MS ? 'cooling' : 'closed'
}

/** When the state of a case changes by itself; infinity for never. */
export function nextChangeMs({ state, lastMs }: Case): number {
  if (state === 'closed') return Number.POSITIVE_INFINITY
  return lastMs + (state === 'open' ? OPEN_MS : CLOSED_MS)
}

/** An alert joins the case of its cause, or opens it. */
export function join(cases: Case[], alert: Alert, nowMs: number, counts: CaseCounts): void {
  const id = alert.group_id === '' ? alert.alert_id : alert.group_id
  let known = cases.find((one) => one.id === id)
  if (known === undefined) {
    known = opened(id, alert)
    cases.push(known)
    counts.opened++
    count(known, 1, counts)
  }
  known.alerts++
  known.amountMinor += alert.amount_minor
  if (rank[alert.severity] > rank[known.severity]) known.severity = alert.severity
  if (alert.event_time >= known.lastMs) known.city = alert.city
  known.openedMs = Math.min(known.openedMs, alert.event_time)
  known.lastMs = Math.max(known.lastMs, alert.event_time)
  settle(known, nowMs, counts)
  remember(known, counts)
}

/** Brings the state of a case to what it is by now. */
export function settle(one: Case, nowMs: number, counts: CaseCounts): void {
  const state = stateAt(one.lastMs, nowMs)
  if (state === one.state) return
  count(one, -1, counts)
  one.state = state
  count(one, 1, counts)
}

const opened = (id: string, alert: Alert): Case => ({
  id,
  customerId: alert.customer_id,
  ruleId: alert.rule_id,
  kind: alert.kind,
  severity: alert.severity,
  city: alert.city,
  openedMs: alert.event_time,
  lastMs: alert.event_time,
  alerts: 0,
  amountMinor: 0,
  state: 'open',
})

function count({ state }: Case, weight: 1 | -1, counts: CaseCounts): void {
  if (state !== 'closed') counts[state] += weight
}

/** By time, not by arrival: which ones are the newest must not depend on how the inputs interleave. */
function remember({ state: _, ...one }: Case, counts: CaseCounts): void {
  const others = counts.newest.filter(({ id }) => id !== one.id)
  counts.newest = [...others, one].sort((a, b) => b.lastMs - a.lastMs || (a.id < b.id ? -1 : 1)).slice(0, NEWEST_MAX)
}

/** Cases of all partitions, as the report of a run has them. */
export interface CaseFigures extends Readonly<Record<CaseState, number>> {
  readonly opened: number
  /** Newest first. */
  readonly newest: readonly Case[]
}

/** Puts the partitions' cases together, as of the moment that each has come to. */
export function caseFigures(
  partitions: readonly { readonly cases: CaseCounts; readonly scoreTimeMs: number }[],
): CaseFigures {
  const total = (name: 'opened' | 'open' | 'cooling') => partitions.reduce((sum, { cases }) => sum + cases[name], 0)
  const newest = partitions.flatMap(({ cases, scoreTimeMs }) =>
    cases.newest.map((one) => ({ ...one, state: stateAt(one.lastMs, scoreTimeMs) })),
  )
  return {
    opened: total('opened'),
    open: total('open'),
    cooling: total('cooling'),
    closed: total('opened') - total('open') - total('cooling'),
    newest: newest.sort((a, b) => b.lastMs - a.lastMs || (a.id < b.id ? -1 : 1)).slice(0, NEWEST_MAX),
  }
}
