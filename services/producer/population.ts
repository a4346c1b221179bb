import { partitionOf } from '#schemas/partition.ts'
import { AliasTable } from '../market/alias.ts'
import { salaryDays } from '../market/calendar.ts'
import { cities } from '../market/cities.ts'
import { FabricatedCustomers } from '../market/fabricated.ts'
import { customerId } from '../market/identifiers.ts'
import { issuers } from '../market/issuers.ts'
import { incomeBrackets, monthlyIncomeRupees, type Segment, segments } from '../market/segments.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import type { Settings } from '../settings.ts'
import { type Distributions, distributionsOf } from './distributions.ts'
import { type ModeTables, modeTablesOf } from './modes.ts'
import { incomeKindOf, incomeKinds, occupations } from './occupations.ts'

const DAYS_PER_MONTH = 30.4

const cityTable = new AliasTable(cities.map(({ weight }) => weight))
const issuerTable = new AliasTable(issuers.map(({ weight }) => weight))
const cardIssuerTable = new AliasTable(issuers.map(({ cardWeight }) => cardWeight))
const bracketTables = segments.map((s) => new AliasTable(incomeBrackets.map((id) => s.income_bracket_p[id] ?? 0)))
const occupationTables = segments.map((s) => new AliasTable(occupations.map((id) => s.occupation_p[id] ?? 0)))
const salaryDayTable = new AliasTable(salaryDays.map(([, share]) => share))

/**
 * The customers of one partition as columns, one row each, in the order of their numbers. Holds what payments are
 * decided from; the rest of a profile is drawn when it is asked for (profile.ts).
 */
export class Population {
  readonly count: number
  /** Of these, those who live and pay: the others are made up, and have a profile and nothing else. */
  readonly living: number
  /** Customer number, 1 to N. */
  readonly number: Int32Array
  readonly segment: Uint8Array
  /** Where the customer lives on the first day of history. */
  readonly city: Uint8Array
  readonly bracket: Uint8Array
  readonly occupation: Uint8Array
  /** Years, on the first day of history. */
  readonly age: Uint8Array
  readonly issuer: Uint8Array
  readonly cardIssuer: Uint8Array
  readonly ratePerDay: Float32Array
  readonly loyalty: Float32Array
  readonly onlineShare: Float32Array
  readonly incomeRupees: Int32Array
  /** How dear the customer buys: multiplier of amounts, by income and prices of the home city. */
  readonly spending: Float32Array
  readonly incomeKind: Uint8Array
  /** Day of the month, 31 for the last working day; of weekly income the weekday. */
  readonly incomeDay: Uint8Array
  /** 0 for those who have none. */
  readonly cardLimitRupees: Int32Array
  readonly payLaterLimitRupees: Int32Array
  /** 1 for a fabricated customer. */
  readonly fabricated: Uint8Array
  /** Chance of the customer's own, for habits that need no column each. */
  readonly tag: Uint32Array
  readonly distributions: Distributions
  readonly modeTables: ModeTables
  readonly #fabricated: FabricatedCustomers

  constructor(settings: Settings, partition: number) {
    this.distributions = distributionsOf(settings.population)
    this.modeTables = modeTablesOf(this.distributions)
    this.number = numbersOf(settings, partition)
    this.#fabricated = new FabricatedCustomers(settings.seed, settings.population)
    const count = this.number.length
    this.count = count
    this.segment = new Uint8Array(count)
    this.city = new Uint8Array(count)
    this.bracket = new Uint8Array(count)
    this.occupation = new Uint8Array(count)
    this.age = new Uint8Array(count)
    this.issuer = new Uint8Array(count)
    this.cardIssuer = new Uint8Array(count)
    this.ratePerDay = new Float32Array(count)
    this.loyalty = new Float32Array(count)
    this.onlineShare = new Float32Array(count)
    this.incomeRupees = new Int32Array(count)
    this.spending = new Float32Array(count)
    this.incomeKind = new Uint8Array(count)
    this.incomeDay = new Uint8Array(count)
    this.cardLimitRupees = new Int32Array(count)
    this.payLaterLimitRupees = new Int32Array(count)
    this.fabricated = new Uint8Array(count)
    this.tag = new Uint32Array(count)
    const key = streamKey(settings.seed, 'population')
    const random = new Random()
    for (let row = 0; row < count; row++) this.#draw(row, random, key)
    this.living = count - this.fabricated.reduce((sum, made) => sum + made, 0)
  }

  /** The customer whose address is this one's: their own, but for those whom a ring has made up. */
  addressee(row: number): number {
    const number = this.number[row]!
    return this.#fabricated.ringOf(number)?.members[0] ?? number
  }

  #draw(row: number, random: Random, key: StreamKey): void {
    random.at(key, this.number[row]!, 0)
    const { segments: segmentTable, loyalty, cardOwners, payLaterOwners } = this.distributions
    const segment = segmentTable.pick(random)
    const spec = segments[segment]!
    this.segment[row] = segment
    this.tag[row] = random.uint32()
    const city = cityTable.pick(random)
    const ring = this.#fabricated.ringOf(this.number[row]!)
    this.fabricated[row] = ring === undefined ? 0 : 1
    this.city[row] = ring?.city ?? city
    this.issuer[row] = issuerTable.pick(random)
    this.cardIssuer[row] = cardIssuerTable.pick(random)
    const { mean, shape } = spec.monthly_txn_count
    this.ratePerDay[row] = ((random.gamma(shape) / shape) * mean) / DAYS_PER_MONTH
    this.loyalty[row] = random.beta(loyalty[segment]!, spec.merchant_loyalty.concentration)
    this.onlineShare[row] = random.beta(spec.online_share.mean, spec.online_share.concentration)
    this.#drawIncome(row, segment, random)
    const income = this.incomeRupees[row]!
    // A card is what a ring is after.
    const hasCard = random.chance(cardOwners[segment]!) || ring !== undefined
    const cardLimit = roundTo(income * random.uniform(1.5, 4), 5_000)
    this.cardLimitRupees[row] = hasCard ? Math.min(1_500_000, Math.max(15_000, cardLimit)) : 0
    const hasPayLater = random.chance(payLaterOwners[segment]!)
    this.payLaterLimitRupees[row] = hasPayLater ? Math.max(2_000, roundTo(income * random.uniform(0.1, 0.5), 1_000)) : 0
    this.age[row] = ageOf(spec.age, random)
  }

  #drawIncome(row: number, segment: number, random: Random): void {
    const bracket = bracketTables[segment]!.pick(random)
    const occupation = occupationTables[segment]!.pick(random)
    const [from, to] = monthlyIncomeRupees[incomeBrackets[bracket]!]
    this.bracket[row] = bracket
    this.occupation[row] = occupation
    this.incomeRupees[row] = roundTo(from * (to / from) ** random.unit(), 100)
    const prices = this.distributions.prices[this.city[row]!]!
    this.spending[row] = Math.min(4, Math.max(0.45, (this.incomeRupees[row]! / 55_000) ** 0.4 * Math.sqrt(prices)))
    const kind = incomeKindOf(occupations[occupation]!, incomeBrackets[bracket]!, random)
    this.incomeKind[row] = kind
    const salaryDay = salaryDays[salaryDayTable.pick(random)]![0]
    const weekday = random.below(7)
    this.incomeDay[row] = kind === incomeKinds.WEEKLY ? weekday : salaryDay
  }
}

function ageOf({ min, max, mode, sd }: Segment['age'], random: Random): number {
  for (;;) {
    const age = Math.round(mode + sd * random.normal())
    if (age >= min && age <= max) return age
  }
}

const roundTo = (rupees: number, step: number): number => Math.round(rupees / step) * step

/** Customers 1 to N whose key Kafka's partitioner puts into `partition`. */
function numbersOf(settings: Settings, partition: number): Int32Array {
  const total = settings.population.customers
  const found = new Int32Array(total)
  let count = 0
  for (let n = 1; n <= total; n++) {
    if (partitionOf(customerId(n), settings.partitions) === partition) found[count++] = n
  }
  return found.slice(0, count)
}
