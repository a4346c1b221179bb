import { IST_OFFSET_MS, parseDuration } from '#services/time.ts'
import type { StatusBoard } from './status-board.ts'

/** When a run ends by itself; with none of them it goes on until it is interrupted. */
export interface EndCondition {
  /** Wall time from the start of the live clock. */
  readonly forMs?: number
  /** Simulated moment, UTC. */
  readonly untilMs?: number
  /** Live transactions committed. */
  readonly transactions?: number
}

/** Why the run is over, in words; undefined while it is not. */
export function reasonToEnd(end: EndCondition, board: StatusBoard, nowMs: number): string | undefined {
  const { producer } = board.statuses
  if (producer === undefined) return undefined
  if (producer.phase === 'drained') return 'the producer has come to its end'
  const { liveSinceMs } = board
  if (end.forMs !== undefined && liveSinceMs !== undefined && nowMs - liveSinceMs >= end.forMs) {
    return `${end.forMs / 1_000} s of live time are over`
  }
  if (end.untilMs !== undefined && producer.clockMs >= end.untilMs) {
    return `the simulated clock has reached ${new Date(end.untilMs + IST_OFFSET_MS).toISOString().slice(0, 16)} IST`
  }
  if (end.transactions !== undefined && producer.acked >= end.transactions) {
    return `${producer.acked} live transactions are committed`
  }
  return undefined
}

/** '60s' in milliseconds. Throws with what was expected. */
export function parseFor(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0)
    throw new Error(`expected a duration such as 60s or 10m, came ${JSON.stringify(text)}`)
  return ms
}

/** '2025-10-14', the start of that day in India, or '2025-10-14T12:00' in Indian time. Throws with what was expected. */
export function parseUntil(text: string): number {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text
  const localMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(whole) ? Date.parse(`${whole}Z`) : Number.NaN
  if (Number.isNaN(localMs)) {
    throw new Error(
      `expected a date such as 2025-10-14 or 2025-10-14T12:00 (Indian time), came ${JSON.stringify(text)}`,
    )
  }
  return localMs - IST_OFFSET_MS
}
