import type { Emit } from './fold.ts'

/** How far a source has come: small, JSON-able, and enough to go on from together with the ledger of its day. */
export interface SourceProgress {
  readonly day: number
  readonly emittedInDay: number
  readonly transactions: number
}

/**
 * The generating counterpart of a fold: the endless, deterministic stream of one partition, in event-time order.
 * It knows no clock; whoever drives it decides when each record is due.
 */
export interface Source {
  /** Where history begins and where the live part does, UTC milliseconds of simulated time. */
  readonly historyFromMs: number
  readonly liveFromMs: number
  /** Event time of the next transaction. */
  peekMs(): number
  /** Event time of the newest transaction emitted, or, at the beginning of a day, the end of the day before. */
  readonly lastMs: number
  /** Emits the next transaction, and what belongs before it. */
  next(emit: Emit, intendedAtMs: number | null): void
  /** Emitted since the beginning. */
  readonly transactions: number
  readonly day: number
  /** How many transactions up to `untilMs` are still to come; changes nothing. */
  countDue(untilMs: number): number
  progress(): SourceProgress
  /** The state as of the start of the current day. */
  ledgerAtDayStart(): Uint8Array
  /** Goes on exactly where `progress` was taken. */
  restore(progress: SourceProgress, ledger: Uint8Array): void
  /** Emits what others look up: customers and merchants of this partition. Done once, before the first transaction. */
  publish(emit: Emit): void
}
