import type {
  Category,
  DigitalSavviness,
  IncomeBracket,
  Occupation,
  RiskProfile,
  Segment as SegmentId,
} from '#schemas/types.ts'
import data from './data/segments.json' with { type: 'json' }

export const paymentModes = ['UPI', 'CREDIT_CARD', 'DEBIT_CARD', 'WALLET_PPI', 'NET_BANKING', 'BNPL', 'CASH'] as const
/** How a customer chooses to pay; the rail follows from it. */
export type PaymentMode = (typeof paymentModes)[number]

type Weights<Name extends string> = Readonly<Partial<Record<Name, number>>>
interface Beta {
  readonly mean: number
  readonly concentration: number
}

export interface Segment {
  readonly id: Exclude<SegmentId, 'UNKNOWN'>
  readonly name: string
  /** Share of customers. */
  readonly share: number
  readonly age: { readonly min: number; readonly max: number; readonly mode: number; readonly sd: number }
  readonly income_bracket_p: Weights<IncomeBracket>
  readonly occupation_p: Weights<Occupation>
  readonly digital_savviness_p: Weights<DigitalSavviness>
  readonly risk_profile_p: Weights<RiskProfile>
  /** Gamma over customers. */
  readonly monthly_txn_count: { readonly mean: number; readonly shape: number }
  readonly p2p_share_of_upi: number
  readonly payment_mode_p: Readonly<Record<PaymentMode, number>>
  readonly category_weight: Weights<Category>
  readonly active_hours_peaks_ist: readonly number[]
  readonly weekend_multiplier: number
  readonly merchant_loyalty: Beta
  readonly travel_trips_per_year: number
  readonly online_share: Beta
  readonly impulse_buyer_p: number
  readonly fraud_vulnerability: Readonly<Record<string, number>>
}

/** The seven segments. Shares of customers and ages are given; the rest is calibrated to national totals. */
export const segments = data.segments as readonly Segment[]

export const incomeBrackets = data.income_brackets.map(({ id }) => id) as readonly IncomeBracket[]

/** Rupees a month, from and to. */
export const monthlyIncomeRupees = Object.fromEntries(
  data.income_brackets.map(({ id, monthly_inr }) => [id, monthly_inr]),
) as unknown as Readonly<Record<IncomeBracket, readonly [number, number]>>

/** How many of all payments a segment makes, beside the others. */
export const paymentsOf = ({ share, monthly_txn_count }: (typeof segments)[number]): number =>
  share * monthly_txn_count.mean
