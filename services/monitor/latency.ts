import { addValue, emptyHistogram, type LogHistogram, quantile } from './log-histogram.ts'

export interface LatencySummary {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Latencies in milliseconds, in constant memory. The fold knows no wall clock, so whoever runs it observes them. */
export class LatencyHistogram {
  readonly #histogram: LogHistogram = emptyHistogram()

  get count(): number {
    return this.#histogram.total
  }

  /** Below zero, where two machines' clocks disagree, counts as zero. */
  observe(latencyMs: number): void {
    addValue(this.#histogram, Math.max(0, latencyMs))
  }

  /** Whole milliseconds; null while nothing was observed. */
  summary(): LatencySummary | null {
    if (this.count === 0) return null
    const at = (q: number) => Math.round(quantile([this.#histogram], q) ?? 0)
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
}
