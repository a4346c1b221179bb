import { identityOf, mix } from '../market/identifiers.ts'
import { Outages } from '../market/outages.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import type { Settings } from '../settings.ts'
import type { DayActivity } from './activity.ts'
import type { Journeys } from './journeys.ts'
import type { Ledger } from './ledger.ts'
import type { Lives } from './lives.ts'
import { type Account, accounts } from './payment.ts'
import type { Population } from './population.ts'
import type { Whereabouts } from './whereabouts.ts'

/** All that a payment is decided from: who, when, with what money, and the chance that belongs to this one event. */
export interface Scene {
  readonly people: Population
  readonly ledger: Ledger
  /** Of this customer on this day. */
  readonly lives: Lives
  readonly journeys: Journeys
  readonly whereabouts: Whereabouts
  readonly outages: Outages
  readonly random: Random
  /** For draws that are the same at every visit, such as favourite shops. */
  readonly habit: Random
  readonly habitKey: StreamKey
  /** Of the chance that decides payments. */
  readonly paymentKey: StreamKey
  /** Keeps the identifiers of one run apart from those of another. */
  readonly identity: number
  /** Customers of all partitions. */
  readonly customers: number
  activity: DayActivity
  day: number
  /** Since the day began. */
  ms: number
  row: number
  /** The payment's number in the customer's day. */
  ordinal: number
}

export function sceneOf(
  settings: Settings,
  people: Population,
  ledger: Ledger,
  lives: Lives,
  journeys: Journeys,
  whereabouts: Whereabouts,
  activity: DayActivity,
): Scene {
  return {
    people,
    ledger,
    lives,
    journeys,
    whereabouts,
    outages: new Outages(settings.seed),
    random: new Random(),
    habit: new Random(),
    habitKey: streamKey(settings.seed, 'habits'),
    paymentKey: streamKey(settings.seed, 'payments'),
    identity: identityOf(settings.seed),
    customers: settings.population.customers,
    activity,
    day: 0,
    ms: 0,
    row: 0,
    ordinal: 0,
  }
}

/** Paise that an account could pay now. */
export function purseMinor({ people, ledger, row }: Scene, account: Account): number {
  switch (account) {
    case accounts.CARD:
      return people.cardLimitRupees[row]! * 100 - ledger.cardOwed[row]!
    case accounts.PAY_LATER:
      return people.payLaterLimitRupees[row]! * 100 - ledger.payLaterOwed[row]!
    case accounts.CASH:
      return Number.POSITIVE_INFINITY
    case accounts.LITE:
      return ledger.liteMinor[row]!
    case accounts.WALLET:
      return ledger.walletMinor[row]!
    default:
      return ledger.savings[row]!
  }
}

/** How dear the customer buys at present: multiplier of amounts. */
export const spendingOf = ({ people, lives, row }: Scene): number => people.spending[row]! * lives.amounts

/** A number of the customer's own, the same for ever. */
export const ownHash = ({ people, row }: Scene, habit: number): number => mix(people.tag[row]!, habit)

/** Share of people who spend without looking at what they have. */
const CARELESS = 0.25

/** What is spent when `rupees` was meant to be: most people keep to a share of what they have. Takes two draws. */
export function restrain(rupees: number, purse: number, share: number, random: Random): number {
  const careless = random.unit() < CARELESS
  const enough = (purse / 100) * share * (0.4 + 0.6 * random.unit())
  return careless || rupees <= enough || enough < 10 ? rupees : enough
}
