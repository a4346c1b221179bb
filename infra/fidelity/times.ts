import { hourCurves } from '#services/market/calendar.ts'
import festivalData from '#services/market/data/festivals.json' with { type: 'json' }
import { DAY_MS } from '#services/time.ts'
import { isUpiToMerchant, isUpiToPerson, type Observations, type Observed } from './observations.ts'
import { jensenShannon, mean, median, pauses, sum } from './statistics.ts'

const EVENING_FROM = 17 * 60
const EVENING_TO = 21.5 * 60
const FIRST_WEEK = 7
/** Payments of a customer, below which nothing is said of the pauses between them. */
const PAYMENTS_MIN = 20

type Choose = (payment: Observed) => boolean

/** Payments by hour of the Indian day. */
export function hours(seen: Observations, choose: Choose): number[] {
  const counts = new Array<number>(24).fill(0)
  for (const payment of seen.payments) if (choose(payment)) counts[payment.hour]!++
  return counts
}

export const isAtShop: Choose = (payment) => isUpiToMerchant(payment) && payment.tx.channel === 'QR'
const isOnline: Choose = ({ tx }) => tx.channel === 'ECOM'
const isAtm: Choose = ({ tx }) => tx.channel === 'ATM'

/** Number of payments and rupees by UPI, by civil day, whole days only. */
export function byDay(seen: Observations): Map<number, { count: number; rupees: number }> {
  const days = new Map<number, { count: number; rupees: number }>()
  for (const { day, rupees, tx } of seen.payments) {
    const found = days.get(day) ?? { count: 0, rupees: 0 }
    found.count++
    if (tx.status_response.status === 'APPROVED' && tx.payment_rail.startsWith('UPI')) found.rupees += rupees
    days.set(day, found)
  }
  const known = [...days.keys()].sort((a, b) => a - b)
  // The simulated day begins at 03:00: the first and the last civil day are parts.
  days.delete(known[0]!)
  days.delete(known.at(-1)!)
  return days
}

const dayOfMonth = (day: number): number => new Date(day * DAY_MS).getUTCDate()

function firstDaysValue(seen: Observations): number {
  const days = [...byDay(seen)]
  const first = days.filter(([day]) => dayOfMonth(day) <= 3).map(([, { rupees }]) => rupees)
  return mean(first) / mean(days.map(([, { rupees }]) => rupees))
}

const dayOf = (date: string): number => Date.parse(date) / DAY_MS

/** Whether any festival or sale is on, or people prepare for one. */
const isFestive = (day: number): boolean =>
  festivalData.festivals.some(({ start, end, rampDays }) => day >= dayOf(start) - rampDays && day <= dayOf(end))

/** Payments on the peak day of a festival over the mean of days with neither a festival nor fresh salaries. */
const uplift = (name: string) => (seen: Observations) => {
  const days = [...byDay(seen)]
  const peaks = festivalData.festivals.filter((festival) => festival.name === name).map(({ peak }) => dayOf(peak))
  const counts = (wanted: (day: number) => boolean) =>
    mean(days.filter(([day]) => wanted(day)).map(([, { count }]) => count))
  return counts((day) => peaks.includes(day)) / counts((day) => !isFestive(day) && dayOfMonth(day) > FIRST_WEEK)
}

function perPerson(seen: Observations, measure: (mean: number, deviation: number) => number): number {
  const busy = seen.paymentsByPerson().filter((payments) => payments.length >= PAYMENTS_MIN)
  return median(
    busy.map((payments) => {
      const { mean, deviation } = pauses(payments.map(({ timeMs }) => timeMs))
      return measure(mean, deviation)
    }),
  )
}

/** Measures of when people pay. */
export const timeMeasures = {
  hours_shop_distance: (seen: Observations) => jensenShannon(hours(seen, isAtShop), hourCurves.UPI_P2M_OFFLINE),
  hours_person_distance: (seen: Observations) => jensenShannon(hours(seen, isUpiToPerson), hourCurves.UPI_P2P),
  hours_online_distance: (seen: Observations) => jensenShannon(hours(seen, isOnline), hourCurves.ECOM_CARD),
  hours_atm_distance: (seen: Observations) => jensenShannon(hours(seen, isAtm), hourCurves.ATM),
  evening_share: (seen: Observations) =>
    sum(seen.payments.map(({ minute }) => (minute >= EVENING_FROM && minute < EVENING_TO ? 1 : 0))) /
    seen.payments.length,
  first_days_value: firstDaysValue,
  dhanteras_count: uplift('Dhanteras'),
  diwali_count: uplift('Diwali'),
  burstiness: (seen: Observations) => perPerson(seen, (mean, deviation) => (deviation - mean) / (deviation + mean)),
  pause_variation: (seen: Observations) => perPerson(seen, (mean, deviation) => deviation / mean),
}
