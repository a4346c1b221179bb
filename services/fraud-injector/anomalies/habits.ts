import type { Transaction } from '#schemas/types.ts'
import { isInward, isLoad } from '../../market/statement.ts'
import { DAY_MS, HOUR_MS, hourIst } from '../../time.ts'
import { anomalies } from './anomaly.ts'

/** How a customer pays: counts of about the last month, and what is short of that. Small, for it is saved often. */
export interface Habits {
  /** Payments since the first one. */
  count: number
  /** Counts by name; halved every month, so that they speak of about the last one. */
  categories: Record<string, number>
  rails: Record<string, number>
  /** By hour of the day in India. */
  hours: number[]
  halvedMs: number
  /** Approved amounts in paise, over about the last fifty: their mean, and that and the variance of the natural logarithm. */
  meanMinor: number
  logMean: number
  logVariance: number
  /** Moments of the newest payments of the last hour, and of whole thousands of rupees in the last day; bounded. */
  hourMs: number[]
  roundMs: number[]
}

const HALVED_AFTER_MS = 30 * DAY_MS
const MOMENTS_OVER = 50
const HOUR_MAX = 16
const ROUND_MAX = 4
const ROUND_MINOR = 100 * anomalies.AMOUNT.subtypes.ROUND_CLUSTER.rupees

export const newHabits = (): Habits => ({
  count: 0,
  categories: {},
  rails: {},
  hours: Array.from({ length: 24 }, () => 0),
  halvedMs: 0,
  meanMinor: 0,
  logMean: 0,
  logVariance: 0,
  hourMs: [],
  roundMs: [],
})

/** Whether the customer decided on this payment then and there: no money in, no mandate, no load of an own account. */
export const isOwnPayment = (tx: Transaction): boolean =>
  !isInward(tx.event_type) && tx.channel !== 'AUTOPAY' && !isLoad(tx)

export const isRound = (amountMinor: number): boolean => amountMinor > 0 && amountMinor % ROUND_MINOR === 0

/** Learns from a payment sent on: a fraud's too, for it is part of the account's history like any other. */
export function learn(habits: Habits, tx: Transaction): void {
  if (!isOwnPayment(tx)) return
  const { event_time: timeMs } = tx
  if (habits.count === 0) habits.halvedMs = timeMs
  if (timeMs >= habits.halvedMs + HALVED_AFTER_MS) halve(habits, timeMs)
  habits.count++
  habits.categories[tx.category] = (habits.categories[tx.category] ?? 0) + 1
  habits.rails[tx.payment_rail] = (habits.rails[tx.payment_rail] ?? 0) + 1
  habits.hours[hourIst(timeMs)]!++
  habits.hourMs = within(habits.hourMs, timeMs, HOUR_MS, HOUR_MAX)
  if (isRound(tx.amount_minor)) habits.roundMs = within(habits.roundMs, timeMs, DAY_MS, ROUND_MAX)
  if (tx.status_response.status === 'APPROVED') addAmount(habits, tx.amount_minor)
}

/** The moments of the span before one, which is added; the newest so many. */
function within(moments: readonly number[], timeMs: number, spanMs: number, max: number): number[] {
  const kept: number[] = []
  for (const ms of moments) if (ms > timeMs - spanMs) kept.push(ms)
  kept.push(timeMs)
  return kept.length > max ? kept.slice(-max) : kept
}

/** Exponentially weighted, the first fifty evenly (West 1979). */
function addAmount(habits: Habits, amountMinor: number): void {
  const weight = 1 / Math.min(habits.count, MOMENTS_OVER)
  habits.meanMinor += weight * (amountMinor - habits.meanMinor)
  const off = Math.log(amountMinor) - habits.logMean
  habits.logMean += weight * off
  habits.logVariance = (1 - weight) * (habits.logVariance + weight * off * off)
}

function halve(habits: Habits, timeMs: number): void {
  habits.halvedMs = timeMs
  habits.categories = halved(habits.categories)
  habits.rails = halved(habits.rails)
  habits.hours = habits.hours.map((count) => Math.floor(count / 2))
}

const halved = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts)
      .map(([name, count]) => [name, Math.floor(count / 2)] as const)
      .filter(([, count]) => count > 0),
  )

export const totalOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)
