import { AliasTable } from '../market/alias.ts'
import { type PaymentMode, paymentModes, segments } from '../market/segments.ts'
import { cardOwners, type Population, payLaterOwners } from './population.ts'

/** Shares of payments of a population that pays mostly by card: credit cards 36 %, UPI 25.7 %, debit cards 13 %. */
const cardHeavy: Readonly<Record<PaymentMode, number>> = {
  UPI: 0.257,
  CREDIT_CARD: 0.36,
  DEBIT_CARD: 0.13,
  WALLET_PPI: 0.09,
  NET_BANKING: 0.08,
  BNPL: 0.033,
  CASH: 0.05,
}

/** Share of debit-card events that are withdrawals: 0.02 against 0.008 of payments nationally; fewer where cards are for paying. */
export const withdrawalShare = { 'india-2025': 0.6, 'seed-mix': 0.12 } as const

/** Share of a customer's payments that are made from a wallet. */
export const walletShare = (people: Population, row: number): number =>
  (people.pack === 'seed-mix' ? cardHeavy : segments[people.segment[row]!]!.payment_mode_p).WALLET_PPI

/** By segment, then owns a card, then owns a pay-later account. Owners make up for those who have none. */
function tablesOf(pack: Population['pack']): AliasTable[] {
  return segments.flatMap((segment, s) => {
    const shares = pack === 'seed-mix' ? cardHeavy : segment.payment_mode_p
    return [0, 1, 2, 3].map((owns) => {
      const card = owns & 2 ? shares.CREDIT_CARD / Math.max(0.01, cardOwners(s, pack)) : 0
      const payLater = owns & 1 ? shares.BNPL / Math.max(0.01, payLaterOwners(s)) : 0
      const others = 1 - shares.CREDIT_CARD - shares.BNPL
      const rest = Math.max(0.05, 1 - card - payLater) / others
      const weight = (mode: PaymentMode) =>
        mode === 'CREDIT_CARD' ? card : mode === 'BNPL' ? payLater : shares[mode] * rest
      return new AliasTable(paymentModes.map(weight))
    })
  })
}

const tables = { 'india-2025': tablesOf('india-2025'), 'seed-mix': tablesOf('seed-mix') }

/** How this customer chooses to pay. */
export function modeTable(people: Population, row: number): AliasTable {
  const owns = (people.cardLimitRupees[row]! > 0 ? 2 : 0) + (people.payLaterLimitRupees[row]! > 0 ? 1 : 0)
  return tables[people.pack][people.segment[row]! * 4 + owns]!
}
