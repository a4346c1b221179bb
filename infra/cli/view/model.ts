import type { Settings } from '#services/settings.ts'
import type { ProducerStatus } from '../../service/status.ts'
import type { Statuses } from '../start/status-board.ts'
import { stageLags } from './lags.ts'
import { paceText } from './pace-text.ts'

export type Phase = 'starting' | 'history' | 'catching up' | 'live' | 'draining' | 'stopping'

/** All that the live view shows. */
export interface ViewModel {
  readonly phase: Phase
  /** What the start-up has done so far, and what it does now, newest last. */
  readonly steps: readonly string[]
  readonly seed: string
  /** Such as x600, 500/s or max. */
  readonly pace: string
  /** Wall time since the command began. */
  readonly elapsedMs: number
  /** Over the live part so far; null before there was one. */
  readonly ackedPerSecond: number | null
  readonly statuses: Statuses
  /** The live page's address, with the token of its buttons; undefined as long as it is not served. */
  readonly page: string | undefined
  /** Something that went wrong and was mended, newest last. */
  readonly notes: readonly string[]
}

/** What is in force: by the producer's word, or before its first one by the scenario. */
export function paceInForce(producer: ProducerStatus | undefined, settings: Settings): string {
  if (producer?.isPaused) return 'paused'
  return paceText(producer ?? settings)
}

/** How much of the history has been made, 0 to 1. */
export function historyShare({ producer }: Statuses): number {
  if (producer === undefined || producer.liveFromMs <= producer.historyFromMs) return 0
  const share = (producer.clockMs - producer.historyFromMs) / (producer.liveFromMs - producer.historyFromMs)
  return Math.min(1, Math.max(0, share))
}

/** The model as one line of JSON, for programs that watch. */
export function modelJson(model: ViewModel, nowMs: number): string {
  const { phase, steps, pace, elapsedMs, ackedPerSecond, statuses } = model
  const { producer, 'fraud-injector': injector, scorer, monitor } = statuses
  return JSON.stringify({
    time: new Date(nowMs).toISOString(),
    phase,
    step: phase === 'starting' ? steps.at(-1) : undefined,
    elapsedMs,
    pace,
    simulatedTime: producer === undefined ? null : new Date(producer.clockMs).toISOString(),
    ackedPerSecond,
    producer,
    injector,
    scorer,
    monitor,
    lag: injector === undefined ? undefined : stageLags(statuses),
  })
}
