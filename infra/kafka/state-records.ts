import type { Codec } from '#infra/registry/codec.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Outgoing } from './outbox.ts'
import { type CompactedPartition, MARKER_KEY } from './read-state.ts'

/** The checkpoint's own entry: the next offset of each input as of the checkpoint. */
const OFFSETS_KEY = '~offsets'
const OFFSETS_VERSION = 1

export type Offsets = Map<string, bigint>

export interface SavedState {
  readonly entries: readonly CheckpointEntry[]
  /** Null when there is no checkpoint yet. */
  readonly offsets: Offsets | null
}

/** Turns checkpoint entries into records of a state topic and back. */
export class StateRecords {
  readonly #codec: Codec
  readonly #topic: TopicName

  constructor(codec: Codec, topic: TopicName) {
    this.#codec = codec
    this.#topic = topic
  }

  marker(partition: number, text: string): Outgoing {
    return { key: MARKER_KEY, value: Buffer.from(text), timestamp: '0', partition }
  }

  entry({ key, version, payload }: CheckpointEntry, partition: number, timeMs: number): Outgoing {
    const value =
      payload === null
        ? null
        : this.#codec.encode(this.#topic, {
            key,
            version,
            payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
          } as never)
    return { key, value, timestamp: String(Math.max(0, timeMs)), partition }
  }

  offsets(offsets: ReadonlyMap<string, bigint>, partition: number, timeMs: number): Outgoing {
    const text = JSON.stringify([...offsets].map(([topic, offset]) => [topic, offset.toString()]))
    return this.entry({ key: OFFSETS_KEY, version: OFFSETS_VERSION, payload: Buffer.from(text) }, partition, timeMs)
  }

  read(found: CompactedPartition): SavedState {
    const entries: CheckpointEntry[] = []
    let offsets: Offsets | null = null
    for (const value of found.values()) {
      if (value === null) continue
      const { key, version, payload } = this.#codec.decode(this.#topic, value) as unknown as CheckpointEntry
      if (key !== OFFSETS_KEY) entries.push({ key, version, payload })
      else
        offsets = new Map(
          (JSON.parse(Buffer.from(payload!).toString()) as [string, string][]).map(([topic, offset]) => [
            topic,
            BigInt(offset),
          ]),
        )
    }
    return { entries, offsets }
  }
}
