import type { Statuses } from '../start/status-board.ts'

/** Transactions that each stage is behind the one before it. The two are not read at one moment, so never below zero. */
export interface Lags {
  readonly injector: number
  readonly scorer: number
  readonly monitor: number
}

export function stageLags({ producer, 'fraud-injector': injector, scorer, monitor }: Statuses): Lags {
  const behind = (before: number | undefined, after: number | undefined) => Math.max(0, (before ?? 0) - (after ?? 0))
  return {
    injector: behind(producer?.transactions, injector?.consumed),
    // What was dropped or spoiled on its way is waited for by nobody.
    scorer: behind(injector?.delivered, scorer?.scored),
    monitor: behind(scorer?.scored, monitor?.scored),
  }
}
