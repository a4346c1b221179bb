import data from './bands.json' with { type: 'json' }
import {
  isUpiToMerchant,
  isUpiToPerson,
  type Observations,
  type Observed,
  railGroup,
  railGroups,
} from './observations.ts'
import { benfordDeviation, effectSize, firstDigit, mean, sum } from './statistics.ts'

const { targets } = data

type Choose = (payment: Observed) => boolean

const meanOf = (choose: Choose) => (seen: Observations) =>
  mean(seen.approved.filter(choose).map(({ rupees }) => rupees))

const shareOf = (choose: Choose, among: Choose) => (seen: Observations) => {
  const all = seen.approved.filter(among)
  return all.filter(choose).length / all.length
}

/** Payments up to 500 rupees, up to 2,000 and above. */
export function buckets(payments: readonly Observed[]): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0]
  for (const { rupees } of payments) {
    const bucket = rupees <= 500 ? 0 : rupees <= 2_000 ? 1 : 2
    counts[bucket]++
  }
  return counts
}

const bucketsOf = (choose: Choose, wanted: readonly number[]) => (seen: Observations) =>
  effectSize(buckets(seen.approved.filter(choose)), wanted)

/** Payments by group of rails, in the order of `railGroups`. */
export function railCounts(seen: Observations): number[] {
  const counts = new Map(railGroups.map((group) => [group, 0]))
  for (const payment of seen.approved) counts.set(railGroup(payment), counts.get(railGroup(payment))! + 1)
  return [...counts.values()]
}

/** Shares of the first digits 1 to 9 of each rail, weighted by what the rail carries. */
export function firstDigits(seen: Observations): number[] {
  const pooled = new Array<number>(9).fill(0)
  for (const group of railGroups) {
    const amounts = seen.approved.filter((payment) => railGroup(payment) === group).map(({ rupees }) => rupees)
    const value = sum(amounts)
    for (const amount of amounts) pooled[firstDigit(amount) - 1]! += value / amounts.length
  }
  return pooled
}

const hasMcc = (mcc: string) => (payment: Observed) => payment.tx.mcc === mcc && isUpiToMerchant(payment)
const isCredit = ({ tx }: Observed): boolean => tx.payment_rail === 'CREDIT_CARD'

/** Measures of what is paid how: name in `bands.json` to function. */
export const amountMeasures = {
  rail_mix_effect_size: (seen: Observations) =>
    effectSize(
      railCounts(seen),
      railGroups.map((group) => targets.railMix[group]),
    ),
  upi_p2m_up_to_500_share: shareOf(({ rupees }) => rupees <= 500, isUpiToMerchant),
  upi_p2m_mean_rupees: meanOf(isUpiToMerchant),
  upi_p2m_buckets_effect_size: bucketsOf(isUpiToMerchant, targets.upiP2mBuckets),
  upi_p2p_buckets_effect_size: bucketsOf(isUpiToPerson, targets.upiP2pBuckets),
  upi_p2p_mean_rupees: meanOf(isUpiToPerson),
  groceries_mean_rupees: meanOf(hasMcc('5411')),
  groceries_share: shareOf(hasMcc('5411'), isUpiToMerchant),
  fast_food_mean_rupees: meanOf(hasMcc('5814')),
  fast_food_share: shareOf(hasMcc('5814'), isUpiToMerchant),
  credit_card_pos_mean_rupees: meanOf((payment) => isCredit(payment) && payment.tx.channel === 'POS'),
  credit_card_ecom_mean_rupees: meanOf((payment) => isCredit(payment) && payment.tx.channel === 'ECOM'),
  atm_mean_rupees: meanOf(({ tx }) => tx.channel === 'ATM'),
  wallet_mean_rupees: meanOf(({ tx }) => tx.payment_rail === 'PREPAID_WALLET'),
  upi_lite_mean_rupees: meanOf(({ tx }) => tx.payment_rail === 'UPI_LITE'),
  benford_deviation: (seen: Observations) => benfordDeviation(firstDigits(seen)),
}
