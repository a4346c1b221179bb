/**
 * How far the inputs of a partition are read, and whether that is as far as they once reached.
 *
 * A position, the offset after the last record, cannot say that: behind it may lie aborted records and the marks of
 * transactions, as many as a crash has left, and on a stream that stands still no record follows them.
 */
export class CatchUp {
  /** By input: before this offset nothing is left to read. */
  readonly #readTo: Map<string, bigint>
  readonly #ends: ReadonlyMap<string, bigint>

  constructor(from: ReadonlyMap<string, bigint>, ends: ReadonlyMap<string, bigint>) {
    this.#readTo = new Map(from)
    this.#ends = ends
  }

  /**
   * From offset `from` to before `to` nothing is left to read: it was taken, or nobody sees it. That says something only
   * where all before it is read, too: a batch may come that was asked for before reading was told to begin elsewhere.
   */
  read(topic: string, from: bigint, to: bigint): void {
    const readTo = this.#readTo.get(topic)!
    if (from <= readTo && to > readTo) this.#readTo.set(topic, to)
  }

  get isDone(): boolean {
    return [...this.#ends].every(([topic, end]) => this.#readTo.get(topic)! >= end)
  }
}
