/** Latencies below 128 ms have a bucket for each millisecond; above, each octave has 64: at the most 1.6 % too much. */
const FINE_BITS = 6
const FINE = 1 << FINE_BITS
/** 24 days: longer ones count as this. */
const LONGEST_MS = 2 ** 31 - 1
const BUCKETS = (31 - FINE_BITS + 1) * FINE

export interface AckLatencySummary {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/**
 * From the moment at which a payment was meant to leave to the acknowledged commit of its transaction, milliseconds:
 * a count by bucket, so that a payment costs an addition and memory does not grow.
 */
export class AckLatency {
  // Doubles count on where 32 bits would be full after a day at 50,000 a second.
  readonly #counts = new Float64Array(BUCKETS)
  #count = 0
  #sumMs = 0
  #maxMs = 0

  get count(): number {
    return this.#count
  }

  get sumMs(): number {
    return this.#sumMs
  }

  /** To the millisecond. Below zero, as the moment meant was rounded up, counts as zero. */
  observe(latencyMs: number): void {
    const ms = Math.max(0, Math.min(LONGEST_MS, Math.round(latencyMs)))
    this.#counts[bucketOf(ms)]!++
    this.#count++
    this.#sumMs += ms
    if (ms > this.#maxMs) this.#maxMs = ms
  }

  /** The greatest of the bucket that each falls into, but no more than the longest; null while nothing was observed. */
  summary(): AckLatencySummary | null {
    if (this.#count === 0) return null
    return { p50: this.#quantile(0.5), p95: this.#quantile(0.95), p99: this.#quantile(0.99), max: this.#maxMs }
  }

  /** How many were shorter than a limit, which has to be the edge of a bucket: below 128 or a multiple of its 64th. */
  countBelow(limitMs: number): number {
    return this.#counts.subarray(0, bucketOf(limitMs)).reduce((sum, count) => sum + count, 0)
  }

  #quantile(q: number): number {
    let left = Math.ceil(q * this.#count)
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket]!
      if (left <= 0) return Math.min(this.#maxMs, upperEdgeOf(bucket))
    }
    return this.#maxMs
  }
}

/** Octaves of 64 buckets each; the first two have the same width, a millisecond. */
function bucketOf(ms: number): number {
  if (ms < 2 * FINE) return ms
  const shift = 31 - Math.clz32(ms) - FINE_BITS
  return (shift << FINE_BITS) + (ms >> shift)
}

/** The greatest whole number of milliseconds in a bucket. */
function upperEdgeOf(bucket: number): number {
  if (bucket < 2 * FINE) return bucket
  const shift = (bucket >> FINE_BITS) - 1
  return (bucket - (shift << FINE_BITS) + 1) * 2 ** shift - 1
}
