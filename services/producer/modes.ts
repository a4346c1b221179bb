import { AliasTable } from '../market/alias.ts'
import { type PaymentMode, paymentModes } from '../market/segments.ts'
import type { Distributions } from './distributions.ts'
import type { Population } from './population.ts'

/** How customers choose to pay: by segment, then owns a card, then owns a pay-later account. */
export type ModeTables = readonly AliasTable[]

/** Share of a customer's payments that are made from a wallet. */
export const walletShare = (people: Population, row: number): number =>
  people.distributions.modes[people.segment[row]!]!.WALLET_PPI

/** Owners make up for those who have none. */
export function modeTablesOf({ modes, cardOwners, payLaterOwners }: Distributions): ModeTables {
  return modes.flatMap((shares, segment) =>
    [0, 1, 2, 3].map((owns) => {
      const card = owns & 2 ? shares.CREDIT_CARD / Math.max(0.01, cardOwners[segment]!) : 0
      const payLater = owns & 1 ? shares.BNPL / Math.max(0.01, payLaterOwners[segment]!) : 0
      const others = Math.max(0.01, 1 - shares.CREDIT_CARD - shares.BNPL)
      const rest = Math.max(0.05, 1 - card - payLater) / others
      const weight = (mode: PaymentMode) =>
        mode === 'CREDIT_CARD' ? card : mode === 'BNPL' ? payLater : shares[mode] * rest
      const weights = paymentModes.map(weight)
      // Who could pay by nothing but what they do not own pays as everybody can.
      return new AliasTable(weights.some((w) => w > 0) ? weights : paymentModes.map((mode) => Number(mode === 'UPI')))
    }),
  )
}

/** How this customer chooses to pay. */
export function modeTable(people: Population, row: number): AliasTable {
  const owns = (people.cardLimitRupees[row]! > 0 ? 2 : 0) + (people.payLaterLimitRupees[row]! > 0 ? 1 : 0)
  return people.modeTables[people.segment[row]! * 4 + owns]!
}
