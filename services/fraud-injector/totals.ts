import type { AnomalyFamily, CustomerEvent, FraudType, GroundTruth, Transaction, Watermark } from '#schemas/types.ts'
import type { StateCodec } from '../fold.ts'
import { jsonCodec } from '../json-codec.ts'
import type { Override } from './dials.ts'
import type { Fault, Mishap, Parcel } from './disorder.ts'
import type { CampaignRequest } from './requests.ts'

/** What the rate controller owes, by type. */
export interface Debt {
  /** Fraudulent transactions still to be planned. */
  due: number
  /** The same for campaigns whose means was stolen before the stream began. */
  residual: number
  /** Innocent doubles still to be started. */
  twins: number
}

/** A moment in event time and the wall-clock moment meant for it. */
export interface Anchor {
  readonly timeMs: number
  readonly intendedMs: number | null
}

/**
 * Event time over speed, plus something between these two, rounded, is `intended_at` of all genuine records of late.
 * Each record narrows it down; milliseconds.
 */
export interface Phase {
  readonly fromMs: number
  readonly toMs: number
}

/** A member of a ring has paid. */
export interface RingAct {
  readonly customer: number
  readonly timeMs: number
}

/** A record made by a timer, waiting for the record after it, from which its `intended_at` is read. */
export type Held =
  | {
      readonly topic: 'transactions'
      readonly value: Transaction
      readonly truth: GroundTruth
      readonly mishap: Mishap | null
    }
  /** A transaction that is late, or comes once more. */
  | ({ readonly topic: 'parcel' } & Parcel)
  | { readonly topic: 'customer-events'; readonly value: CustomerEvent }

/** State of a partition as a whole. The counts are those of InjectorStatus. */
export interface InjectorTotals {
  consumed: number
  /** Genuine records that could not be read or handled. */
  refused: number
  /** Truths told. Records put on `transactions`, and those of them that can be read and come for the first time. */
  transactions: number
  put: number
  delivered: number
  faults: Partial<Record<Fault, number>>
  fraud: number
  byType: Partial<Record<FraudType, number>>
  /** Campaigns begun, innocent doubles left out. */
  campaigns: Partial<Record<FraudType, number>>
  /** Those of them that are not over. */
  active: Partial<Record<FraudType, number>>
  debts: Partial<Record<FraudType, Debt>>
  /** What a command has put in force; null for nothing. */
  override: Override | null
  /** Campaigns asked for that have not begun, oldest first; ids of those that have, or are another partition's. */
  requests: { readonly waiting: CampaignRequest[]; readonly done: string[] }
  /** Transactions that are anomalous, in all and by family, of which one may show several. */
  anomalous: number
  anomalies: Partial<Record<AnomalyFamily, number>>
  /** Anomalous transactions owed: below zero where what happens anyway is more than was asked for. */
  anomaliesOwed: number
  /** Fabricated customers of the partition who have begun to pay. */
  newcomers: number
  /** Newest payments of rings of fabricated customers, by ring. */
  ringActs: Record<string, RingAct[]>
  /** Event time of the first record; null before it. */
  firstMs: number | null
  /** The two newest genuine records of different event time, older first. */
  anchors: Anchor[]
  /** What the newest genuine records tell of the producer's pace. */
  phase: Phase | null
  /** Times that hold once more records have been read, in their order. */
  waiting: Watermark[]
  /** The time told to others last, and the event time of the last transaction sent on. */
  toldMs: number
  sentMs: number
  /** Reports put on their topic, and the time told of it last. */
  reports: { put: number; toldMs: number }
  /** Empty between two records. */
  held: Held[]
}

export const newTotals = (): InjectorTotals => ({
  consumed: 0,
  refused: 0,
  transactions: 0,
  put: 0,
  delivered: 0,
  faults: {},
  fraud: 0,
  byType: {},
  campaigns: {},
  active: {},
  debts: {},
  override: null,
  requests: { waiting: [], done: [] },
  anomalous: 0,
  anomalies: {},
  anomaliesOwed: 0,
  newcomers: 0,
  ringActs: {},
  firstMs: null,
  anchors: [],
  phase: null,
  waiting: [],
  toldMs: 0,
  sentMs: 0,
  reports: { put: 0, toldMs: 0 },
  held: [],
})

export const totalsCodec: StateCodec<InjectorTotals> = jsonCodec<InjectorTotals>(7)
