import type { Second } from '#services/monitor/live/rates.ts'

/** Columns of a chart: how long ago, in seconds, and how many. */
export type Bins = [ago: number[], counts: number[]]

/** How far back the charts go. */
export const WINDOW_SECONDS = 300
export const BIN_SECONDS = 5

/** Puts the newest word in the place of what was known of the same seconds. */
export function merge(known: readonly Second[], told: readonly Second[]): readonly Second[] {
  const from = told[0]?.second ?? Number.POSITIVE_INFINITY
  return [...known.filter(({ second }) => second < from), ...told].slice(-WINDOW_SECONDS)
}

/** Sums of five seconds each, the newest of which is still filling. */
export function bin(seconds: readonly Second[], of: (second: Second) => number): Bins {
  const now = seconds.at(-1)?.second ?? 0
  const last = Math.floor(now / BIN_SECONDS)
  const first = last - WINDOW_SECONDS / BIN_SECONDS + 1
  const counts = Array<number>(last - first + 1).fill(0)
  for (const second of seconds) {
    const index = Math.floor(second.second / BIN_SECONDS) - first
    if (index >= 0) counts[index]! += of(second)
  }
  return [counts.map((_, index) => (first + index) * BIN_SECONDS - now), counts]
}

/** Over the last `count` whole seconds: the newest one has only begun. */
export const sumOfLast = (seconds: readonly Second[], count: number, of: (second: Second) => number): number =>
  seconds.slice(-count - 1, -1).reduce((sum, second) => sum + of(second), 0)
