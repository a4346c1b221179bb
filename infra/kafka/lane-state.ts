import type { Codec } from '#infra/registry/codec.ts'
import { exitCodes } from '#infra/service/exit-codes.ts'
import type { TopicName } from '#schemas/topics.ts'
import type { SourceProgress } from '#services/source.ts'
import { FatalError } from './fatal-error.ts'
import type { Outgoing } from './outbox.ts'
import type { CompactedPartition } from './read-state.ts'
import { StateRecords } from './state-records.ts'

const TOPIC: TopicName = 'producer.state'
const VERSION = 1
const PROGRESS_KEY = '~progress'
const LEDGER_KEY = '~ledger/'
const CHUNK_BYTES = 256 * 1024
const DAY_BYTES = 4

interface Progress extends SourceProgress {
  /** What the run is made from; another one cannot go on from here. */
  readonly fingerprint: string
  readonly ledgerChunks: number
}

export interface SavedLane {
  readonly progress: SourceProgress
  readonly ledger: Uint8Array
}

/** The settings are those of another run than the one in the topics: no second try can help. */
export class AnotherRunError extends FatalError {
  readonly exitCode = exitCodes.usage
}

/** What a lane saves with its records: progress always, the ledger of the day when a new one begins. */
export class LaneState {
  readonly #records: StateRecords
  readonly #fingerprint: string
  readonly #partition: number
  #savedDay: number | undefined
  #ledgerChunks = 0

  constructor(codec: Codec, fingerprint: string, partition: number) {
    this.#records = new StateRecords(codec, TOPIC)
    this.#fingerprint = fingerprint
    this.#partition = partition
  }

  marker(text: string): Outgoing {
    return this.#records.marker(this.#partition, text)
  }

  save(progress: SourceProgress, ledger: () => Uint8Array): Outgoing[] {
    const chunks = progress.day === this.#savedDay ? [] : this.#ledger(progress.day, ledger())
    const saved: Progress = { ...progress, fingerprint: this.#fingerprint, ledgerChunks: this.#ledgerChunks }
    return [...chunks, this.#entry(PROGRESS_KEY, Buffer.from(JSON.stringify(saved)))]
  }

  /** Null for a lane that has never committed. Throws FatalError when another run's state is found. */
  read(found: CompactedPartition): SavedLane | null {
    const entries = new Map(this.#records.read(found).entries.map(({ key, payload }) => [key, Buffer.from(payload!)]))
    const text = entries.get(PROGRESS_KEY)
    if (text === undefined) return null
    const { fingerprint, ledgerChunks, ...progress } = JSON.parse(text.toString()) as Progress
    if (fingerprint !== this.#fingerprint) {
      throw new AnotherRunError(
        `the topics hold another run: they were made with ${fingerprint}, asked for is ${this.#fingerprint}. ` +
          'Take the same settings to go on, another topicPrefix for a second run, or `rupeestream reset` to start anew.',
      )
    }
    const chunks = Array.from({ length: ledgerChunks }, (_, i) => entries.get(LEDGER_KEY + i)!)
    if (chunks.some((chunk) => chunk?.readInt32BE(0) !== progress.day))
      throw new FatalError(`the ledger of day ${progress.day} is incomplete`)
    this.#savedDay = progress.day
    this.#ledgerChunks = ledgerChunks
    return { progress, ledger: Buffer.concat(chunks.map((chunk) => chunk.subarray(DAY_BYTES))) }
  }

  #ledger(day: number, ledger: Uint8Array): Outgoing[] {
    const chunks: Outgoing[] = []
    for (let from = 0; from === 0 || from < ledger.length; from += CHUNK_BYTES) {
      const part = ledger.subarray(from, from + CHUNK_BYTES)
      const payload = Buffer.alloc(DAY_BYTES + part.length)
      payload.writeInt32BE(day)
      payload.set(part, DAY_BYTES)
      chunks.push(this.#entry(LEDGER_KEY + chunks.length, payload))
    }
    this.#savedDay = day
    this.#ledgerChunks = chunks.length
    return chunks
  }

  #entry(key: string, payload: Uint8Array): Outgoing {
    return this.#records.entry({ key, version: VERSION, payload }, this.#partition, 0)
  }
}
