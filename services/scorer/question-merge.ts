import type { Question } from '#schemas/types.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { Fifo } from './fifo.ts'

/** Questions held at the most, some 10 MB; beyond, the oldest goes on whatever the others have told. */
const HELD_MAX = 200_000

interface Source {
  readonly held: Fifo<Question>
  /** No earlier question of this source follows. */
  toldMs: number
}

/**
 * Brings the questions of all customer partitions into one order, (order_time, source, arrival), however they arrive.
 * A question leaves when no other that comes before it can follow: its (order_time, source) is not after the smallest
 * (time told, source) of all sources. A source whose time stands still may ask again at that same time, so that
 * questions of later sources at that time wait until it has moved.
 */
export class QuestionMerge {
  readonly #sources: Source[]
  #size = 0
  #slowest = 0
  /** Questions that left before their time because too many were held. */
  overflowed = 0

  constructor(partitions: number) {
    this.#sources = Array.from({ length: partitions }, () => ({
      held: new Fifo<Question>(),
      toldMs: Number.NEGATIVE_INFINITY,
    }))
  }

  get size(): number {
    return this.#size
  }

  /** Throws RangeError for a source that this run does not have. */
  add(question: Question): void {
    const source = this.#sources[question.source_partition]
    if (source === undefined) throw new RangeError(`there is no source partition ${question.source_partition}`)
    if (question.order_time > source.toldMs) {
      source.toldMs = question.order_time
      if (question.source_partition === this.#slowest) this.#findSlowest()
    }
    if (question.kind === 'WATERMARK') return
    source.held.push(question)
    this.#size++
  }

  /** The next question in order; undefined while an earlier one may still come, or where it is after `untilMs`. */
  take(untilMs = Number.POSITIVE_INFINITY): Question | undefined {
    if (this.#size === 0) return undefined
    const first = this.#firstSource()
    const { order_time } = this.#sources[first]!.held.first!
    const slowestMs = this.#sources[this.#slowest]!.toldMs
    if (order_time > untilMs || order_time > slowestMs || (order_time === slowestMs && first > this.#slowest)) {
      if (this.#size <= HELD_MAX) return undefined
      this.overflowed++
    }
    this.#size--
    return this.#sources[first]!.held.shift()
  }

  /** The source with the smallest (time told, number). */
  #findSlowest(): void {
    let slowest = 0
    for (let i = 1; i < this.#sources.length; i++) {
      if (this.#sources[i]!.toldMs < this.#sources[slowest]!.toldMs) slowest = i
    }
    this.#slowest = slowest
  }

  #firstSource(): number {
    let first = -1
    let firstMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#sources.length; i++) {
      const head = this.#sources[i]!.held.first
      if (head !== undefined && head.order_time < firstMs) {
        first = i
        firstMs = head.order_time
      }
    }
    return first
  }

  write(out: ByteWriter): void {
    out.varint(this.#sources.length)
    out.varint(this.overflowed)
    for (const { held, toldMs } of this.#sources) {
      out.f64(toldMs)
      out.varint(held.size)
      for (const question of held) writeQuestion(out, question)
    }
  }

  static read(from: ByteReader): QuestionMerge {
    const merge = new QuestionMerge(from.varint())
    merge.overflowed = from.varint()
    merge.#sources.forEach((source, partition) => {
      source.toldMs = from.f64()
      for (let left = from.varint(); left > 0; left--) {
        source.held.push(readQuestion(from, partition))
        merge.#size++
      }
    })
    merge.#findSlowest()
    return merge
  }
}

function writeQuestion(out: ByteWriter, question: Question): void {
  out.f64(question.order_time)
  out.u8(question.kind === 'DEVICE' ? 1 : 0)
  out.text(question.entity_id)
  out.text(question.transaction_id)
  out.text(question.customer_id)
  out.f64(question.event_time)
  out.varint(question.amount_minor)
  out.u8(question.declined ? 1 : 0)
}

function readQuestion(from: ByteReader, source_partition: number): Question {
  return {
    source_partition,
    order_time: from.f64(),
    kind: from.u8() === 1 ? 'DEVICE' : 'COUNTERPARTY',
    entity_id: from.text(),
    transaction_id: from.text(),
    customer_id: from.text(),
    event_time: from.f64(),
    amount_minor: from.varint(),
    declined: from.u8() === 1,
  }
}
