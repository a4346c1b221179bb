/** Shannon entropy of counts, bits; 0 of none. */
export function entropy(counts: readonly number[]): number {
  let total = 0
  for (const count of counts) total += count
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total)
  return bits
}

/**
 * (deviation - mean) / (deviation + mean) of the gaps between ascending times, population deviation: -1 for a clock, 0
 * for chance, towards 1 for bursts. 0 for fewer than two gaps, and where all times are one.
 */
export function burstiness(times: ArrayLike<number>, start: number, end: number): number {
  const gaps = end - start - 1
  if (gaps < 2) return 0
  const mean = (times[end - 1]! - times[start]!) / gaps
  if (mean === 0) return 0
  let squares = 0
  for (let i = start + 1; i < end; i++) squares += (times[i]! - times[i - 1]! - mean) ** 2
  const deviation = Math.sqrt(squares / gaps)
  return (deviation - mean) / (deviation + mean)
}
