/** Pure statistics of the fidelity report; each answers NaN where there is nothing to measure. */

export const sum = (values: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

export const mean = (values: ArrayLike<number>): number => sum(values) / values.length

export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort()
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!
}

/** Counts as shares of their sum. */
export function shares(counts: ArrayLike<number>): number[] {
  const total = sum(counts)
  return Array.from(counts, (count) => count / total)
}

/** Cohen's w of observed counts against expected weights: the root of chi-square over n. 0 for the same mix, 0.1 small. */
export function effectSize(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  const found = shares(observed)
  const wanted = shares(expected)
  return Math.sqrt(sum(found.map((share, i) => (wanted[i] === 0 ? 0 : (share - wanted[i]!) ** 2 / wanted[i]!))))
}

/** Jensen-Shannon distance, the root of the divergence to base 2: 0 for the same distribution, 1 for disjoint ones. */
export function jensenShannon(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  const p = shares(observed)
  const q = shares(expected)
  const towards = (of: readonly number[]): number =>
    sum(of.map((share, i) => (share === 0 ? 0 : share * Math.log2(share / ((p[i]! + q[i]!) / 2)))))
  return Math.sqrt(Math.max(0, (towards(p) + towards(q)) / 2))
}

const benford = Array.from({ length: 9 }, (_, i) => Math.log10(1 + 1 / (i + 1)))

/** Mean absolute deviation of shares of the first digits 1 to 9 from Benford's law (Nigrini: up to 0.015 conforms). */
export const benfordDeviation = (firstDigits: ArrayLike<number>): number =>
  mean(shares(firstDigits).map((share, i) => Math.abs(share - benford[i]!)))

export const firstDigit = (amount: number): number => Math.floor(amount / 10 ** Math.floor(Math.log10(amount)))

/** Cramér's V of a table of counts: 0 for independence, 1 for a function of the other. */
export function cramersV(table: readonly (readonly number[])[]): number {
  const rows = table.map(sum)
  const columns = table[0]!.map((_, c) => sum(table.map((row) => row[c]!)))
  const total = sum(rows)
  let chiSquare = 0
  for (const [r, row] of table.entries()) {
    for (const [c, count] of row.entries()) {
      const expected = (rows[r]! * columns[c]!) / total
      if (expected > 0) chiSquare += (count - expected) ** 2 / expected
    }
  }
  const filled = (margins: readonly number[]): number => margins.filter((margin) => margin > 0).length
  return Math.sqrt(chiSquare / total / (Math.min(filled(rows), filled(columns)) - 1))
}

/** Eta squared of a one-way analysis of variance: the share of the variance that lies between the groups. */
export function etaSquared(groups: readonly (readonly number[])[]): number {
  const { between, within } = squares(groups)
  return between / (between + within)
}

/** F of a one-way analysis of variance: the variance between the groups, in that within them. */
export function varianceRatio(groups: readonly (readonly number[])[]): number {
  const { between, within } = squares(groups)
  const count = groups.flat().length
  return between / (groups.length - 1) / (within / (count - groups.length))
}

/** Sums of squares about the mean of all, and about each group's own. */
function squares(groups: readonly (readonly number[])[]): { readonly between: number; readonly within: number } {
  const overall = mean(groups.flat())
  const means = groups.map((group) => (group.length === 0 ? overall : mean(group)))
  return {
    between: sum(groups.map((group, i) => group.length * (means[i]! - overall) ** 2)),
    within: sum(groups.map((group, i) => sum(group.map((value) => (value - means[i]!) ** 2)))),
  }
}

/** Mean and standard deviation of the pauses between sorted moments. */
export function pauses(times: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const between = times.slice(1).map((time, i) => time - times[i]!)
  const average = mean(between)
  return { mean: average, deviation: Math.sqrt(mean(between.map((pause) => (pause - average) ** 2))) }
}

/** The exponent of a power law through counts by rank, by least squares on logarithms. */
export function rankExponent(counts: readonly number[]): number {
  const points = counts.filter((count) => count > 0).map((count, i) => [Math.log(i + 1), Math.log(count)] as const)
  const x = mean(points.map(([log]) => log))
  const y = mean(points.map(([, log]) => log))
  return -sum(points.map(([a, b]) => (a - x) * (b - y))) / sum(points.map(([a]) => (a - x) ** 2))
}
