import type { Codec } from '#infra/registry/codec.ts'
import { alertTopics, type TopicName, type TopicRecords } from '#schemas/topics.ts'
import type { Alert, Features, Score } from '#schemas/types.ts'
import { decodeFeatures } from '#services/scorer/features.ts'

/** What the scorer writes for others, and what is compared. */
export const outputTopics = ['features', 'scores', ...Object.values(alertTopics)] as const
export type OutputTopic = (typeof outputTopics)[number]

export const isOutput = (topic: TopicName): topic is OutputTopic =>
  (outputTopics as readonly TopicName[]).includes(topic)

/** A field, or a feature by name, that the run wrote otherwise than it is recomputed. */
export interface FieldDifference {
  readonly field: string
  readonly written: unknown
  readonly recomputed: unknown
}

export interface Example {
  readonly partition: number
  readonly id: string
  readonly what: 'different' | 'missing' | 'extra' | 'twice' | 'unreadable'
  readonly fields: readonly FieldDifference[]
}

/** How one topic stood up to the recomputation, in records. */
export interface TopicParity {
  readonly topic: OutputTopic
  compared: number
  equal: number
  different: number
  /** Recomputed, and not written, although what comes after it is. */
  missing: number
  /** Written, and not recomputed; written twice; or written so that nobody can read it. */
  extra: number
  /** Recomputed of payments that the run had not come to. */
  notYetWritten: number
  /** Alerts of rules that were changed while it ran. */
  leftOut: number
  readonly examples: Example[]
}

const EXAMPLES_MAX = 5
/** A record of which nearly everything differs is not told field by field. */
const FIELDS_MAX = 5

type Output = TopicRecords[OutputTopic]

const idOf = (topic: OutputTopic, value: Output): string =>
  topic === 'features' || topic === 'scores' ? value.transaction_id : (value as Alert).alert_id

interface Unmatched {
  readonly topic: OutputTopic
  readonly partition: number
  readonly id: string
  /** Number of its payment among those of the partition. */
  readonly payment: number
}

/** What the run wrote of one partition, by topic and id, until it is met by what is recomputed. */
interface Partition {
  readonly written: Map<OutputTopic, Map<string, Buffer>>
  readonly judged: Set<string>
  /** Number of the last payment whose features were written. */
  reached: number
}

/**
 * Holds what a run wrote against what is recomputed of it. Within a partition payments have one order, so the features
 * that were written say how far the run had come; what is recomputed beyond is not missing. First all that was
 * written, then all that is recomputed.
 */
export class ParityCheck {
  readonly topics: readonly TopicParity[]
  readonly #codec: Codec
  readonly #changedRules: ReadonlySet<string>
  readonly #partitions: readonly Partition[]
  readonly #unmatched: Unmatched[] = []

  /** Of `changedRules` nobody knows from which payment on: their alerts, and the reasons of scores, are left out. */
  constructor(codec: Codec, partitions: number, changedRules: ReadonlySet<string>) {
    this.#codec = codec
    this.#changedRules = changedRules
    this.topics = outputTopics.map((topic) => {
      const none = { compared: 0, equal: 0, different: 0, missing: 0, extra: 0, notYetWritten: 0, leftOut: 0 }
      return { topic, ...none, examples: [] }
    })
    this.#partitions = Array.from({ length: partitions }, () => ({
      written: new Map(outputTopics.map((topic) => [topic, new Map<string, Buffer>()])),
      judged: new Set<string>(),
      reached: 0,
    }))
  }

  /** Nothing is wrong, and something was compared. */
  get holds(): boolean {
    const isRight = this.topics.every(({ different, missing, extra }) => different + missing + extra === 0)
    return isRight && this.#of('features').compared > 0
  }

  written(topic: OutputTopic, partition: number, value: Output): void {
    if (this.#isLeftOut(topic, value)) {
      this.#of(topic).leftOut++
      return
    }
    const known = this.#partitions[partition]!.written.get(topic)!
    const id = idOf(topic, value)
    if (known.has(id)) this.#wrong(topic, 'extra', { partition, id, what: 'twice', fields: [] })
    else known.set(id, Buffer.from(this.#codec.encode(topic, value)))
  }

  unreadable(topic: OutputTopic, partition: number, why: string): void {
    this.#wrong(topic, 'extra', { partition, id: why, what: 'unreadable', fields: [] })
  }

  recomputed(topic: OutputTopic, partition: number, value: Output): void {
    if (this.#isLeftOut(topic, value)) return
    const own = this.#partitions[partition]!
    const id = idOf(topic, value)
    if (topic === 'features') own.judged.add(id)
    const payment = own.judged.size
    const written = own.written.get(topic)!.get(id)
    if (written === undefined) {
      this.#unmatched.push({ topic, partition, id, payment })
      return
    }
    own.written.get(topic)!.delete(id)
    if (topic === 'features') own.reached = payment
    this.#compare(topic, partition, id, written, value)
  }

  /** To be called once, at the end. */
  finish(): void {
    for (const { topic, partition, id, payment } of this.#unmatched) {
      if (payment > this.#partitions[partition]!.reached) this.#of(topic).notYetWritten++
      else this.#wrong(topic, 'missing', { partition, id, what: 'missing', fields: [] })
    }
    for (const [partition, { written, judged }] of this.#partitions.entries()) {
      for (const [topic, left] of written) {
        for (const [id, bytes] of left) {
          // Scores and alerts are read after the features: some may be of payments that are newer.
          const isNewer = topic !== 'features' && !judged.has(this.#codec.decode(topic, bytes).transaction_id)
          if (!isNewer) this.#wrong(topic, 'extra', { partition, id, what: 'extra', fields: [] })
        }
      }
    }
  }

  #compare(topic: OutputTopic, partition: number, id: string, written: Buffer, value: Output): void {
    const parity = this.#of(topic)
    parity.compared++
    const recomputed = this.#codec.encode(topic, value)
    const fields = written.equals(recomputed)
      ? []
      : this.#differences(topic, this.#codec.decode(topic, written), this.#codec.decode(topic, recomputed))
    if (fields.length === 0) parity.equal++
    else this.#wrong(topic, 'different', { partition, id, what: 'different', fields: fields.slice(0, FIELDS_MAX) })
  }

  #differences(topic: OutputTopic, written: Output, recomputed: Output): FieldDifference[] {
    const [a, b] = [plain(topic, written), plain(topic, recomputed)]
    return Object.keys({ ...a, ...b })
      .filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]))
      .filter((field) => !(topic === 'scores' && field === 'reasons' && this.#changedRules.size > 0))
      .map((field) => ({ field, written: a[field], recomputed: b[field] }))
  }

  #isLeftOut(topic: OutputTopic, value: Output): boolean {
    return topic !== 'features' && topic !== 'scores' && this.#changedRules.has((value as Alert).rule_id)
  }

  #wrong(topic: OutputTopic, count: 'different' | 'missing' | 'extra', example: Example): void {
    const parity = this.#of(topic)
    parity[count]++
    if (parity.examples.length < EXAMPLES_MAX) parity.examples.push(example)
  }

  #of(topic: OutputTopic): TopicParity {
    return this.topics[outputTopics.indexOf(topic)]!
  }
}

/** A record's fields; features one by one, where they are of this program's list. */
function plain(topic: OutputTopic, value: Output): Record<string, unknown> {
  if (topic !== 'features') return { ...(value as Score | Alert) }
  const { values, ...head } = value as Features
  try {
    return { ...head, ...Object.fromEntries(decodeFeatures(values)) }
  } catch (error) {
    if (error instanceof RangeError) return { ...head, values: Buffer.from(values).toString('hex') }
    throw error
  }
}
