import type {
  Category,
  Customer,
  DigitalSavviness,
  Gender,
  IncomeBracket,
  PaymentRail,
  RiskProfile,
} from '#schemas/types.ts'
import { AliasTable } from '../market/alias.ts'
import { cities } from '../market/cities.ts'
import { customerId } from '../market/identifiers.ts'
import { purchaseCategories } from '../market/merchant-choice.ts'
import { merchantSites } from '../market/merchants.ts'
import { incomeBrackets, monthlyIncomeRupees, type PaymentMode, segments } from '../market/segments.ts'
import type { Random, StreamKey } from '../random.ts'
import type { Lives } from './lives.ts'
import { addressOf, nameOf } from './names.ts'
import { occupations } from './occupations.ts'
import type { Population } from './population.ts'

const savviness: readonly DigitalSavviness[] = ['LOW', 'MEDIUM', 'HIGH']
const risks: readonly RiskProfile[] = ['CONSERVATIVE', 'MODERATE', 'AGGRESSIVE']
const genders: readonly Gender[] = ['FEMALE', 'MALE', 'OTHER']
/** More men than women pay digitally; approximate. */
const genderTable = new AliasTable([0.42, 0.577, 0.003])
const savvinessTables = segments.map((s) => new AliasTable(savviness.map((id) => s.digital_savviness_p[id] ?? 0)))
const riskTables = segments.map((s) => new AliasTable(risks.map((id) => s.risk_profile_p[id] ?? 0)))
const DAYS_PER_MONTH = 30.4
const MEAN_TRANSFER_MINOR = 227_000
const PREFERRED = 4

const railOf: Readonly<Record<PaymentMode, PaymentRail>> = {
  UPI: 'UPI',
  CREDIT_CARD: 'CREDIT_CARD',
  DEBIT_CARD: 'DEBIT_CARD',
  WALLET_PPI: 'PREPAID_WALLET',
  NET_BANKING: 'NET_BANKING',
  BNPL: 'BNPL',
  CASH: 'CASH',
}

const descending = <Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name[] =>
  (Object.entries(weights) as [Name, number][]).sort((a, b) => b[1] - a[1]).map(([name]) => name)

/** Mean amount in a category, by popularity; a lognormal's mean is its median times exp(sigma² / 2). Capped, as people are. */
const meanMinor = new Map(
  purchaseCategories.map((category) => {
    const sites = merchantSites.filter((site) => site.category === category)
    const total = sites.reduce((sum, site) => sum + site.popularity, 0)
    const mean = (site: (typeof sites)[number]) => site.ticketMedianMinor * Math.exp(site.ticketSigma ** 2 / 2)
    return [category, sites.reduce((sum, site) => sum + mean(site) * site.popularity, 0) / total]
  }),
)

const segmentTraits = segments.map((segment) => {
  const named = descending(segment.category_weight).filter((name) => name !== 'OTHER')
  const weight = (name: Category) => segment.category_weight[name] ?? 0
  const total = named.reduce((sum, name) => sum + weight(name), 0)
  const purchases = named.reduce((sum, name) => sum + (meanMinor.get(name) ?? 0) * weight(name), 0) / total
  const transfers = segment.payment_mode_p.UPI * segment.p2p_share_of_upi
  return {
    categories: named.slice(0, PREFERRED),
    hours: segment.active_hours_peaks_ist.map(Math.floor),
    meanMinor: purchases * (1 - transfers) + MEAN_TRANSFER_MINOR * transfers,
  }
})

/**
 * The 23 fields of a customer's profile, a name and an address, on the day that `lives` was asked about. What payments do not depend on is drawn here,
 * the same at every call.
 */
export function profileOf(people: Population, lives: Lives, row: number, random: Random, key: StreamKey): Customer {
  const number = people.number[row]!
  const s = people.segment[row]!
  const segment = segments[s]!
  const traits = segmentTraits[s]!
  const city = cities[lives.home]!
  const ownsCard = people.cardLimitRupees[row]! > 0
  const ownsPayLater = people.payLaterLimitRupees[row]! > 0
  const rupees = Math.round(people.incomeRupees[row]! * lives.income)
  random.at(key, number, 0)
  const gender = genders[genderTable.pick(random)]!
  return {
    customer_id: customerId(number),
    age: people.age[row]!,
    gender,
    city: city.name,
    state: city.state,
    region: city.region,
    income_bracket: incomeBrackets[bracketNow(people.bracket[row]!, rupees)]!,
    occupation: occupations[lives.occupation]!,
    monthly_income_minor: rupees * 100,
    segment: segment.id,
    risk_profile: risks[riskTables[s]!.pick(random)]!,
    digital_savviness: savviness[savvinessTables[s]!.pick(random)]!,
    avg_transaction_amount_minor: Math.round(traits.meanMinor * people.spending[row]! * lives.amounts),
    monthly_transaction_count: Math.round(people.ratePerDay[row]! * lives.activity * DAYS_PER_MONTH * 10) / 10,
    preferred_categories: traits.categories,
    preferred_payment_modes: descending(people.distributions.modes[s]!)
      .filter((mode) => (mode !== 'CREDIT_CARD' || ownsCard) && (mode !== 'BNPL' || ownsPayLater))
      .slice(0, PREFERRED)
      .map((mode) => railOf[mode]),
    preferred_shopping_hours: traits.hours,
    weekend_shopper: random.chance(Math.min(1, Math.max(0, (segment.weekend_multiplier - 0.9) * 2))),
    merchant_loyalty: Math.round(people.loyalty[row]! * 1000) / 1000,
    brand_conscious: random.chance(Math.min(0.9, 0.15 + segment.impulse_buyer_p)),
    impulse_buyer: random.chance(segment.impulse_buyer_p),
    travels_frequently: people.distributions.tripsPerYear[s]! >= 6,
    online_shopping_preference: Math.round(people.onlineShare[row]! * 1000) / 1000,
    name: nameOf(key, number, gender),
    address: addressOf(key, people.addressee(row), lives.home),
  }
}

/** The bracket that an income has come to lie in; who has none for a while stays where the last one was. */
function bracketNow(bracket: number, rupees: number): number {
  const range = (index: number) => monthlyIncomeRupees[incomeBrackets[index]!]
  let now = bracket
  while (now < incomeBrackets.length - 1 && rupees > range(now)[1]) now++
  while (rupees > 0 && now > 0 && rupees < range(now)[0]) now--
  return now
}

/** 0 (least) to 1: where the income stands between 10 thousand and 10 lakh rupees a month, by its logarithm. */
export const spendingPower = ({ monthly_income_minor }: Customer): number =>
  Math.min(1, Math.max(0, Math.log10(monthly_income_minor / 1_000_000) / 2))

const highBrackets: ReadonlySet<IncomeBracket> = new Set(['HIGH', 'PREMIUM'])
const HIGH_VALUE_MONTH_MINOR = 10_000_000

/** High income, or a lakh of payments a month. */
export const isHighValueCustomer = (customer: Customer): boolean =>
  highBrackets.has(customer.income_bracket) ||
  customer.avg_transaction_amount_minor * customer.monthly_transaction_count >= HIGH_VALUE_MONTH_MINOR

const vulnerabilityBySegment: ReadonlyMap<string, number> = new Map(
  segments.map(({ id, fraud_vulnerability: kinds }) => {
    const values = Object.values(kinds)
    return [id, values.reduce((sum, value) => sum + value, 0) / values.length]
  }),
)
const savvinessFactor: Readonly<Record<DigitalSavviness, number>> = { LOW: 1.2, MEDIUM: 1, HIGH: 0.8, UNKNOWN: 1 }

/** 0 to 1: the segment's mean over kinds of fraud, higher for those at less ease with digital payments and over 60. */
export function fraudVulnerabilityScore(customer: Customer): number {
  const segment = vulnerabilityBySegment.get(customer.segment) ?? 0.5
  const age = customer.age > 60 ? 1.15 : 1
  return Math.min(1, segment * savvinessFactor[customer.digital_savviness] * age)
}
