import type { Transaction } from '#schemas/types.ts'
import { roundOnline } from '../../market/amounts.ts'
import { civilDay, DAY_MS, HOUR_MS, hourIst, IST_OFFSET_MS, MINUTE_MS } from '../../time.ts'
import { type Account, homeCity, paymentsPerHour } from '../account.ts'
import { madeAt, whereNow } from '../places.ts'
import { draw } from '../spread.ts'
import { affording, payment } from '../steps.ts'
import type { Moment } from './anomaly.ts'
import { type AnomalyMethod, anomalies, type Deed, graver, type Shown, shows } from './anomaly.ts'
import { isOwnPayment } from './habits.ts'
import { midnightSale, newYearsNight } from './occasions.ts'

const row = anomalies.TEMPORAL
const { RARE_HOUR, NIGHT, BURST } = row.subtypes
const { sleepless } = row.causes
const siteShapes = [
  'UPI/MOBILE_APP/AUTHORISATION',
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'DEBIT_CARD/ECOM/AUTHORISATION',
] as const

function shown(tx: Transaction, account: Account): Shown | undefined {
  if (!isOwnPayment(tx) || account.habits.count < row.minHistory) return undefined
  return graver(atOddHour(tx, account), inBurst(tx, account))
}

function atOddHour(tx: Transaction, { habits: { hours, count } }: Account): Shown | undefined {
  const hour = hourIst(tx.event_time)
  const total = hours.reduce((sum, each) => sum + each, 0)
  const share = (hours[hour]! + RARE_HOUR.smoothing) / (total + 24 * RARE_HOUR.smoothing)
  const never = hours[hour] === 0
  if (isNight(hour) && hours.slice(NIGHT.fromHour, NIGHT.toHour).reduce(add, 0) < NIGHT.shareBelow * total) {
    return shows('NIGHT', severityOf(share, never))
  }
  const rare = count >= RARE_HOUR.minHistory && share < RARE_HOUR.shareBelow
  return rare ? shows('RARE_HOUR', severityOf(share, never)) : undefined
}

const add = (a: number, b: number): number => a + b
const isNight = (hour: number): boolean => hour >= NIGHT.fromHour && hour < NIGHT.toHour

/** Payments of the last hour against what chance would bring. */
function inBurst(tx: Transaction, account: Account): Shown | undefined {
  const { event_time: timeMs } = tx
  const count = 1 + account.habits.hourMs.filter((ms) => ms > timeMs - HOUR_MS).length
  const chance = poissonAtLeast(count, BURST.timesRate * paymentsPerHour(account, timeMs))
  return chance < BURST.shareBelow ? shows('BURST', severityOf(chance, false)) : undefined
}

const severityOf = (chance: number, never: boolean): number => {
  const { base, span, share, neverUsed } = row.severity
  return base + span * Math.max(0, 1 - chance / share) + (never ? neverUsed : 0)
}

/** Chance of so many or more, where `mean` are expected. */
function poissonAtLeast(count: number, mean: number): number {
  let below = 0
  let term = Math.exp(-mean)
  for (let n = 0; n < count; n++) {
    below += term
    term *= mean / (n + 1)
  }
  return Math.max(0, 1 - below)
}

/** A purchase from a site in the coming night: after a late shift, when a sale opens at midnight, on New Year's Eve. */
function stayUp(_tx: Transaction, { account, random, nowMs }: Moment): Deed | undefined {
  const { hours, count } = account.habits
  const total = hours.reduce(add, 0)
  const nights = hours.slice(NIGHT.fromHour, NIGHT.toHour).reduce(add, 0)
  if (count < row.minHistory || nights + 1 >= NIGHT.shareBelow * total) return undefined
  const amountMinor = roundOnline(draw(sleepless.amountRupees, random), random)
  const shapes = affording(account, siteShapes, 2 * amountMinor)
  if (shapes.length === 0) return undefined
  const shape = random.pick(shapes)
  const day = civilDay(nowMs) + 1
  const festive = newYearsNight(day) ?? (random.chance(sleepless.saleShare) ? midnightSale(day) : undefined)
  const minute = random.uniform(sleepless.fromMinute, festive ? sleepless.festiveToMinute : sleepless.toMinute)
  const atMs = day * DAY_MS - IST_OFFSET_MS + Math.round(minute * MINUTE_MS)
  const template = account.templates[shape]!
  const change = madeAt(template, whereNow(account, template), homeCity(account), random)
  const step = { atMs, phase: '', sequence: 0, shape, amountMinor, change }
  return { cause: festive ?? 'night shift', payment: payment({ ...step, shortage: 'decline' }) }
}

export const temporal: AnomalyMethod = {
  family: 'TEMPORAL',
  minHistory: row.minHistory,
  shown,
  causes: [{ weight: sleepless.weight, deed: stayUp }],
}
