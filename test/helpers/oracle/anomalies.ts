import type { Transaction } from '#schemas/types.ts'
import {
  DAY,
  dayOf,
  distinct,
  HOUR,
  hourOf,
  isDeclined,
  isInPerson,
  lowerMedian,
  mean,
  type Numbers,
  nearestRank,
  poissonAtLeast,
  sum,
  variance,
} from './basics.ts'
import type { OracleCustomer, Past } from './customer.ts'

/** A payment, and the customer's payments before it by event time. */
export interface Scene {
  readonly tx: Transaction
  readonly customer: OracleCustomer
  readonly before: readonly Past[]
  readonly isNewParty: boolean
  readonly hourProbability: number
}

export const within = (scene: Scene, days: number): Past[] =>
  scene.before.filter(({ time }) => time > scene.tx.event_time - days * DAY)

const same = (past: readonly Past[], of: (tx: Transaction) => unknown, tx: Transaction): number =>
  past.filter((one) => of(one.tx) === of(tx)).length

const clamped = (x: number): number => Math.min(1, Math.max(0, x))
const highest = (severities: Numbers): number => Math.round(100 * Math.max(0, ...severities.map(clamped))) / 100

function behavioral(scene: Scene): Numbers {
  const { tx, customer } = scene
  const [month, week] = [within(scene, 30), within(scene, 7)]
  if (month.length < 10) return []
  const surprise = (p: number): number => (p <= 0 ? 1 : 0.25 + (0.5 * -Math.log2(p)) / 6)
  const found: number[] = []
  const inCategory = same(month, ({ category }) => category, tx)
  const category = (inCategory + 1) / (month.length + 28)
  if (category < 0.02) found.push(surprise(category))
  const inWeek = same(week, ({ category }) => category, tx)
  const hasGrown = inWeek / week.length > inCategory / month.length
  if (week.length >= 20 && hasGrown && distance(week, month) > 0.35) found.push(surprise(category))
  const rail = (same(month, ({ payment_rail }) => payment_rail, tx) + 1) / (month.length + 12)
  if (rail < 0.05) found.push(surprise(rail))
  if (tx.merchant_type === 'ONLINE' || tx.merchant_type === 'LOCAL') {
    const last = customer.merchantTypes.of(tx.merchant_type)?.last ?? Number.NEGATIVE_INFINITY
    if (last <= tx.event_time - 60 * DAY) found.push(surprise(1 / (month.length + 7)))
  }
  if (scene.isNewParty) {
    const met = month.filter(({ metSomebody }) => metSomebody).map(({ time }) => (tx.event_time - time) / DAY)
    const today = met.filter((age) => age < 1).length + 1
    const oldest = (tx.event_time - month[0]!.time) / DAY
    const days = Math.max(1, Math.ceil(oldest - 1))
    const daily = Array.from({ length: days }, (_, i) => {
      const to = i + 1 === days ? Number.POSITIVE_INFINITY : i + 2
      return met.filter((age) => age >= i + 1 && age < to).length
    })
    const limit = mean(daily) + 3 * Math.sqrt(Math.max(mean(daily), variance(daily)))
    if (today >= 4 && today > limit) found.push(surprise(poissonAtLeast(today, mean(daily))))
  }
  return found
}

/** Jensen-Shannon, base 2. */
function distance(one: readonly Past[], other: readonly Past[]): number {
  const kinds = [...new Set([...one, ...other].map(({ tx }) => tx.category))]
  const share = (past: readonly Past[], kind: string): number =>
    past.filter(({ tx }) => tx.category === kind).length / past.length
  const from = (past: readonly Past[]): number =>
    sum(
      kinds.map((kind) => {
        const p = share(past, kind)
        return p === 0 ? 0 : p * Math.log2((2 * p) / (share(one, kind) + share(other, kind)))
      }),
    )
  return Math.sqrt((from(one) + from(other)) / 2)
}

function geographic(scene: Scene): Numbers {
  const { tx, customer } = scene
  if (!isInPerson(tx)) return []
  const found: number[] = []
  const kmh = customer.kmh(tx)
  if (kmh > 2_000) found.push(0.9)
  else if (kmh > 800) found.push(0.7)
  else if (kmh > 400) found.push(0.5)
  const home = Math.round(customer.homeKm(tx) ?? -1)
  const severity = 0.3 + 0.2 * clamped(home / 1_500)
  const distances = within(scene, 30).flatMap(({ homeKm }) => (homeKm === undefined ? [] : [homeKm]))
  const asFar = distances.filter((far) => far >= home - 50).length
  if (home > 300 && (asFar === 0 || asFar < 0.06 * distances.length)) found.push(severity)
  const cities = distinct([tx.city, ...within(scene, 7).flatMap((past) => (isInPerson(past.tx) ? [past.tx.city] : []))])
  const earlier = scene.before.filter(
    ({ time, homeKm }) => time > tx.event_time - 30 * DAY && time <= tx.event_time - 7 * DAY && homeKm !== undefined,
  )
  const away = earlier.filter(({ homeKm }) => homeKm! > 100).length
  if (cities >= 4 && (earlier.length === 0 || away / earlier.length < 0.2)) found.push(severity)
  if (tx.country_code !== 'IN') found.push(severity)
  return found
}

function temporal(scene: Scene): Numbers {
  const { tx, customer, before, hourProbability } = scene
  const found: number[] = []
  const month = within(scene, 30)
  const newest = before.slice(-20).map(({ time }) => time)
  const gap = tx.event_time - (newest.at(-1) ?? tx.event_time)
  const gaps = newest.slice(1).map((time, i) => time - newest[i]!)
  if (gaps.length === 19 && gap > 14 * DAY && gap > 6 * nearestRank(gaps, 0.95)!) found.push(0.7)
  if (month.length < 20) return found
  const rare = (p: number): number => 0.3 + 0.4 * clamped(1 - p / 0.01)
  const hour = hourOf(tx.event_time)
  const unused = month.some(({ time }) => hourOf(time) === hour) ? 0 : 0.2
  if (month.length >= 30 && hourProbability < 0.01) found.push(rare(hourProbability) + unused)
  const nights = month.filter(({ time }) => hourOf(time) < 5).length
  if (hour < 5 && nights / month.length < 0.03) found.push(rare(hourProbability) + unused)
  const earlier = month.filter(({ time }) => time <= tx.event_time - HOUR).length
  const hours = Math.max(DAY, tx.event_time - month[0]!.time) / HOUR
  const tail = poissonAtLeast(within(scene, 1 / 24).length + 1, Math.max(0.3, earlier / hours))
  if (tail < 0.001) found.push(rare(tail))
  const last = customer.parties.of(tx.merchant_id ?? tx.payee_id ?? '')?.last
  if (tx.channel === 'AUTOPAY' && tx.category === 'LOANS_CARDS' && last !== undefined) {
    const days = Math.abs(tx.event_time - last) / DAY
    const off = Math.min(days % 30.44, 30.44 - (days % 30.44))
    if (off > 3) found.push(0.7)
  }
  return found
}

function amount(scene: Scene): Numbers {
  const { tx } = scene
  const month = within(scene, 30)
  const approved = month.filter((past) => !isDeclined(past.tx)).map((past) => past.tx.amount_minor)
  if (approved.length < 10) return []
  const median = lowerMedian(approved)!
  const spread = lowerMedian(approved.map((paise) => Math.abs(Math.log(paise / median))))!
  const z = Math.log(tx.amount_minor / median) / Math.max(0.1, 1.4826 * spread)
  const severity = 0.3 + 0.6 * Math.max(0, (Math.abs(z) - 3) / 5)
  const ratio = tx.amount_minor / nearestRank(approved, 0.95)!
  const tinyFor = 'ENTERTAINMENT GOVERNMENT INSURANCE INVESTMENTS LOANS_CARDS TELECOM TRAVEL UTILITIES'.split(' ')
  const isTiny = tx.amount_minor < Math.min(5_000, 0.05 * median) && tinyFor.includes(tx.category)
  const round = (one: Transaction): boolean => one.amount_minor % 100_000 === 0
  const thousands = [tx, ...within(scene, 1).map((past) => past.tx)].filter(round).length
  const reasons = [
    z > 3.5 || ratio >= 3,
    isTiny,
    round(tx) && thousands >= 3,
    isJustBelow(tx.amount_minor),
    isLargestDay(scene, month),
  ]
  return reasons.filter(Boolean).map(() => severity)
}

export const isJustBelow = (paise: number): boolean =>
  [10_000, 50_000, 100_000, 200_000].some((rupees) => paise < rupees * 100 && paise >= rupees * 98)

function isLargestDay(scene: Scene, month: readonly Past[]): boolean {
  const { tx } = scene
  if (isDeclined(tx)) return false
  const paid = (past: readonly Past[]): number =>
    sum(past.filter((one) => !isDeclined(one.tx)).map((one) => one.tx.amount_minor))
  const days = [...new Set(month.map(({ time }) => dayOf(time)))].filter((day) => day < dayOf(tx.event_time))
  const largest = Math.max(...days.map((day) => paid(month.filter(({ time }) => dayOf(time) === day))))
  const earlier = paid(within(scene, 1))
  return days.length >= 10 && earlier <= largest && earlier + tx.amount_minor > largest
}

/** Severities by family, in hundredths of 1. */
export const severitiesOf = (scene: Scene): number[] =>
  [behavioral(scene), geographic(scene), temporal(scene), amount(scene)].map(highest)
