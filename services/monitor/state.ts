import type { FraudType } from '#schemas/types.ts'
import type { Case } from './cases.ts'

/** What truth says of a transaction that is remembered. Plain genuine ones are counted and forgotten at once. */
export type Verdict =
  | { readonly kind: 'fraud'; readonly type: FraudType; readonly campaign: string | null }
  | { readonly kind: 'twin'; readonly type: FraudType }

/** A transaction that is fraud, the double of one, or alerted. */
export interface Entry {
  readonly id: string
  readonly timeMs: number
  verdict: Verdict | null
  alerted: boolean
  /** A fraud that has been found, by an alert of its own or by one just before. */
  detected: boolean
}

export interface Campaign {
  readonly id: string
  firstFraudMs: number
  lastFraudMs: number
  firstAlertMs: number | null
}

/** What the monitor keeps of a customer. */
export interface MonitorState {
  entries: Entry[]
  campaigns: Campaign[]
  cases: Case[]
  /** When to look for what can be forgotten; null while there is nothing. */
  wakeMs: number | null
}

export const emptyState = (): MonitorState => ({ entries: [], campaigns: [], cases: [], wakeMs: null })

/** A customer with more open entries than this loses the oldest. */
const ENTRIES_MAX = 512

/** The entry of a transaction, made where there is none; and how many had to go for it. */
export function entryOf(state: MonitorState, id: string, timeMs: number): { entry: Entry; dropped: number } {
  const known = state.entries.findLast((entry) => entry.id === id)
  if (known !== undefined) return { entry: known, dropped: 0 }
  const entry: Entry = { id, timeMs, verdict: null, alerted: false, detected: false }
  state.entries.push(entry)
  if (state.entries.length <= ENTRIES_MAX) return { entry, dropped: 0 }
  // By time, not by arrival: which one goes must not depend on how the inputs interleave.
  state.entries.sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1))
  state.entries.shift()
  return { entry, dropped: 1 }
}

/** Forgets what happened before `beforeMs`. */
export function forget(state: MonitorState, beforeMs: number): void {
  state.entries = state.entries.filter((entry) => entry.timeMs >= beforeMs)
  state.campaigns = state.campaigns.filter((campaign) => campaign.lastFraudMs >= beforeMs)
  state.cases = state.cases.filter((one) => one.lastMs >= beforeMs)
}

/** The time of the oldest thing remembered. */
export const oldestMs = (state: MonitorState): number =>
  Math.min(
    ...state.entries.map((entry) => entry.timeMs),
    ...state.campaigns.map((campaign) => campaign.lastFraudMs),
    ...state.cases.map((one) => one.lastMs),
  )
