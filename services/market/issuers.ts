import data from './data/issuers.json' with { type: 'json' }

export interface Issuer {
  /** First four letters of the IFSC. */
  readonly code: string
  readonly name: string
  /** Share of accounts, unnormalised; approximate. */
  readonly weight: number
  /** Share of credit cards, unnormalised; approximate. */
  readonly cardWeight: number
  /** Business declines of UPI over the mean of all banks. */
  readonly declineFactor: number
}

/** The national mean of UPI business declines, per cent, by volume, August 2025. */
const MEAN_BUSINESS_DECLINE = 6.96

export const issuers: readonly Issuer[] = data.issuers.map(({ upiBusinessDeclinePercent, ...issuer }) => ({
  ...issuer,
  declineFactor: upiBusinessDeclinePercent / MEAN_BUSINESS_DECLINE,
}))
