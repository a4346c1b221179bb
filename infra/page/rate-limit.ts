interface Bucket {
  left: number
  atMs: number
}

/** Clients remembered; one that is forgotten begins with a full bucket. */
const CLIENTS_MAX = 1_000

/** So many requests a second by each client, and as many at once. */
export class RateLimit {
  readonly #perSecond: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Milliseconds to wait before the next request of this client would be let through; 0 for one that is. */
  take(client: string, nowMs: number): number {
    const bucket = this.#buckets.get(client) ?? { left: this.#perSecond, atMs: nowMs }
    bucket.left = Math.min(this.#perSecond, bucket.left + ((nowMs - bucket.atMs) / 1_000) * this.#perSecond)
    bucket.atMs = nowMs
    this.#buckets.delete(client)
    this.#buckets.set(client, bucket)
    if (this.#buckets.size > CLIENTS_MAX) this.#buckets.delete(this.#buckets.keys().next().value!)
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) / this.#perSecond) * 1_000)
    bucket.left--
    return 0
  }
}
