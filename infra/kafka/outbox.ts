/** A record as it is handed to Kafka: explicit partition, bytes ready, no headers (they double the client's work). */
export interface Outgoing {
  readonly key: Buffer | string
  readonly value: Buffer | null
  readonly timestamp: string
  readonly partition: number
}

export interface Parcel {
  readonly topic: string
  readonly partition: number
  readonly messages: Outgoing[]
}

/** About 250 payments: sends of two and four times as much were no faster. One record may be larger; the broker takes 1 MB. */
const BYTES_PER_SEND_MAX = 64 * 1024

/** Gathers the records of one transaction by topic and partition, in the order in which they came. */
export class Outbox {
  #parcels = new Map<string, Parcel[]>()
  #count = 0

  add(topic: string, message: Outgoing): void {
    let ofTopic = this.#parcels.get(topic)
    if (ofTopic === undefined) {
      ofTopic = []
      this.#parcels.set(topic, ofTopic)
    }
    const { partition } = message
    ofTopic[partition] ??= { topic, partition, messages: [] }
    ofTopic[partition].messages.push(message)
    this.#count++
  }

  get count(): number {
    return this.#count
  }

  /** What there is, in sends of a bounded size, each for one (topic, partition); the outbox is then empty. */
  take(): Parcel[] {
    // Partitions without records are holes, which flat() leaves out.
    const sends = [...this.#parcels.values()].flat().flatMap(split)
    this.clear()
    return sends
  }

  clear(): void {
    this.#parcels = new Map()
    this.#count = 0
  }
}

function split({ topic, partition, messages }: Parcel): Parcel[] {
  const sends: Parcel[] = []
  let bytes = 0
  for (const message of messages) {
    const size = message.key.length + (message.value?.length ?? 0)
    const last = sends.at(-1)
    if (last === undefined || bytes + size > BYTES_PER_SEND_MAX) {
      sends.push({ topic, partition, messages: [message] })
      bytes = size
    } else {
      last.messages.push(message)
      bytes += size
    }
  }
  return sends
}
