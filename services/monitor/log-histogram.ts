/** Buckets an octave: a quantile is off by at most half a bucket, 2.2 %. */
const PER_OCTAVE = 16

/** Counts by bucket number, sparse, so that it is small and plain JSON. Bucket 0 holds everything below 1. */
export interface LogHistogram {
  total: number
  readonly counts: Record<string, number>
}

export const emptyHistogram = (): LogHistogram => ({ total: 0, counts: {} })

const bucketOf = (value: number): number => (value < 1 ? 0 : 1 + Math.floor(Math.log2(value) * PER_OCTAVE))

/** The geometric middle of a bucket. */
const middleOf = (bucket: number): number => (bucket === 0 ? 0 : 2 ** ((bucket - 0.5) / PER_OCTAVE))

/** Adds a value, zero or more; a weight of -1 takes one back that was added before. */
export function addValue(histogram: LogHistogram, value: number, weight: 1 | -1 = 1): void {
  const bucket = bucketOf(value)
  const count = (histogram.counts[bucket] ?? 0) + weight
  if (count === 0) delete histogram.counts[bucket]
  else histogram.counts[bucket] = count
  histogram.total += weight
}

/** How many values of all these histograms are no more than `limit`, and the sum of all: both by the middles of buckets. */
export function countUpTo(histograms: readonly LogHistogram[], limit: number): number {
  let count = 0
  for (const { counts } of histograms) {
    for (const bucket in counts) if (middleOf(Number(bucket)) <= limit) count += counts[bucket]!
  }
  return count
}

export function sumOf(histograms: readonly LogHistogram[]): number {
  let sum = 0
  for (const { counts } of histograms) {
    for (const bucket in counts) sum += counts[bucket]! * middleOf(Number(bucket))
  }
  return sum
}

/** The value that a share `q` of all values of these histograms together does not exceed; null while they are empty. */
export function quantile(histograms: readonly LogHistogram[], q: number): number | null {
  const merged = new Map<number, number>()
  let total = 0
  for (const histogram of histograms) {
    total += histogram.total
    for (const [bucket, count] of Object.entries(histogram.counts)) {
      merged.set(Number(bucket), (merged.get(Number(bucket)) ?? 0) + count)
    }
  }
  if (total === 0) return null
  let left = Math.max(1, Math.ceil(q * total))
  const sorted = [...merged].sort((a, b) => a[0] - b[0])
  for (const [bucket, count] of sorted) {
    left -= count
    if (left <= 0) return middleOf(bucket)
  }
  throw new RangeError(`a histogram counts ${total} values in total but holds fewer`)
}
