export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The last moment that a date can have: later than anything that happens. */
export const NEVER_MS = 8_640_000_000_000_000

/** India has one time zone, UTC+05:30, and no summer time. */
export const IST_OFFSET_MS = 5.5 * HOUR_MS

/** A simulated day runs from 03:00 to 03:00 IST, the trough, so that few sessions cross its edge. */
export const DAY_START_HOUR = 3

/** Milliseconds since the epoch, as if Indian wall-clock time were UTC. */
export const toLocalMs = (utcMs: number): number => utcMs + IST_OFFSET_MS

/** Hour of the day in India, 0 to 23. */
export const hourIst = (utcMs: number): number => Math.floor((toLocalMs(utcMs) % DAY_MS) / HOUR_MS)

/** Days since 1970-01-01 in India. */
export const civilDay = (utcMs: number): number => Math.floor(toLocalMs(utcMs) / DAY_MS)

/** When the civil day in India that `utcMs` lies in begins, UTC milliseconds. */
export const civilDayStartMs = (utcMs: number): number => civilDay(utcMs) * DAY_MS - IST_OFFSET_MS

/** When the simulated day that begins on civil day `day` starts, UTC milliseconds. */
export const dayStartMs = (day: number): number => day * DAY_MS - IST_OFFSET_MS + DAY_START_HOUR * HOUR_MS

/** The simulated day that `utcMs` lies in, named by the civil day on which it begins. */
export const simulatedDay = (utcMs: number): number =>
  Math.floor((utcMs + IST_OFFSET_MS - DAY_START_HOUR * HOUR_MS) / DAY_MS)

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
}

/** Reads '90s', '15m', '14d' or '1h30m' as milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(number) * durationUnits[unit as string]!
  }
  return total
}
