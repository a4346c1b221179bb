import { segments } from '#services/market/segments.ts'
import data from './bands.json' with { type: 'json' }
import { isUpi, type Observations, type Observed, railGroup, railGroups } from './observations.ts'
import { cramersV, effectSize, etaSquared, mean, median, rankExponent } from './statistics.ts'

const { targets } = data
/** NPCI's and ISO 8583's codes for what is not the customer's fault. */
const technicalCodes = new Set(['UP', 'UB', 'RB', '91', '96'])
/** Payments of an issuer, and purchases of a customer, below which nothing is said of them. */
const PAYMENTS_MIN = 500
const PURCHASES_MIN = 20
/** Ranks beyond this are visited once or twice, which is not a rank. */
const RANKS = 12
const ageBands = [25, 35, 45, 60, Number.POSITIVE_INFINITY]

/** Visits of a customer to merchants, the most visited first. */
function visits(purchases: readonly Observed[]): number[] {
  const counts = new Map<string, number>()
  for (const { tx } of purchases) counts.set(tx.merchant_id!, (counts.get(tx.merchant_id!) ?? 0) + 1)
  return [...counts.values()].sort((a, b) => b - a)
}

const frequentBuyers = (seen: Observations): Observed[][] =>
  seen.purchasesByPerson().filter((purchases) => purchases.length >= PURCHASES_MIN)

/** Mean share of a customer's purchases by rank of the merchant. */
export function shareByRank(seen: Observations): number[] {
  const people = frequentBuyers(seen).map((purchases) => visits(purchases).map((count) => count / purchases.length))
  return Array.from({ length: RANKS }, (_, rank) => mean(people.map((shares) => shares[rank] ?? 0)))
}

function repeatShare(seen: Observations): number {
  const people = frequentBuyers(seen)
  const first = people.map((purchases) => visits(purchases).length).reduce((sum, count) => sum + count, 0)
  return 1 - first / people.flat().length
}

const placeShare = (place: string) => (seen: Observations) => {
  const present = seen.payments.filter(({ tx }) => tx.location_type !== 'REMOTE')
  return present.filter(({ tx }) => tx.location_type === place).length / present.length
}

/** Shares of UPI payments that each issuer refuses. */
function declinesByIssuer(seen: Observations): Map<string, { business: number; technical: number }> {
  const found = new Map<string, { all: number; business: number; technical: number }>()
  for (const payment of seen.payments.filter(isUpi)) {
    const { issuer_code, status_response } = payment.tx
    const counts = found.get(issuer_code) ?? { all: 0, business: 0, technical: 0 }
    counts.all++
    if (status_response.status === 'DECLINED') {
      counts[technicalCodes.has(status_response.response_code) ? 'technical' : 'business']++
    }
    found.set(issuer_code, counts)
  }
  return new Map(
    [...found]
      .filter(([, { all }]) => all >= PAYMENTS_MIN)
      .map(([issuer, { all, business, technical }]) => [
        issuer,
        { business: business / all, technical: technical / all },
      ]),
  )
}

const issuersWithin =
  (kind: 'business' | 'technical', [from, to]: readonly number[]) =>
  (seen: Observations) => {
    const issuers = [...declinesByIssuer(seen).values()]
    return issuers.filter((declines) => declines[kind] >= from! && declines[kind] <= to!).length / issuers.length
  }

/** Payments by segment and group of rails: rows are the segments in their order. */
export function modesBySegment(seen: Observations): number[][] {
  return table(
    segments.map(({ id }) => id),
    seen,
    (person) => segments.findIndex(({ id }) => id === person.segment),
  )
}

function table(
  rows: readonly unknown[],
  seen: Observations,
  rowOf: (person: Observations['people'][number]) => number,
): number[][] {
  const counts = rows.map(() => new Array<number>(railGroups.length).fill(0))
  for (const payment of seen.approved) {
    counts[rowOf(seen.people[payment.person]!)]![railGroups.indexOf(railGroup(payment))]!++
  }
  return counts
}

/** A number of each customer, grouped by a word of the profile. */
function grouped(
  seen: Observations,
  byPerson: readonly Observed[][],
  groupOf: (person: Observations['people'][number]) => string,
  numberOf: (payments: readonly Observed[]) => number,
): number[][] {
  const groups = new Map<string, number[]>()
  for (const [i, payments] of byPerson.entries()) {
    if (payments.length < PURCHASES_MIN) continue
    const group = groupOf(seen.people[i]!)
    groups.set(group, [...(groups.get(group) ?? []), numberOf(payments)])
  }
  return [...groups.values()]
}

/** Measures of who pays, where, and at whose shop. */
export const peopleMeasures = {
  visit_rank_exponent: (seen: Observations) => rankExponent(shareByRank(seen)),
  top_merchant_share: (seen: Observations) =>
    median(frequentBuyers(seen).map((purchases) => visits(purchases)[0]! / purchases.length)),
  repeat_share: repeatShare,
  home_share: placeShare('HOME'),
  nearby_share: placeShare('NEARBY'),
  issuers_in_business_band: issuersWithin('business', targets.businessDeclines),
  issuers_in_technical_band: issuersWithin('technical', targets.technicalDeclines),
  segments_effect_size: (seen: Observations) =>
    effectSize(
      segments.map(({ id }) => seen.people.filter(({ segment }) => segment === id).length),
      segments.map(({ share }) => share),
    ),
  age_mode_association: (seen: Observations) =>
    cramersV(table(ageBands, seen, ({ age }) => ageBands.findIndex((below) => age < below))),
  income_amount_variance: (seen: Observations) =>
    etaSquared(
      grouped(
        seen,
        seen.purchasesByPerson(),
        ({ income_bracket }) => income_bracket,
        (purchases) => Math.log(mean(purchases.map(({ rupees }) => rupees))),
      ),
    ),
  savviness_online_variance: (seen: Observations) =>
    etaSquared(
      grouped(
        seen,
        seen.purchasesByPerson(),
        ({ digital_savviness }) => digital_savviness,
        (purchases) => mean(purchases.map(({ tx }) => (tx.channel !== 'POS' && tx.channel !== 'QR' ? 1 : 0))),
      ),
    ),
}
