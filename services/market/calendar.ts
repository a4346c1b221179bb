import { DAY_MS, DAY_START_HOUR, HOUR_MS } from '../time.ts'
import data from './data/time.json' with { type: 'json' }

const byDayOfMonth = (multipliers: Readonly<Record<string, number>>): Float64Array => {
  const days = new Float64Array(32).fill(1)
  for (const [range, multiplier] of Object.entries(multipliers)) {
    const [from, to] = range.split('-').map(Number)
    days.fill(multiplier, from, to! + 1)
  }
  return days
}

const countByDayOfMonth = byDayOfMonth(data.dom_count_multiplier)
const valueByDayOfMonth = byDayOfMonth(data.dom_value_multiplier)

/** A civil day, named by the days since 1970-01-01. */
export interface CivilDay {
  readonly day: number
  /** 1 to 31. */
  readonly dayOfMonth: number
  /** Monday 0 to Sunday 6. */
  readonly weekday: number
  readonly weekend: boolean
  /** The last Monday to Friday of its month. */
  readonly lastWorkingDay: boolean
  /** The first day of January, April, July or October. */
  readonly quarterBegins: boolean
  /** Multipliers of the number and value of payments, for the weekday and day of the month alone. */
  readonly count: number
  readonly value: number
}

const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

export function civilDayOf(day: number): CivilDay {
  const date = new Date(day * DAY_MS)
  const dayOfMonth = date.getUTCDate()
  const weekday = weekdayOf(day)
  const lastDay = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / DAY_MS
  const lastWorkingDay = lastDay - Math.max(0, weekdayOf(lastDay) - 4)
  return {
    day,
    dayOfMonth,
    weekday,
    weekend: weekday >= 5,
    lastWorkingDay: day === lastWorkingDay,
    quarterBegins: dayOfMonth === 1 && date.getUTCMonth() % 3 === 0,
    count: data.dow_multiplier_mon_to_sun[weekday]! * countByDayOfMonth[dayOfMonth]!,
    value: valueByDayOfMonth[dayOfMonth]!,
  }
}

/** Multiplier of a category on Saturdays and Sundays. */
export const weekendCategory: Readonly<Record<string, number>> = data.weekend_category

export type HourCurve = keyof typeof data.hourly_weight

/** 24 weights by hour of the Indian day, from midnight. Modelling choice, shaped to the peak windows that NPCI names. */
export const hourCurves: Readonly<Record<HourCurve, readonly number[]>> = data.hourly_weight

/** Spread of one of a customer's busy hours, hours. */
const PEAK_WIDTH = 1.5
const BETWEEN_PEAKS = 0.5

/** What the nation pays by UPI: two payments to shops for each to a person. */
export const nationalHours = hourCurves.UPI_P2M_OFFLINE.map(
  (weight, hour) => (2 * weight + hourCurves.UPI_P2P[hour]!) / 3,
)

/**
 * By hours since the simulated day began: how much more (or less) is paid in the manner of a curve than the hour itself
 * brings to those who pay so, 24 weights from midnight. Its mean over what they pay is 1.
 */
export function hourTilt(curve: HourCurve, payers: readonly number[] = nationalHours): Float64Array {
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0)
  const scale = sum(payers) / sum(hourCurves[curve])
  return Float64Array.from({ length: 24 }, (_, index) => {
    const hour = (DAY_START_HOUR + index) % 24
    return (scale * hourCurves[curve][hour]!) / payers[hour]!
  })
}

/** People with the same busy hours, and how many payments they make. */
export interface Habit {
  readonly peaks: readonly number[]
  readonly weight: number
}

/** 24 weights from midnight for each habit: the national hours bent towards its own, so that all together keep them. */
export function hoursOf(habits: readonly Habit[]): number[][] {
  const bends = habits.map(({ peaks }) => bendTowards(peaks))
  const total = habits.reduce((sum, { weight }) => sum + weight, 0)
  const together = nationalHours.map((_, hour) =>
    habits.reduce((sum, { weight }, i) => sum + (weight / total) * bends[i]![hour]!, 0),
  )
  return bends.map((bend) => nationalHours.map((weight, hour) => (weight * bend[hour]!) / together[hour]!))
}

/** How much more is paid in an hour than the nation pays; its mean over what the nation pays is 1. */
function bendTowards(peaks: readonly number[]): number[] {
  const bend = nationalHours.map((_, hour) => {
    const near = peaks.map((peak) => (((hour + 0.5 - peak + 36) % 24) - 12) / PEAK_WIDTH)
    return BETWEEN_PEAKS + near.reduce((sum, apart) => sum + Math.exp(-(apart * apart) / 2), 0)
  })
  const national = nationalHours.reduce((sum, weight) => sum + weight, 0)
  const mean = nationalHours.reduce((sum, weight, hour) => sum + weight * bend[hour]!, 0) / national
  return bend.map((factor) => factor / mean)
}

/** Maps a uniform draw to milliseconds after `fromHour`, by hour weights: the inverse of their distribution in `cells` steps. */
export function hourQuantiles(weights: readonly number[], fromHour: number, cells: number): Float64Array {
  const shifted = weights.map((_, index) => weights[(index + fromHour) % 24]!)
  const total = shifted.reduce((sum, weight) => sum + weight, 0)
  const quantiles = new Float64Array(cells + 1)
  let hour = 0
  let below = 0
  for (let i = 0; i <= cells; i++) {
    const mass = (i / cells) * total
    while (hour < 23 && below + shifted[hour]! < mass) below += shifted[hour++]!
    quantiles[i] = (hour + Math.min(1, (mass - below) / shifted[hour]!)) * HOUR_MS
  }
  return quantiles
}

/** Shares of customers by the day their salary comes; 31 stands for the last working day. */
export const salaryDays: readonly (readonly [day: number, share: number])[] = [
  [31, data.salary_day_p.last_working_day],
  [1, data.salary_day_p['1']],
  ...spread(2, 5, data.salary_day_p['2-5']),
  ...spread(6, 7, data.salary_day_p['6-7']),
  ...spread(8, 10, data.salary_day_p['8-10']),
]

function spread(from: number, to: number, share: number): [number, number][] {
  return Array.from({ length: to - from + 1 }, (_, i) => [from + i, share / (to - from + 1)])
}
