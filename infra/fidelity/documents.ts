import data from './documents.json' with { type: 'json' }
import { isUpi, type Observations, type Observed } from './observations.ts'
import { mean, varianceRatio } from './statistics.ts'

/** A figure of the requirements' own data and ours beside it. */
export interface Comparison {
  readonly name: string
  readonly what: string
  readonly theirs: number
  readonly value: number
}

/** As many as theirs: F grows with the number of payments. */
const F_PAYMENTS = 10_000

type Belongs = (payment: Observed, seen: Observations) => boolean

const atTerminal: Belongs = ({ tx }) => tx.channel === 'POS' || tx.channel === 'ATM'
const byMobile: Belongs = ({ tx }) => tx.channel === 'QR' || tx.channel === 'MOBILE_APP'
const isOnline: Belongs = ({ tx }) => tx.channel === 'ECOM' || tx.channel === 'NET_BANKING'
const hasStatus =
  (status: string): Belongs =>
  ({ tx }) =>
    tx.status_response.status === status
const hasSavviness =
  (savviness: string): Belongs =>
  ({ person }, seen) =>
    seen.people[person]!.digital_savviness === savviness
const hasIncome =
  (bracket: string): Belongs =>
  ({ person }, seen) =>
    seen.people[person]!.income_bracket === bracket

/** Share of the payments, or of some of them. */
const share =
  (belongs: Belongs, among: Belongs = () => true) =>
  (seen: Observations) =>
    mean(seen.payments.filter((payment) => among(payment, seen)).map((payment) => (belongs(payment, seen) ? 1 : 0)))

const meanRupees = (seen: Observations, belongs: Belongs): number =>
  mean(seen.payments.filter((payment) => belongs(payment, seen)).map(({ rupees }) => rupees))

function incomeAmountF(seen: Observations): number {
  const groups = Map.groupBy(seen.payments.slice(0, F_PAYMENTS), ({ person }) => seen.people[person]!.income_bracket)
  return varianceRatio([...groups.values()].map((payments) => payments.map(({ rupees }) => rupees)))
}

const measures: Readonly<Record<string, (seen: Observations) => number>> = {
  credit_card_share: share(({ tx }) => tx.payment_rail === 'CREDIT_CARD'),
  upi_share: share(isUpi),
  debit_card_share: share(({ tx }) => tx.payment_rail === 'DEBIT_CARD'),
  approved_share: share(hasStatus('APPROVED')),
  declined_share: share(hasStatus('DECLINED')),
  pending_share: share(hasStatus('PENDING')),
  pos_share: share(atTerminal),
  mobile_share: share(byMobile),
  online_share: share(isOnline),
  high_savviness_mobile_share: share(byMobile, hasSavviness('HIGH')),
  low_savviness_pos_share: share(atTerminal, hasSavviness('LOW')),
  premium_to_low_amount: (seen) => meanRupees(seen, hasIncome('PREMIUM')) / meanRupees(seen, hasIncome('LOW')),
  income_amount_f: incomeAmountF,
}

/** Each figure of `documents.json` with ours. */
export const compare = (seen: Observations): Comparison[] =>
  data.figures.map((figure) => ({ ...figure, value: measures[figure.name]!(seen) }))
