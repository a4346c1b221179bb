/** What happened in one second of wall time. */
export interface Second {
  /** Since the epoch. */
  readonly second: number
  /** Transactions, and frauds among them, by the truth; and alerts. */
  payments: number
  frauds: number
  alerts: number
}

/** Counts by second of arrival, for the last so many seconds. A second without anything is there too, once a later one is. */
export class Rates {
  readonly #seconds: Second[] = []
  readonly #countMax: number

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  add(kind: 'payments' | 'frauds' | 'alerts', nowMs: number): void {
    this.#at(nowMs)[kind]++
  }

  /** From the second `fromSecond` on, oldest first, up to and with the one of `nowMs`. */
  since(fromSecond: number, nowMs: number): Second[] {
    this.#at(nowMs)
    return this.#seconds.filter(({ second }) => second >= fromSecond).map((second) => ({ ...second }))
  }

  clear(): void {
    this.#seconds.length = 0
  }

  /** A clock that is set back goes on in the newest second. */
  #at(nowMs: number): Second {
    const now = Math.floor(nowMs / 1_000)
    let newest = this.#seconds.at(-1)
    while (newest === undefined || newest.second < now) {
      const second = newest === undefined ? now : Math.max(newest.second + 1, now - this.#countMax + 1)
      newest = { second, payments: 0, frauds: 0, alerts: 0 }
      this.#seconds.push(newest)
    }
    if (this.#seconds.length > this.#countMax) this.#seconds.splice(0, this.#seconds.length - this.#countMax)
    return newest
  }
}
