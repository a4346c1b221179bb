import type { LatencySummary } from '#services/monitor/latency.ts'
import type { LiveFigures } from '#services/monitor/live/live-view.ts'
import type { Quality } from '#services/monitor/quality.ts'
import type { Settings } from '#services/settings.ts'

/** What does not change while the page is served. */
export interface PageRun {
  readonly seed: string
  /** Simulated time at which history and the live part begin, UTC milliseconds. */
  readonly historyFromMs: number
  readonly liveFromMs: number
  readonly customers: number
  /** Whether whoever has the token may give commands. */
  readonly hasControls: boolean
  readonly cities: readonly {
    readonly name: string
    readonly lat: number
    readonly lon: number
    readonly tier: number
  }[]
}

/** What holds by the scenario or by the newest commands. */
export interface InForce {
  readonly pace: Settings['pace']
  readonly isPaused: boolean
  /** Share of transactions. */
  readonly fraudRate: number
}

/** What is told to every page twice a second. */
export interface PageState {
  /** Wall clock of the server. */
  readonly nowMs: number
  /** Simulated time that the monitor has seen; null before its first record. */
  readonly clockMs: number | null
  readonly inForce: InForce
  /** Transactions since the beginning, history included. */
  readonly judged: number
  readonly scored: number
  /** Of the live part; of history as long as there is no other. */
  readonly quality: Quality
  readonly latencyMs: LatencySummary | null
  /** All that is kept on the first word; of a later word the last few seconds, which take the place of those before. */
  readonly live: LiveFigures
}
