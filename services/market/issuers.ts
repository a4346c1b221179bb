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
  /** Share of UPI payments that the bank refuses for technical reasons, 0 to 1. */
  readonly technicalDeclines: number
}

/** The national mean of UPI business declines, per cent, by volume, August 2025. */
const MEAN_BUSINESS_DECLINE = 6.96

export const issuers: readonly Issuer[] = data.issuers.map(
  ({ upiBusinessDeclinePercent, upiTechnicalDeclinePercent, ...issuer }) => ({
    ...issuer,
    declineFactor: upiBusinessDeclinePercent / MEAN_BUSINESS_DECLINE,
    technicalDeclines: upiTechnicalDeclinePercent / 100,
  }),
)

const indexes = new Map(issuers.map(({ code }, index) => [code, index]))

/** Index in `issuers` by the first four letters of the IFSC; -1 for a bank that is not among them. */
export const issuerIndex = (code: string): number => indexes.get(code) ?? -1
