/** How well scores tell frauds from genuine payments. Each answers NaN where there is nothing to measure. */

/** Shares of genuine payments disturbed and of frauds found by an alarm from one score on. */
export interface RocPoint {
  readonly fpr: number
  readonly tpr: number
}

/** Scores of genuine payments, which those of frauds are held against. */
export class Genuine {
  readonly #ascending: Float64Array

  constructor(scores: Iterable<number>) {
    this.#ascending = Float64Array.from(scores).sort()
  }

  /** How many scores are below one, or not above it. */
  #below(score: number, orEqual = false): number {
    let low = 0
    let high = this.#ascending.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#ascending[middle]!
      if (other < score || (orEqual && other === score)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The share of genuine payments that an alarm from this score on would disturb. */
  shareFrom(score: number): number {
    return (this.#ascending.length - this.#below(score)) / this.#ascending.length
  }

  /** The lowest score of a genuine payment from which on an alarm disturbs at most this share of them; Infinity for none. */
  scoreAt(share: number): number {
    const scores = this.#ascending
    let at = Math.max(0, Math.ceil((1 - share) * scores.length))
    while (at < scores.length && at > 0 && scores[at] === scores[at - 1]) at++
    return scores[at] ?? Number.POSITIVE_INFINITY
  }

  /** The share of genuine payments that a score is above, ties counting half: of one fraud, what it adds to the area under the curve. */
  winsOf(score: number): number {
    return (this.#below(score) + this.#below(score, true)) / 2 / this.#ascending.length
  }

  /** Area under the ROC curve: the chance that a fraud scores above a genuine payment, ties counting half. */
  auc(frauds: Float64Array): number {
    let sum = 0
    let last = Number.NaN
    let wins = 0
    for (const score of Float64Array.from(frauds).sort()) {
      if (score !== last) wins = this.winsOf(score)
      last = score
      sum += wins
    }
    return sum / frauds.length
  }

  /** Points of the ROC curve from (0, 0) on, before and after each different score of a fraud, and (1, 1). */
  curve(frauds: Float64Array): RocPoint[] {
    const descending = Float64Array.from(frauds).sort().reverse()
    const points = [{ fpr: 0, tpr: 0 }]
    for (let i = 0; i < descending.length; ) {
      const score = descending[i]!
      const above = this.#ascending.length - this.#below(score, true)
      // Genuine payments between two frauds come first, then those with the score itself.
      points.push({ fpr: above / this.#ascending.length, tpr: i / descending.length })
      while (descending[i] === score) i++
      points.push({ fpr: this.shareFrom(score), tpr: i / descending.length })
    }
    return [...points, { fpr: 1, tpr: 1 }]
  }

  /** The share of frauds found where this share of genuine payments is disturbed; ties are found in proportion. */
  recallAt(fpr: number, frauds: Float64Array): number {
    const points = this.curve(frauds)
    if (frauds.length === 0 || this.#ascending.length === 0) return Number.NaN
    const after = points.findIndex((point) => point.fpr > fpr)
    const from = points[after - 1]!
    const to = points[after]!
    return from.tpr + ((to.tpr - from.tpr) * (fpr - from.fpr)) / (to.fpr - from.fpr)
  }

  /**
   * Average precision: at each score of a fraud the precision, weighted by the share of frauds found there. Payments are
   * weighted so that `prevalence` of them is fraud, all frauds alike and all genuine payments alike.
   */
  averagePrecision(frauds: Float64Array, prevalence: number): number {
    const descending = Float64Array.from(frauds).sort().reverse()
    let sum = 0
    for (let i = 0; i < descending.length; ) {
      const score = descending[i]!
      const before = i
      while (descending[i] === score) i++
      const point = { fpr: this.shareFrom(score), tpr: i / descending.length }
      sum += precisionAt(point, prevalence) * ((i - before) / descending.length)
    }
    return frauds.length === 0 || this.#ascending.length === 0 ? Number.NaN : sum
  }
}

/** The share of alarms that are right where this share of payments is fraud. */
export const precisionAt = ({ fpr, tpr }: RocPoint, prevalence: number): number =>
  (prevalence * tpr) / (prevalence * tpr + (1 - prevalence) * fpr)

/** A scored payment, for what is counted by day and customer. */
export interface DayScore {
  readonly day: number
  readonly customer: number
  readonly score: number
  readonly isFraud: boolean
}

/**
 * Card precision at k of each day: of the k customers with the highest score, the share with a fraud that day. Of
 * customers with the same score the share is taken that there is room for.
 */
export function cardPrecisionByDay(payments: Iterable<DayScore>, k: number): number[] {
  const days = new Map<number, Map<number, { score: number; isFraud: boolean }>>()
  for (const { day, customer, score, isFraud } of payments) {
    const customers = days.get(day) ?? new Map()
    days.set(day, customers)
    const known = customers.get(customer) ?? { score: Number.NEGATIVE_INFINITY, isFraud: false }
    customers.set(customer, { score: Math.max(known.score, score), isFraud: known.isFraud || isFraud })
  }
  return [...days.values()].map((customers) => topShare([...customers.values()], k))
}

function topShare(customers: readonly { score: number; isFraud: boolean }[], k: number): number {
  const descending = customers.toSorted((a, b) => b.score - a.score)
  const room = Math.min(k, descending.length)
  const last = descending[room - 1]!.score
  const above = descending.filter(({ score }) => score > last)
  const tied = descending.filter(({ score }) => score === last)
  const frauds = (among: typeof above): number => among.filter(({ isFraud }) => isFraud).length
  return (frauds(above) + (frauds(tied) * (room - above.length)) / tied.length) / room
}

export interface CalibrationBin {
  /** Probabilities from this one up to the next, which only the last bin includes. */
  readonly from: number
  readonly to: number
  readonly payments: number
  /** What the model says in the mean, and what was true; NaN without payments. */
  readonly predicted: number
  readonly observed: number
}

/** What a model said against what was true, by probability: `edges` ascend, and all probabilities lie within. */
export function calibration(
  probabilities: Float64Array,
  labels: Uint8Array,
  edges: readonly number[],
): CalibrationBin[] {
  return edges.slice(1).map((to, bin) => {
    const from = edges[bin]!
    const isLast = bin === edges.length - 2
    const own = probabilities
      .map((share, i) => (share >= from && (share < to || isLast) ? i : -1))
      .filter((i) => i >= 0)
    const mean = (of: ArrayLike<number>): number => own.reduce((sum, i) => sum + of[i]!, 0) / own.length
    return { from, to, payments: own.length, predicted: mean(probabilities), observed: mean(labels) }
  })
}
