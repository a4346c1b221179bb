import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import type { OwnMonth } from './own-month.ts'
import { flag, type Payment } from './payment.ts'
import type { RecentPayments } from './recent-payments.ts'

/** Counts and paise of a customer's payments up to one, that one included, over windows that end at it. */
export class Windows {
  /** With the instrument of the payment. */
  minute = 0
  fiveMinutes = 0
  hour = 0
  day = 0
  /** Online ones with the instrument. */
  remoteTenMinutes = 0
  remoteHour = 0
  /** Declined ones with the instrument. */
  hourDeclines = 0
  dayDeclines = 0
  /** To the same merchant or payee, the same amount to the paisa, within two hours. */
  repeats = 0
  weekNearThreshold = 0
  weekCashLike = 0
  /** Approved ones with the instrument. */
  hourSum = 0
  /** Approved ones, also of the payment's account alone. */
  daySum = 0
  dayAccountSum = 0
  weekSum = 0
}

/** Filled anew for each payment: a context is used up before the next one is made. */
const windows = new Windows()

/**
 * Of the payments before `end`. All that many features ask of the same few payments is counted in one go by window: with
 * a loop for each feature, told by a function what to count, the features took half as long again. Each number begins by
 * itself, here and in anomaly-trail.ts: one taken from an array with others is an object anew at every step.
 */
export function windowsOf(recent: RecentPayments, payment: Payment, month: OwnMonth, end: number): Windows {
  overWeek(recent, month.weekStart, end)
  overDay(recent, payment, month.dayStart, end)
  overHour(recent, payment, month.hourStart, end)
  let repeats = 0
  for (let i = end - 1; i >= 0 && recent.times[i]! > payment.timeMs - 2 * HOUR_MS; i--) {
    if (recent.counterparty(i) === payment.counterparty && recent.amount(i) === payment.amountMinor) repeats++
  }
  windows.repeats = repeats
  return windows
}

function overWeek(recent: RecentPayments, start: number, end: number): void {
  let sum = 0
  let nearThreshold = 0
  let cashLike = 0
  for (let i = start; i < end; i++) {
    const flags = recent.flags(i)
    if ((flags & flag.declined) === 0) sum += recent.amount(i)
    if ((flags & flag.nearThreshold) !== 0) nearThreshold++
    if ((flags & flag.cashLike) !== 0) cashLike++
  }
  windows.weekSum = sum
  windows.weekNearThreshold = nearThreshold
  windows.weekCashLike = cashLike
}

function overDay(recent: RecentPayments, { instrument, account }: Payment, start: number, end: number): void {
  let sum = 0
  let accountSum = 0
  let declines = 0
  let same = 0
  for (let i = start; i < end; i++) {
    if (recent.instrument(i) === instrument) same++
    if ((recent.flags(i) & flag.declined) !== 0) declines++
    else {
      const amount = recent.amount(i)
      sum += amount
      if (recent.account(i) === account) accountSum += amount
    }
  }
  windows.day = same
  windows.dayDeclines = declines
  windows.daySum = sum
  windows.dayAccountSum = accountSum
}

function overHour(recent: RecentPayments, { instrument, timeMs }: Payment, start: number, end: number): void {
  windows.minute = windows.fiveMinutes = windows.hour = 0
  windows.remoteTenMinutes = windows.remoteHour = 0
  windows.hourDeclines = 0
  let sum = 0
  for (let i = start; i < end; i++) {
    if (recent.instrument(i) !== instrument) continue
    const flags = recent.flags(i)
    const ageMs = timeMs - recent.times[i]!
    windows.hour++
    if (ageMs < MINUTE_MS) windows.minute++
    if (ageMs < 5 * MINUTE_MS) windows.fiveMinutes++
    if ((flags & flag.declined) === 0) sum += recent.amount(i)
    else windows.hourDeclines++
    if ((flags & flag.physical) !== 0) continue
    windows.remoteHour++
    if (ageMs < 10 * MINUTE_MS) windows.remoteTenMinutes++
  }
  windows.hourSum = sum
}
