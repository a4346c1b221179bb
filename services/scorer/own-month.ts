import { DAY_MS, HOUR_MS, hourIst } from '#services/time.ts'
import { CATEGORIES } from './codes.ts'
import { type Payment, shortHash } from './payment.ts'
import { RECENT_MAX, type RecentPayments } from './recent-payments.ts'
import type { SortedAmounts } from './sorted-amounts.ts'

export const MONTH_MS = 30 * DAY_MS

/** Kinds that a share is spread over before anything is known: the categories and the rails of the record. */
const RAILS = 12

/** Payments' worth of belief that all hours are alike. */
const FLAT_HOURS = 8

/** A customer's attempts to pay of the 30 days before a payment: habits to hold it against. */
export interface OwnMonth {
  /** Index of the first of them. */
  readonly start: number
  readonly count: number
  readonly sameCategory: number
  readonly sameRail: number
  /** In the same hour of the day. */
  readonly sameHour: number
  /** By a circular kernel: half for the same hour, a quarter for each neighbour. */
  readonly hourWeight: number
  /** Indexes of the first payments of the last hour, day and 7 days. */
  readonly hourStart: number
  readonly dayStart: number
  readonly weekStart: number
  /** Of the 7 days before. */
  readonly weekCount: number
  readonly weekSameCategory: number
  /** By the numbers of codes.ts, and hours behind them. */
  readonly categories: Uint8Array
  /** The approved ones. */
  readonly amounts: SortedAmounts
}

/**
 * `prior` is the index after the last recent payment before this one. What it returns is good until the customer's next
 * payment: counts are those of the customer's one month, moved there.
 */
export function ownMonth(recent: RecentPayments, payment: Payment, prior: number): OwnMonth {
  const { month } = recent
  const start = recent.firstAfter(payment.timeMs - MONTH_MS)
  const weekStart = recent.firstAfter(payment.timeMs - 7 * DAY_MS)
  month.moveTo(start, prior)
  const { counts, amounts } = month
  const hour = hourIst(payment.timeMs)
  return {
    start,
    count: prior - start,
    sameCategory: counts[payment.category]!,
    sameRail: railCount(recent, shortHash(payment.rail), start, prior),
    sameHour: inHour(counts, hour),
    hourWeight: 0.5 * inHour(counts, hour) + 0.25 * (inHour(counts, hour + 1) + inHour(counts, hour + 23)),
    hourStart: recent.firstAfter(payment.timeMs - HOUR_MS),
    dayStart: recent.firstAfter(payment.timeMs - DAY_MS),
    weekStart,
    weekCount: prior - weekStart,
    weekSameCategory: categoryCount(recent, payment.category, weekStart, prior),
    categories: counts,
    amounts,
  }
}

const inHour = (counts: Uint8Array, hour: number): number => counts[CATEGORIES + (hour % 24)]!

function railCount(recent: RecentPayments, rail: number, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) if (recent.rail(i) === rail) count++
  return count
}

function categoryCount(recent: RecentPayments, category: number, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) if (recent.category(i) === category) count++
  return count
}

export const categoryShare = (month: OwnMonth): number => (month.sameCategory + 1) / (month.count + CATEGORIES)

export const railShare = (month: OwnMonth): number => (month.sameRail + 1) / (month.count + RAILS)

export const hourProbability = (month: OwnMonth): number =>
  (month.hourWeight + FLAT_HOURS / 24) / (month.count + FLAT_HOURS)

/** n log2 n for as many payments as there can be. */
const nLogN = Float64Array.from({ length: RECENT_MAX + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)))

/** Shannon entropy of the category mix, bits; 0 for no payments. */
export function categoryEntropy({ categories, count }: OwnMonth): number {
  if (count === 0) return 0
  let sum = 0
  for (let code = 0; code < CATEGORIES; code++) sum += nLogN[categories[code]!]!
  return Math.log2(count) - sum / count
}

/** Filled anew each time. */
const weekCategories = new Uint8Array(CATEGORIES)

/** Jensen-Shannon distance, base 2, of the category mix of 7 days from that of 30; both must have payments. */
export function mixDistance(recent: RecentPayments, { categories, count, weekStart, weekCount }: OwnMonth): number {
  weekCategories.fill(0)
  for (let i = weekStart; i < weekStart + weekCount; i++) weekCategories[recent.category(i)]!++
  let divergence = 0
  for (let code = 0; code < CATEGORIES; code++) {
    const p = weekCategories[code]! / weekCount
    const q = categories[code]! / count
    const middle = (p + q) / 2
    if (p > 0) divergence += (p / 2) * Math.log2(p / middle)
    if (q > 0) divergence += (q / 2) * Math.log2(q / middle)
  }
  return Math.sqrt(Math.max(0, divergence))
}

export const ownMean = ({ month: { amounts } }: { readonly month: OwnMonth }): number =>
  amounts.sum / Math.max(1, amounts.length)

interface Pace {
  readonly recent: RecentPayments
  readonly payment: Payment
  readonly month: OwnMonth
}

/** Over the time since the first payment known of the last 30 days, at least a day; the running hour is left out. */
export function ownPerHour({ recent, payment, month: { start, hourStart: before } }: Pace): number {
  if (before <= start) return 0
  return (before - start) / (Math.max(DAY_MS, payment.timeMs - recent.times[start]!) / HOUR_MS)
}
