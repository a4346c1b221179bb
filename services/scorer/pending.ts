import type { Answer } from '#schemas/types.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { EntityAnswers } from './feature-context.ts'
import { Fifo } from './fifo.ts'
import { type Payment, readPayment, writePayment } from './payment.ts'

/** Payments that wait for answers, some 25 MB; beyond, the oldest are scored without them. */
const PENDING_MAX = 200_000

/** Answers kept for payments not yet read: a replay may read both topics in another order than the first time. */
const EARLY_MAX = 100_000

type Asked = 'COUNTERPARTY' | 'DEVICE'

export interface Pending extends EntityAnswers {
  readonly payment: Payment
  /** Answers still to come. */
  outstanding: number
}

interface Early {
  readonly kind: Asked
  readonly values: readonly number[]
}

/**
 * Payments in the order of their log until their answers are there. They leave in that order and in no other, so that
 * what is computed of them does not depend on how fast who answers.
 */
export class PendingPayments {
  readonly #queue = new Fifo<Pending>()
  readonly #byId = new Map<string, Pending>()
  readonly #early = new Map<string, Early[]>()
  /** Payments that left without all their answers because too many were waiting. */
  unanswered = 0

  get size(): number {
    return this.#queue.size
  }

  add(payment: Payment, outstanding: number): void {
    const pending = { payment, outstanding, counterparty: undefined, device: undefined }
    this.#queue.push(pending)
    this.#byId.set(payment.transactionId, pending)
    if (this.#early.size > 0) this.#takeEarly(pending)
  }

  answer({ transaction_id, kind, values }: Answer): void {
    if (kind !== 'COUNTERPARTY' && kind !== 'DEVICE') return
    const pending = this.#byId.get(transaction_id)
    if (pending === undefined) this.#keepEarly(transaction_id, { kind, values })
    else attach(pending, kind, values)
  }

  /** The next payments in order, up to `most`, for which nothing more is to be waited for. */
  take(most: number): Pending[] {
    const ready: Pending[] = []
    while (ready.length < most) {
      const next = this.#next()
      if (next === undefined) break
      ready.push(next)
    }
    return ready
  }

  #next(): Pending | undefined {
    const first = this.#queue.first
    if (first === undefined) return undefined
    if (first.outstanding > 0) {
      if (this.size <= PENDING_MAX) return undefined
      this.unanswered++
    }
    this.#byId.delete(first.payment.transactionId)
    return this.#queue.shift()
  }

  write(out: ByteWriter): void {
    out.varint(this.unanswered)
    out.varint(this.size)
    for (const pending of this.#queue) {
      writePayment(out, pending.payment)
      out.u8(pending.outstanding)
      writeValues(out, pending.counterparty)
      writeValues(out, pending.device)
    }
    out.varint(this.#early.size)
    for (const [id, answers] of this.#early) {
      out.text(id)
      out.u8(answers.length)
      for (const { kind, values } of answers) {
        out.text(kind)
        writeValues(out, values)
      }
    }
  }

  static read(from: ByteReader): PendingPayments {
    const all = new PendingPayments()
    all.unanswered = from.varint()
    for (let left = from.varint(); left > 0; left--) {
      const payment = readPayment(from)
      const outstanding = from.u8()
      const pending = { payment, outstanding, counterparty: readValues(from), device: readValues(from) }
      all.#queue.push(pending)
      all.#byId.set(payment.transactionId, pending)
    }
    for (let left = from.varint(); left > 0; left--) {
      const id = from.text()
      const answers: Early[] = []
      for (let more = from.u8(); more > 0; more--) {
        answers.push({ kind: from.text() as Asked, values: readValues(from) ?? [] })
      }
      all.#early.set(id, answers)
    }
    return all
  }

  #takeEarly(pending: Pending): void {
    const { transactionId } = pending.payment
    for (const { kind, values } of this.#early.get(transactionId) ?? []) attach(pending, kind, values)
    this.#early.delete(transactionId)
  }

  #keepEarly(id: string, answer: Early): void {
    const answers = this.#early.get(id)
    if (answers !== undefined) {
      if (answers.every(({ kind }) => kind !== answer.kind)) answers.push(answer)
      return
    }
    const [oldest] = this.#early.keys()
    if (this.#early.size >= EARLY_MAX && oldest !== undefined) this.#early.delete(oldest)
    this.#early.set(id, [answer])
  }
}

function attach(pending: Pending, kind: Asked, values: readonly number[]): void {
  if (kind === 'COUNTERPARTY') {
    if (pending.counterparty !== undefined) return
    pending.counterparty = values
  } else {
    if (pending.device !== undefined) return
    pending.device = values
  }
  pending.outstanding--
}

function writeValues(out: ByteWriter, values: readonly number[] | undefined): void {
  out.u8(values === undefined ? 0 : values.length + 1)
  for (const value of values ?? []) out.f64(value)
}

function readValues(from: ByteReader): readonly number[] | undefined {
  const length = from.u8()
  return length === 0 ? undefined : Array.from({ length: length - 1 }, () => from.f64())
}
