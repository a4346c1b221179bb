import { cities } from '#services/market/cities.ts'
import type { MonitorShared } from '#services/monitor/counts.ts'
import type { LatencySummary } from '#services/monitor/latency.ts'
import type { LiveView } from '#services/monitor/live/live-view.ts'
import { monitorFigures } from '#services/monitor/quality.ts'
import { liveFromMs, type Settings } from '#services/settings.ts'
import { dayStartMs, simulatedDay } from '#services/time.ts'
import type { ControlRecords } from '../control/control-topic.ts'
import { inForce } from './in-force.ts'
import type { PageRun, PageState } from './page-state.ts'

/** What the page shows that the monitor knows anyway. */
export interface PageSource {
  /** The partitions' counts. */
  readonly shared: () => readonly MonitorShared[]
  readonly latency: () => LatencySummary | null
}

export function runOf(settings: Settings, hasControls: boolean): PageRun {
  const liveMs = liveFromMs(settings)
  return {
    seed: settings.seed,
    historyFromMs: dayStartMs(simulatedDay(liveMs - settings.clock.history)),
    liveFromMs: liveMs,
    customers: settings.population.customers,
    hasControls,
    cities: cities.map(({ name, lat, lon, tier }) => ({ name, lat, lon, tier })),
  }
}

/** How things are, with the seconds from `fromSecond` on. */
export function stateOf(
  settings: Settings,
  source: PageSource,
  view: LiveView,
  commands: ControlRecords,
  fromSecond: number,
  nowMs: number,
): PageState {
  const shared = source.shared()
  const { judged, scored, quality, qualityLive } = monitorFigures(shared)
  // A partition without customers has no truth to wait for.
  const times = shared.map(({ truthTimeMs }) => truthTimeMs).filter((timeMs) => timeMs > 0)
  const clockMs = Math.max(0, ...times)
  return {
    nowMs,
    clockMs: clockMs === 0 ? null : clockMs,
    inForce: inForce(commands, settings),
    judged,
    scored,
    quality: clockMs >= liveFromMs(settings) ? qualityLive : quality,
    latencyMs: source.latency(),
    live: view.figures(fromSecond, times.length === 0 ? 0 : Math.min(...times), nowMs),
  }
}
