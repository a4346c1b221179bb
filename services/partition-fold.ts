import type { TopicName } from '#schemas/topics.ts'
import {
  type CheckpointEntry,
  evictedEntry,
  evictedOf,
  joinShared,
  OWN,
  Snapshot,
  sharedEntries,
  sharedPart,
  stamp,
  unstamp,
} from './checkpoint.ts'
import type { Context, Emit, Fold, Received } from './fold.ts'
import { type InUse, UseOrder } from './use-order.ts'
import { WakeHeap } from './wake-heap.ts'

interface Kept<State> extends InUse<Kept<State>> {
  readonly key: string
  state: State
  touchedMs: number
  /** Number of this use among all uses of all keys: the order of last use, whatever time it was. */
  use: number
  /** Snapshots begun before its last change. */
  changedAfter: number
}

/** A side input's record, to be saved, and why the fold has not taken it. */
export interface AppliedSide {
  readonly entry: CheckpointEntry
  readonly mistakes: readonly string[]
}

const SIDE_KEY = `${OWN}side/`

/**
 * A fold at work on one partition: its keys, its timers, its stream time, and which keys a checkpoint still has to
 * save. It knows no broker: the task runner in infra/kafka and the tests drive it alike.
 */
export class PartitionFold<State, Shared, Inputs extends TopicName> {
  readonly #fold: Fold<State, Shared, Inputs>
  readonly #keys = new Map<string, Kept<State>>()
  readonly #order = new UseOrder<Kept<State>>()
  #snapshots = 0
  #changed = new Set<string>()
  readonly #touchedNow = new Set<string>()
  readonly #wakes = new WakeHeap()
  #snapshot: Snapshot | undefined
  #savedParts = 0
  #uses = 0
  #evicted = 0
  readonly #context: Context<State, Shared> & { streamTimeMs: number; shared: Shared; emit: Emit }

  constructor(fold: Fold<State, Shared, Inputs>, partition: number, partitions: number, emit: Emit) {
    this.#fold = fold
    this.#context = {
      state: (key) => this.#touch(key),
      shared: fold.initialShared(),
      emit,
      streamTimeMs: Number.NEGATIVE_INFINITY,
      advanceTo: (timeMs) => this.#advance(timeMs),
      partition,
      partitions,
    }
  }

  get shared(): Shared {
    return this.#context.shared
  }

  get streamTimeMs(): number {
    return this.#context.streamTimeMs
  }

  get keyCount(): number {
    return this.#keys.size
  }

  /** Keys given up for the limit on their number: a total of the data, saved with the state. */
  get evicted(): number {
    return this.#evicted
  }

  process(record: Received<Inputs>): void {
    if (record.topic === this.#fold.timeFrom) this.#advance(record.timestampMs)
    this.#fold.step(record, this.#context)
    this.#settle()
  }

  /** Tells the fold of a record that it will never see. */
  refuse(topic: Inputs): void {
    this.#fold.refused?.(topic, this.#context)
    this.#settle()
  }

  endOfBatch(): void {
    this.#fold.endOfBatch?.(this.#context)
    this.#settle()
  }

  /** Applies a change of a side input; the entry returned must be saved with the next commit. */
  applySide(topic: TopicName, key: string, value: unknown, payload: Uint8Array | null): AppliedSide {
    const mistakes = this.#fold.side?.(topic, key, value, this.#context.shared) ?? []
    return { entry: { key: `${SIDE_KEY}${topic}/${key}`, version: 1, payload }, mistakes }
  }

  /**
   * What changed since the last checkpoint, as of now, encoded while it is iterated. Takes note that it is saved, so a
   * failure to save it means that this fold is not to be used any more. One must be complete before the next begins.
   * `more` are entries of changed side inputs.
   */
  snapshot(more: readonly CheckpointEntry[] = []): Snapshot {
    if (this.#snapshot?.isComplete === false) throw new Error('the last snapshot has not been iterated to its end')
    const { sharedCodec } = this.#fold
    const { streamTimeMs: timeMs, shared } = this.#context
    const whole = { timeMs, use: this.#uses, bytes: sharedCodec.encode(shared) }
    const entries = sharedEntries(sharedCodec.version, whole, this.#savedParts)
    this.#savedParts = entries.filter(({ payload }) => payload !== null).length
    if (this.#evicted > 0) entries.push(evictedEntry(this.#evicted))
    this.#snapshot = new Snapshot([...more, ...entries], this.#changed, (key) => this.#entry(key))
    this.#changed = new Set()
    this.#snapshots++
    return this.#snapshot
  }

  /** A snapshot all at once. */
  checkpoint(): CheckpointEntry[] {
    return [...this.snapshot()]
  }

  /** Takes up a checkpoint: the newest entry of each key, deleted keys left out, before any record. */
  restore(entries: Iterable<CheckpointEntry>): void {
    const { stateCodec, sharedCodec, name } = this.#fold
    const found: Kept<State>[] = []
    const parts: Uint8Array[] = []
    for (const { key, version, payload } of entries) {
      const part = sharedPart(key)
      this.#evicted = evictedOf(key, payload) ?? this.#evicted
      if (payload === null || (key.startsWith(OWN) && part === undefined)) continue
      const codec = part === undefined ? stateCodec : sharedCodec
      if (version !== codec.version) {
        throw new Error(
          `state of ${name} has version ${version}, this program reads ${codec.version}: reset or migrate it`,
        )
      }
      if (part !== undefined) parts[part] = payload
      else {
        const { timeMs, use, bytes } = unstamp(payload)
        found.push({ ...this.#unused(key, stateCodec.decode(bytes)), touchedMs: timeMs, use })
      }
    }
    if (parts.length > 0) {
      const { timeMs, use, bytes } = joinShared(parts)
      this.#context.shared = sharedCodec.decode(bytes)
      this.#context.streamTimeMs = timeMs
      this.#uses = use
      this.#savedParts = parts.length
    }
    found.sort((a, b) => a.use - b.use)
    for (const kept of found) {
      this.#keys.set(kept.key, kept)
      this.#order.use(kept)
      this.#wakes.set(kept.key, this.#fold.nextWakeMs?.(kept.state))
    }
  }

  #touch(key: string): State {
    this.#snapshot?.preserve(key)
    const kept = this.#keys.get(key) ?? this.#add(key)
    kept.touchedMs = this.#context.streamTimeMs
    kept.use = ++this.#uses
    this.#order.use(kept)
    if (this.#fold.nextWakeMs !== undefined) this.#touchedNow.add(key)
    if (kept.changedAfter !== this.#snapshots) {
      kept.changedAfter = this.#snapshots
      this.#changed.add(key)
    }
    return kept.state
  }

  #unused(key: string, state: State): Kept<State> {
    return { key, state, touchedMs: 0, use: 0, changedAfter: -1, older: undefined, newer: undefined }
  }

  #add(key: string): Kept<State> {
    if (key.startsWith(OWN)) throw new RangeError(`key ${key} starts with the reserved ${OWN}`)
    const { initialState, keysMax } = this.#fold
    if (keysMax !== undefined && this.#keys.size >= keysMax) this.#evict()
    const kept = this.#unused(key, initialState(key))
    this.#keys.set(key, kept)
    return kept
  }

  #advance(timeMs: number): void {
    if (timeMs <= this.#context.streamTimeMs) return
    this.#settle()
    for (let next = this.#wakes.take(timeMs); next !== undefined; next = this.#wakes.take(timeMs)) {
      this.#context.streamTimeMs = Math.max(this.#context.streamTimeMs, next.timeMs)
      this.#fold.wake?.(next.key, next.timeMs, this.#context)
      this.#touchedNow.add(next.key)
      this.#settle()
    }
    this.#context.streamTimeMs = timeMs
    this.#forget()
  }

  /** Reads anew when the touched keys want to be woken. */
  #settle(): void {
    if (this.#touchedNow.size === 0) return
    if (this.#fold.nextWakeMs !== undefined) {
      for (const key of this.#touchedNow) {
        const kept = this.#keys.get(key)
        this.#wakes.set(key, kept && this.#fold.nextWakeMs(kept.state))
      }
    }
    this.#touchedNow.clear()
  }

  #forget(): void {
    const after = this.#fold.forgetAfterMs
    if (after === undefined) return
    for (let kept = this.#order.oldest; kept !== undefined; kept = this.#order.oldest) {
      if (kept.touchedMs + after >= this.#context.streamTimeMs) return
      this.#drop(kept)
    }
  }

  #evict(): void {
    const { oldest } = this.#order
    if (oldest === undefined) return
    this.#drop(oldest)
    this.#evicted++
  }

  #entry(key: string): CheckpointEntry {
    const { stateCodec } = this.#fold
    const kept = this.#keys.get(key)
    const payload = kept && stamp({ timeMs: kept.touchedMs, use: kept.use, bytes: stateCodec.encode(kept.state) })
    return { key, version: stateCodec.version, payload: payload ?? null }
  }

  #drop(kept: Kept<State>): void {
    const { key } = kept
    this.#snapshot?.preserve(key)
    this.#keys.delete(key)
    this.#order.remove(kept)
    this.#changed.add(key)
    this.#wakes.set(key, undefined)
  }
}
