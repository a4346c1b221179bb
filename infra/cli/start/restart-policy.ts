const WINDOW_MS = 60_000
const RESTARTS_MAX = 5
const FIRST_DELAY_MS = 250
const DELAY_MS_MAX = 5_000

/**
 * How long to wait before a service that died is started again, given when it was restarted before; null when it has
 * died too often within a minute. The wait doubles, so that a broker that is coming back has time.
 */
export function restartDelayMs(restartsMs: readonly number[], nowMs: number): number | null {
  const recent = restartsMs.filter((timeMs) => nowMs - timeMs < WINDOW_MS).length
  return recent >= RESTARTS_MAX ? null : Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** recent)
}
