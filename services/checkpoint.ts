/** One entry of a checkpoint; null bytes mean that the key is gone. */
export interface CheckpointEntry {
  readonly key: string
  readonly version: number
  readonly payload: Uint8Array | null
}

/** Keys of entries that belong to the partition as a whole start with this; keys of records never do. */
export const OWN = '~'
const SHARED_KEY = `${OWN}shared`
const EVICTED_KEY = `${OWN}evicted`
/** A time and a number of uses, before the bytes of a state. */
const STAMP_BYTES = 16
/** The state of the whole partition is saved in parts of so many bytes, for a broker refuses batches above 1 MB. */
const PART_BYTES = 256 * 1024

/** The bytes of a state, with the stream time and the number of its last use. */
export interface Stamped {
  readonly timeMs: number
  readonly use: number
  readonly bytes: Uint8Array
}

/**
 * The entries of a checkpoint as of one moment, encoded as they are asked for. What changes before it has been asked
 * for is encoded first, as it was: call `preserve` before. So a partition need not stand still while it is saved.
 */
export class Snapshot implements Iterable<CheckpointEntry> {
  readonly #left: Set<string>
  readonly #ready: CheckpointEntry[]
  readonly #encode: (key: string) => CheckpointEntry

  /** `ready` are entries encoded at that moment already; `keys` are encoded by and by. Takes both over. */
  constructor(ready: CheckpointEntry[], keys: Set<string>, encode: (key: string) => CheckpointEntry) {
    this.#ready = ready
    this.#left = keys
    this.#encode = encode
  }

  get isComplete(): boolean {
    return this.#left.size === 0
  }

  preserve(key: string): void {
    if (this.#left.size > 0 && this.#left.delete(key)) this.#ready.push(this.#encode(key))
  }

  *[Symbol.iterator](): Iterator<CheckpointEntry> {
    for (const key of this.#left) {
      this.preserve(key)
      yield* this.#ready.splice(0)
    }
    yield* this.#ready.splice(0)
  }
}

/** A state as an entry carries it. */
export function stamp({ timeMs, use, bytes }: Stamped): Uint8Array {
  const out = new Uint8Array(STAMP_BYTES + bytes.length)
  const view = new DataView(out.buffer)
  view.setFloat64(0, timeMs)
  view.setFloat64(8, use)
  out.set(bytes, STAMP_BYTES)
  return out
}

export function unstamp(payload: Uint8Array): Stamped {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  return { timeMs: view.getFloat64(0), use: view.getFloat64(8), bytes: payload.subarray(STAMP_BYTES) }
}

/** The entries of the partition-wide state; null ones for the parts beyond it that an earlier checkpoint had. */
export function sharedEntries(version: number, state: Stamped, partsBefore: number): CheckpointEntry[] {
  const bytes = stamp(state)
  const parts = Math.ceil(bytes.length / PART_BYTES)
  return Array.from({ length: Math.max(parts, partsBefore) }, (_, part) => ({
    key: part === 0 ? SHARED_KEY : `${SHARED_KEY}/${part}`,
    version,
    payload: part < parts ? bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES) : null,
  }))
}

/** Which part of the partition-wide state an entry is; undefined for one that is none. */
export function sharedPart(key: string): number | undefined {
  if (!key.startsWith(SHARED_KEY)) return undefined
  return key === SHARED_KEY ? 0 : Number(key.slice(SHARED_KEY.length + 1))
}

/** The partition-wide state of its parts in order. */
export function joinShared(parts: readonly Uint8Array[]): Stamped {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return unstamp(whole)
}

/** How many keys a partition has given up for the limit on their number, as an entry of its own. */
export function evictedEntry(count: number): CheckpointEntry {
  const payload = new Uint8Array(8)
  new DataView(payload.buffer).setFloat64(0, count)
  return { key: EVICTED_KEY, version: 1, payload }
}

/** The count of that entry; undefined for any other. */
export function evictedOf(key: string, payload: Uint8Array | null): number | undefined {
  if (key !== EVICTED_KEY || payload === null) return undefined
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getFloat64(0)
}
