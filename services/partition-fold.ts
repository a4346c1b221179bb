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
import { type Kept, unused } from './kept.ts'
import { type Key, KeyMap, wholeKey } from './key-map.ts'
import { UseOrder } from './use-order.ts'
import { WakeHeap } from './wake-heap.ts'

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
  readonly #keys: KeyMap<Kept<State>>
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
    this.#keys = new KeyMap(fold.kinds)
    this.#context = {
      state: (key, kind) => this.#touch(key, kind ?? ''),
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
        found.push({ ...unused(this.#keys.split(key), stateCodec.decode(bytes)), touchedMs: timeMs, use })
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
      this.#keys.add(kept)
      this.#order.add(kept)
      this.#wakes.set(wholeKey(kept), this.#fold.nextWakeMs?.(kept.state))
    }
  }

  #touch(id: string, kind: string): State {
    let kept = this.#keys.get(id, kind)
    if (kept === undefined) kept = this.#add({ kind, id })
    else {
      this.#preserve(kept)
      this.#order.use(kept)
    }
    kept.touchedMs = this.#context.streamTimeMs
    kept.use = ++this.#uses
    if (this.#fold.nextWakeMs !== undefined) this.#touchedNow.add(wholeKey(kept))
    if (kept.changedAfter !== this.#snapshots) {
      kept.changedAfter = this.#snapshots
      this.#changed.add(wholeKey(kept))
    }
    return kept.state
  }

  #add(key: Key): Kept<State> {
    const whole = wholeKey(key)
    if (whole.startsWith(OWN)) throw new RangeError(`key ${whole} starts with the reserved ${OWN}`)
    this.#preserve(key)
    const { initialState, keysMax } = this.#fold
    if (keysMax !== undefined && this.#keys.size >= keysMax) this.#evict()
    const kept = unused(key, initialState(whole))
    this.#keys.add(kept)
    this.#order.add(kept)
    return kept
  }

  /** To be told before the state of a key changes. */
  #preserve(key: Key): void {
    if (this.#snapshot?.isComplete === false) this.#snapshot.preserve(wholeKey(key))
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
        const kept = this.#keys.find(key)
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
    const kept = this.#keys.find(key)
    const payload = kept && stamp({ timeMs: kept.touchedMs, use: kept.use, bytes: stateCodec.encode(kept.state) })
    return { key, version: stateCodec.version, payload: payload ?? null }
  }

  #drop(kept: Kept<State>): void {
    this.#preserve(kept)
    this.#keys.remove(kept)
    this.#order.remove(kept)
    this.#changed.add(wholeKey(kept))
    this.#wakes.set(wholeKey(kept), undefined)
  }
}
