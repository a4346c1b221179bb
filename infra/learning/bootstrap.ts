import { Random, streamKey } from '#services/random.ts'

/** Where a figure lies with 95 % confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const RESAMPLES = 200
const TAIL = 0.025

/**
 * The interval of a figure of grouped members, by the percentile bootstrap (Efron, 1979): as many groups as there are
 * are drawn with replacement, again and again, and the figure is taken of the members of those drawn. Groups are drawn,
 * not members, where members of a group are alike. The same groups and seed give the same interval; null for fewer than
 * two groups, of which nothing can be said.
 */
export function bootstrap(
  groups: readonly (readonly number[])[],
  figure: (members: readonly number[]) => number,
  seed: string,
): Interval | null {
  if (groups.length < 2) return null
  const random = new Random()
  const key = streamKey(seed, 'bootstrap')
  const figures = Float64Array.from({ length: RESAMPLES }, (_, resample) => {
    random.at(key, resample, 0)
    return figure(groups.flatMap(() => groups[random.below(groups.length)]!))
  }).sort()
  const at = (share: number): number => figures[Math.round(share * (RESAMPLES - 1))]!
  return { low: at(TAIL), high: at(1 - TAIL) }
}

/** The mean of what members are worth: a figure for `bootstrap`. */
export const meanOf =
  (worth: ArrayLike<number>) =>
  (members: readonly number[]): number =>
    members.reduce((sum, member) => sum + worth[member]!, 0) / members.length
