import type { TopicName } from '#schemas/topics.ts'
import type { Context, Emit, Fold, Received } from './fold.ts'
import { WakeHeap } from './wake-heap.ts'

interface Kept<State> {
  state: State
  touchedMs: number
  /** Number of this use among all uses of all keys: the order of last use, whatever time it was. */
  use: number
}

/** One entry of a checkpoint; null bytes mean that the key is gone. */
export interface CheckpointEntry {
  readonly key: string
  readonly version: number
  readonly payload: Uint8Array | null
}

/** A side input's record, to be saved, and why the fold has not taken it. */
export interface AppliedSide {
  readonly entry: CheckpointEntry
  readonly mistakes: readonly string[]
}

/** Keys of checkpoint entries that belong to the partition as a whole start with this; keys of records never do. */
const OWN = '~'
const SHARED_KEY = `${OWN}shared`
const SIDE_KEY = `${OWN}side/`
/** A time and a number of uses, before the bytes of a state. */
const STAMP_BYTES = 16

/** The state of the whole partition is saved in parts of so many bytes, for a broker refuses batches above 1 MB. */
const PART_BYTES = 256 * 1024

/**
 * A fold at work on one partition: its keys, its timers, its stream time, and which keys a checkpoint still has to
 * save. It knows no broker: the task runner in infra/kafka and the tests drive it alike.
 */
export class PartitionFold<State, Shared, Inputs extends TopicName> {
  readonly #fold: Fold<State, Shared, Inputs>
  readonly #keys = new Map<string, Kept<State>>()
  readonly #changed = new Set<string>()
  readonly #touchedNow = new Set<string>()
  readonly #wakes = new WakeHeap()
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

  /** Keys given up for the limit on their number, since this process took the partition up. */
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

  /** What changed since the last checkpoint. Takes note that it is saved: call it only for a commit to come. */
  checkpoint(): CheckpointEntry[] {
    const { stateCodec, sharedCodec } = this.#fold
    const entries: CheckpointEntry[] = []
    for (const key of this.#changed) {
      const kept = this.#keys.get(key)
      const payload = kept === undefined ? null : stamp(kept.touchedMs, kept.use, stateCodec.encode(kept.state))
      entries.push({ key, version: stateCodec.version, payload })
    }
    this.#changed.clear()
    const parts = split(stamp(this.#context.streamTimeMs, this.#uses, sharedCodec.encode(this.#context.shared)))
    for (let i = 0; i < Math.max(parts.length, this.#savedParts); i++) {
      entries.push({ key: sharedKey(i), version: sharedCodec.version, payload: parts[i] ?? null })
    }
    this.#savedParts = parts.length
    return entries
  }

  /** Takes up a checkpoint: the newest entry of each key, deleted keys left out, before any record. */
  restore(entries: Iterable<CheckpointEntry>): void {
    const { stateCodec, sharedCodec, name } = this.#fold
    const found: [string, Kept<State>][] = []
    const parts: Uint8Array[] = []
    for (const { key, version, payload } of entries) {
      const isShared = key.startsWith(SHARED_KEY)
      if (payload === null || (key.startsWith(OWN) && !isShared)) continue
      const codec = isShared ? sharedCodec : stateCodec
      if (version !== codec.version) {
        throw new Error(
          `state of ${name} has version ${version}, this program reads ${codec.version}: reset or migrate it`,
        )
      }
      if (isShared) parts[partIndex(key)] = payload
      else {
        const { timeMs, use, bytes } = unstamp(payload)
        found.push([key, { state: stateCodec.decode(bytes), touchedMs: timeMs, use }])
      }
    }
    if (parts.length > 0) {
      const { timeMs, use, bytes } = unstamp(join(parts))
      this.#context.shared = sharedCodec.decode(bytes)
      this.#context.streamTimeMs = timeMs
      this.#uses = use
      this.#savedParts = parts.length
    }
    found.sort((a, b) => a[1].use - b[1].use)
    for (const [key, kept] of found) {
      this.#keys.set(key, kept)
      this.#wakes.set(key, this.#fold.nextWakeMs?.(kept.state))
    }
  }

  #touch(key: string): State {
    if (key.startsWith(OWN)) throw new RangeError(`key ${key} starts with the reserved ${OWN}`)
    const { forgetAfterMs, keysMax } = this.#fold
    const kept = this.#keys.get(key) ?? { state: this.#fold.initialState(key), touchedMs: 0, use: 0 }
    kept.touchedMs = this.#context.streamTimeMs
    kept.use = ++this.#uses
    // The map is kept in the order of last use, so that forgetting and eviction look at its front only.
    if (forgetAfterMs !== undefined || keysMax !== undefined) this.#keys.delete(key)
    this.#keys.set(key, kept)
    this.#touchedNow.add(key)
    this.#changed.add(key)
    if (keysMax !== undefined && this.#keys.size > keysMax) this.#evict()
    return kept.state
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
    for (const [key, kept] of this.#keys) {
      if (kept.touchedMs + after >= this.#context.streamTimeMs) return
      this.#drop(key)
    }
  }

  #evict(): void {
    const [oldest] = this.#keys.keys()
    this.#drop(oldest!)
    this.#evicted++
  }

  #drop(key: string): void {
    this.#keys.delete(key)
    this.#changed.add(key)
    this.#wakes.set(key, undefined)
  }
}

const sharedKey = (part: number): string => (part === 0 ? SHARED_KEY : `${SHARED_KEY}/${part}`)

const partIndex = (key: string): number => (key === SHARED_KEY ? 0 : Number(key.slice(SHARED_KEY.length + 1)))

function split(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += PART_BYTES) parts.push(bytes.subarray(from, from + PART_BYTES))
  return parts
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function stamp(timeMs: number, use: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(STAMP_BYTES + bytes.length)
  const view = new DataView(out.buffer)
  view.setFloat64(0, timeMs)
  view.setFloat64(8, use)
  out.set(bytes, STAMP_BYTES)
  return out
}

function unstamp(payload: Uint8Array): { timeMs: number; use: number; bytes: Uint8Array } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return { timeMs: view.getFloat64(0), use: view.getFloat64(8), bytes: payload.subarray(STAMP_BYTES) }
}
