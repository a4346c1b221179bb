import type { Question } from '#schemas/types.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** Reports held at the most, some 20 MB; beyond, the oldest goes on whatever the payments have come to. */
const HELD_MAX = 100_000

/** A payment at a merchant was reported; its report turned out to be none; all up to this time are passed on. */
type Kind = Extract<Question['kind'], 'REPORT' | 'WITHDRAWAL' | 'REPORT_WATERMARK'>

/**
 * Reports and their withdrawals of all customer partitions, until the payments have come to their time. They have clocks
 * of their own: each partition tells up to when all of its reports are passed on, and no payment may go further than the
 * slowest of these.
 */
export class ReportQueue {
  /** By (order_time, source, arrival). */
  readonly #held: Question[] = []
  readonly #toldMs: number[]
  #slowestMs = Number.NEGATIVE_INFINITY
  /** Reports that left before their time because too many were held. */
  overflowed = 0

  constructor(partitions: number) {
    this.#toldMs = Array.from({ length: partitions }, () => Number.NEGATIVE_INFINITY)
  }

  get size(): number {
    return this.#held.length
  }

  /** All reports up to this moment are here. */
  get toldMs(): number {
    return this.#slowestMs
  }

  add(question: Question): void {
    if (question.kind === 'REPORT_WATERMARK') this.#tell(question)
    else this.#hold(question)
  }

  /** The next one that is not after `untilMs`. */
  take(untilMs: number): Question | undefined {
    const first = this.#held[0]
    if (first === undefined) return undefined
    if (first.order_time > untilMs) {
      if (this.size <= HELD_MAX) return undefined
      this.overflowed++
    }
    return this.#held.shift()
  }

  #tell({ source_partition, order_time }: Question): void {
    this.#toldMs[source_partition] = Math.max(this.#toldMs[source_partition]!, order_time)
    this.#slowestMs = Math.min(...this.#toldMs)
  }

  #hold(question: Question): void {
    const { order_time, source_partition } = question
    const isAfter = (other: Question): boolean =>
      other.order_time > order_time || (other.order_time === order_time && other.source_partition > source_partition)
    let at = this.#held.length
    while (at > 0 && isAfter(this.#held[at - 1]!)) at--
    this.#held.splice(at, 0, question)
  }

  write(out: ByteWriter): void {
    out.varint(this.#toldMs.length)
    for (const toldMs of this.#toldMs) out.f64(toldMs)
    out.varint(this.overflowed)
    out.varint(this.size)
    for (const { source_partition, order_time, kind, entity_id, transaction_id, customer_id } of this.#held) {
      out.varint(source_partition)
      out.f64(order_time)
      out.u8(kind === 'REPORT' ? 1 : 0)
      out.text(entity_id)
      out.text(transaction_id)
      out.text(customer_id)
    }
  }

  static read(from: ByteReader): ReportQueue {
    const queue = new ReportQueue(from.varint())
    for (let source = 0; source < queue.#toldMs.length; source++) queue.#toldMs[source] = from.f64()
    queue.#slowestMs = Math.min(...queue.#toldMs)
    queue.overflowed = from.varint()
    for (let left = from.varint(); left > 0; left--) {
      const source = from.varint()
      const timeMs = from.f64()
      const kind = from.u8() === 1 ? 'REPORT' : 'WITHDRAWAL'
      queue.#held.push(aboutReport(kind, source, timeMs, from.text(), from.text(), from.text()))
    }
    return queue
  }
}

/** What is told of a report at its merchant's partition. */
export const aboutReport = (
  kind: Kind,
  source_partition: number,
  timeMs: number,
  merchantId: string,
  transaction_id: string,
  customer_id: string,
): Question => ({
  source_partition,
  order_time: timeMs,
  kind,
  entity_id: merchantId,
  transaction_id,
  customer_id,
  event_time: timeMs,
  amount_minor: 0,
  declined: false,
})
