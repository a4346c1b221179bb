import type { TopicName, TopicRecords } from '#schemas/topics.ts'

/** A decoded record of one of a fold's inputs. */
export type Received<Inputs extends TopicName = TopicName> = {
  [Name in Inputs]: {
    readonly topic: Name
    readonly key: string
    readonly value: TopicRecords[Name]
    /** Record timestamp: event time. The wall clock never enters a fold. */
    readonly timestampMs: number
  }
}[Inputs]

/** How the bytes of a record are spoiled, after it is encoded, so that nobody can read it. */
export type Damage = 'MAGIC_BYTE' | 'SCHEMA_ID' | 'TRUNCATED' | 'FLIPPED'

/** Sends a record on, keyed, to the partition of its key, or to the partition named; damaged, where that is meant. */
export type Emit = <Name extends TopicName>(
  topic: Name,
  key: string,
  value: TopicRecords[Name],
  timestampMs: number,
  partition?: number,
  damage?: Damage,
) => void

/** What a fold may touch while it handles one record. */
export interface Context<State, Shared> {
  /**
   * The state of a key, made at its first use. It may be changed in place: pure here means deterministic. Where the fold
   * has kinds of keys, a key comes in two parts, which need not be put together for it: what follows the kind, and the kind.
   */
  state(key: string, kind?: string): State
  /** State that belongs to the whole partition. */
  readonly shared: Shared
  readonly emit: Emit
  /** The latest event time that has been told so far, by records or by `advanceTo`. */
  readonly streamTimeMs: number
  /** Tells that time has come to `timeMs` although no record says so; timers fire up to it. */
  advanceTo(timeMs: number): void
  readonly partition: number
  /** Partitions of every topic of this run. */
  readonly partitions: number
}

/** How state becomes bytes and comes back. A new layout needs a new version. */
export interface StateCodec<State> {
  readonly version: number
  encode(state: State): Uint8Array
  decode(bytes: Uint8Array): State
}

/**
 * A consuming service: a deterministic fold over the logs of one partition. What it emits and how its state ends up
 * depends on the records of its inputs and on nothing else; with several inputs, not on how they interleave.
 */
export interface Fold<State, Shared, Inputs extends TopicName = TopicName> {
  /** Consumer group and prefix of transactional ids. */
  readonly name: string
  /** Topics read partition by partition, p of each together. */
  readonly inputs: readonly Inputs[]
  /** The input whose records move stream time; null where the fold alone moves it, by `advanceTo`. */
  readonly timeFrom: Inputs | null
  readonly stateTopic: TopicName
  /** Compacted topics read whole by every partition; what changes them is journalled with the state. */
  readonly sideInputs?: readonly TopicName[]

  /** What keys start with that are asked for in two parts. */
  readonly kinds?: readonly string[]

  initialState(key: string): State
  initialShared(): Shared
  readonly stateCodec: StateCodec<State>
  readonly sharedCodec: StateCodec<Shared>

  /** Handles one record. Throws `PoisonError`, before it changes anything, for one that cannot be handled. */
  step(record: Received<Inputs>, context: Context<State, Shared>): void

  /** A record of an input went to `dead-letters` instead of `step`: for folds that count what they have read. */
  refused?(topic: Inputs, context: Context<State, Shared>): void

  /** When this key wants `wake` to be called, in event time; undefined for never. */
  nextWakeMs?(state: State): number | undefined
  wake?(key: string, timeMs: number, context: Context<State, Shared>): void

  /** Called once after a batch of records, before its outputs are committed: the place to tell others the time. */
  endOfBatch?(context: Context<State, Shared>): void

  /**
   * A changed record of a side input; null for a deleted one. Takes effect from the next record on. Returns what is
   * wrong with one that is not taken.
   */
  side?(topic: TopicName, key: string, value: unknown, shared: Shared): readonly string[]

  /** Keys untouched for so long, in event time, are forgotten. Absent: kept for ever. */
  readonly forgetAfterMs?: number

  /** Keys of a partition at the most; beyond, the one that was left alone longest goes. Absent: no limit. */
  readonly keysMax?: number
}

/** A record that decodes but makes no sense: it goes to `dead-letters`, and the fold goes on. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError'
}
