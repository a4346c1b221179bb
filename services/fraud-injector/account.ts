import type { FraudType, ModusOperandi, ReportType, Transaction } from '#schemas/types.ts'
import { type Habits, newHabits } from './anomalies/habits.ts'
import type { Combined, Following } from './combinations.ts'
import type { Parcel } from './disorder.ts'
import type { PaymentStep, Step } from './method.ts'

/** The last genuine record of a shape. Only what account-codec.ts saves of it may be used. */
export type Template = Transaction

/** The statement of one account as the world sees it. */
export interface Statement {
  /** Paise left, after the newest record sent on. */
  balanceMinor: number
  /** How much lower that is than in the producer's ledger, which knows no fraud. */
  shiftMinor: number
  /** Credit limit; 0 for an account that is not a credit account. */
  limitMinor: number
}

/** What an account's instruments have moved on one civil day in India, paise. */
export interface DayUse {
  day: number
  transferMinor: number
  transfers: number
  cashMinor: number
  /** Whether anything inserted is among it: only then can genuine payments break limits that the producer keeps. */
  inserted: boolean
}

/** A campaign on one account, planned or under way. */
export interface Campaign extends Combined {
  readonly type: Exclude<FraudType, 'NONE'>
  readonly twin: boolean
  readonly id: string
  /** Its number among the campaigns of the customer, which places its chance. */
  readonly number: number
  readonly modus: ModusOperandi
  readonly ringId: string | null
  readonly compromiseMs: number | null
  readonly startMs: number
  /** What its script has to remember. */
  readonly facts: Record<string, string>
  readonly confidence: number
  readonly reportDelayMs: number
  readonly recoveredShare: number
  /** Null until `startMs`, when they are planned. */
  steps: Step[] | null
  /** What somebody loses if all goes as planned, for the severity. */
  grossMinor: number
  /** Taken out so far. */
  takenMinor: number
  /** Credits so far, paise in all, and when the last came. */
  received: { count: number; minor: number; lastMs: number }
  /** Attempts so far, and those refused. */
  attempts: number
  refused: number
  /** When the victim notices; set with the steps. */
  noticedMs: number
  /** Moments of the attempts of the last hour, and merchants or payees so far, for the evidence. */
  recentMs: number[]
  counterparties: string[]
}

/** A report that waits for the victim to notice. */
export interface PendingReport {
  readonly atMs: number
  readonly transactionId: string
  readonly transactionMs: number
  readonly merchantId: string | null
  /** From 1; a later version says what an investigation has found. */
  readonly version: number
  readonly claimed: FraudType
  /** As what it turns out in the end. */
  readonly found: FraudType
  readonly reportType: ReportType
  readonly amountMinor: number
  /** What comes back in the end. */
  readonly recoveredMinor: number
}

export interface Place {
  readonly timeMs: number
  readonly city: string
}

/** A payment that an honest customer is going to make at an odd time or with an odd instrument, and why. */
export interface Oddity {
  readonly cause: string
  readonly payment: PaymentStep
}

/** An honest payment that was rewritten: what gives its money back must name the same merchant, and no more money. */
export interface Altered {
  readonly transactionId: string
  readonly merchantId: string | null
  readonly meantMinor: number
  readonly paidMinor: number
}

/** What the injector remembers of one customer. */
export interface Account {
  readonly customer: number
  /** Genuine records seen; the first one's time. */
  seen: number
  firstMs: number
  /** Approved payments, and their mean in paise over about the last fifty. */
  payments: number
  meanMinor: number
  /** Newest last; bounded. */
  payees: string[]
  /** Count of records by city; bounded. */
  cities: Record<string, number>
  /** Where the customer was at the last record, and when last paying in person. */
  last: Place | null
  present: Place | null
  /** By account_id. */
  statements: Record<string, Statement>
  use: DayUse
  /** By shape, of which there are a few. */
  templates: Record<string, Template>
  /** Version of the payment application at the last record that says one: a template may be older. */
  appVersion: string | null
  /** A device bound of late, with what UPI has moved on it since. */
  binding: { deviceId: string; boundMs: number; usedMinor: number } | null
  /** A phone that took the place of another: later genuine records come from it. */
  phone: { from: string; to: string } | null
  habits: Habits
  /** The next odd payment of the customer's own. */
  oddity: Oddity | null
  /** Newest last; bounded. */
  altered: Altered[]
  /** Genuine payments that failed because the money was gone: a later refund of one must fail too. */
  failed: string[]
  campaign: Campaign | null
  /** The campaign that has to come next. */
  following: Following | null
  campaigns: number
  /** Records made for this customer so far, which places their chance. */
  made: number
  /** No campaign starts before. */
  quietUntilMs: number
  /** Earliest first. */
  reports: PendingReport[]
  /** Transactions still on their way to the payment system, earliest first; bounded. */
  parcels: Parcel[]
}

export const newAccount = (customer: number): Account => ({
  customer,
  seen: 0,
  firstMs: 0,
  payments: 0,
  meanMinor: 0,
  payees: [],
  cities: {},
  last: null,
  present: null,
  statements: {},
  use: { day: 0, transferMinor: 0, transfers: 0, cashMinor: 0, inserted: false },
  templates: {},
  appVersion: null,
  binding: null,
  phone: null,
  habits: newHabits(),
  oddity: null,
  altered: [],
  failed: [],
  campaign: null,
  following: null,
  campaigns: 0,
  made: 0,
  quietUntilMs: 0,
  reports: [],
  parcels: [],
})

/** The city of most of the customer's records; empty before the first one. */
export function homeCity(account: Account): string {
  let home = ''
  for (const [city, count] of Object.entries(account.cities)) if (count > (account.cities[home] ?? 0)) home = city
  return home
}

/** Payments an hour, over the time this customer has been known; at least a day. */
export const paymentsPerHour = (account: Account, nowMs: number): number =>
  account.payments / Math.max(24, (nowMs - account.firstMs) / 3_600_000)

const NEVER_MS = Number.POSITIVE_INFINITY

/** When the account next wants to be woken: for a step, the start of a campaign, an odd payment, a report or a delivery. */
export function nextWakeMs({ campaign, oddity, reports, parcels }: Account): number | undefined {
  const atMs = Math.min(
    campaign === null ? NEVER_MS : (campaign.steps?.[0]?.atMs ?? campaign.startMs),
    reports[0]?.atMs ?? NEVER_MS,
    oddity?.payment.atMs ?? NEVER_MS,
    parcels[0]?.atMs ?? NEVER_MS,
  )
  return atMs === NEVER_MS ? undefined : atMs
}
