import type { AckLatency } from '#infra/kafka/ack-latency.ts'
import type { AnyLane } from '#infra/kafka/lane.ts'
import type { Emit } from '#services/fold.ts'
import type { Source } from '#services/source.ts'

/** A lane that generates and encodes as a real one does, and takes everything for delivered that is handed to it. */
export class NullLane implements AnyLane {
  readonly partition: number
  readonly source: Source
  readonly #emit: Emit
  readonly #ackLatency: AckLatency
  #intendedMs: number[] = []
  isOpen = false
  committed = 0
  toldMs = Number.NEGATIVE_INFINITY
  deliveredAtMs = 0
  ackedAtMs = 0

  constructor(partition: number, source: Source, emit: Emit, ackLatency: AckLatency) {
    this.partition = partition
    this.source = source
    this.#emit = emit
    this.#ackLatency = ackLatency
  }

  get waiting(): number {
    return this.source.transactions - this.committed
  }

  get oldestIntendedMs(): number | null {
    return this.#intendedMs[0] ?? null
  }

  get isEmpty(): boolean {
    return this.waiting === 0
  }

  async open(): Promise<void> {
    this.isOpen = true
  }

  generate(intendedAtMs: number | null): void {
    this.source.next(this.#emit, intendedAtMs)
    if (intendedAtMs !== null) this.#intendedMs.push(intendedAtMs)
  }

  tellTime(timeMs: number): void {
    this.toldMs = timeMs
  }

  async deliver(): Promise<void> {
    this.committed = this.source.transactions
    this.deliveredAtMs = performance.timeOrigin + performance.now()
    this.ackedAtMs = this.deliveredAtMs
    for (const ms of this.#intendedMs) this.#ackLatency.observe(this.deliveredAtMs - ms)
    this.#intendedMs = []
  }

  async close(): Promise<void> {
    this.isOpen = false
  }
}
