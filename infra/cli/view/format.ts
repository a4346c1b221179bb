import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, toLocalMs } from '#services/time.ts'

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const rupees = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 2, minimumFractionDigits: 2 })

/** 12,345. */
export const count = (n: number): string => integers.format(n)

/** Paise as ₹1,23,456.78, grouped as in India. */
export const money = (minor: number): string => `₹${rupees.format(minor / 100)}`

/** A share as 61 %; below 1 % with two digits; – for none. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–'
  const value = share * 100
  return `${value !== 0 && value < 1 ? value.toFixed(2) : Math.round(value)} %`
}

/** At most three significant digits, no exponent. */
export const number = (value: number): string =>
  Math.abs(value) >= 100 ? count(value) : String(Number(value.toPrecision(3)))

/** 2025-10-13 09:42 in India. */
export const dateTime = (utcMs: number): string =>
  new Date(toLocalMs(utcMs)).toISOString().slice(0, 16).replace('T', ' ')

/** 09:42:07 in India. */
export const clock = (utcMs: number): string => new Date(toLocalMs(utcMs)).toISOString().slice(11, 19)

/** 420 ms, 12 s, 4 min, 3.5 h or 2 d: the unit that leaves a small number. */
export function duration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`
  return ms < 2 * DAY_MS ? `${number(ms / HOUR_MS)} h` : `${number(ms / DAY_MS)} d`
}

/** Names of fraud types, one below the other: as wide as most of them need, or as the longest of these does. */
export const typeWidth = (types: readonly string[]): number => Math.max(22, ...types.map(({ length }) => length + 2))

/** CARD_CLONING as card cloning. */
export const words = (constant: string): string => constant.toLowerCase().replaceAll('_', ' ')

/** A share as a bar of so many columns. */
export function bar(share: number, columns: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns)
  return '█'.repeat(full) + '░'.repeat(columns - full)
}
