import type { ActorRole, ModusOperandi, ReportType } from '#schemas/types.ts'
import type { Disguise } from './disguise.ts'
import data from './fraud-types.json' with { type: 'json' }
import type { Spread } from './spread.ts'

export interface Recovery {
  readonly campaigns: number
  /** From and to. */
  readonly share: readonly number[]
}

/** What the framework reads from the row of every type; the rest of a row is for the type's own file. */
export interface FraudTypeRow {
  readonly definition: string
  /** What happens in each phase, what gives it away, and what looks like it and is not: for the pages of docs/fraud. */
  readonly phases: Readonly<Record<string, string>>
  readonly lookFor: string
  readonly innocentDouble: string
  readonly modusOperandi: readonly ModusOperandi[]
  /** Who makes the payments. */
  readonly actorRole: ActorRole
  /** Null where nobody can say. */
  readonly authorisedByCustomer: boolean | null
  /** How it comes to be reported; absent for charging back what a card paid, and disputing the rest with the bank. */
  readonly reportedAs?: ReportType
  /** Share of campaigns of which something comes back, and the share of their loss; absent for what holds for all. */
  readonly recovery?: Recovery
  /** What it hides behind as fraud becomes harder to see. */
  readonly disguise: readonly Disguise[]
  /** Share of campaigns of which what was refused is reported, too: by a bank that finds out who tried its cards; absent for none. */
  readonly attemptsReported?: number
  /** Whether refunds are the loss, and the payments none; absent for losses by what is paid. */
  readonly lostOnRefunds?: boolean
  /** Share of these amounts that somebody loses; absent for all of them. */
  readonly lossShare?: number
  /** Transactions of an ordinary campaign: turns shares of campaigns into shares of transactions. */
  readonly expectedTransactions: number
  /** From the plan of an ordinary campaign to its middle, where that does not take days by itself. */
  readonly leadHours: number
  /** From and to: how well a transaction can be told from a genuine one (design value, area under the curve). */
  readonly confidence: readonly number[]
  /** From the first fraud of a campaign to its discovery. */
  readonly reportDelayHours: Spread
  /** So many times as many innocent doubles as the setting says, where a type has more of them than others; absent for 1. */
  readonly twins?: number
  /** Each campaign is that of a fabricated customer who has not paid before. */
  readonly newcomers?: boolean
  /** From the theft of the means to their use, where that takes days. */
  readonly incubationDays?: Spread
}

/** The parameters of all types. They are modelling choices but where the type's file names a source. */
export const fraudTypes = data
