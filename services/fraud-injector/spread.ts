import type { Random } from '../random.ts'

/** A distribution as data: 'int' (both ends included), 'uniform', or 'lognormal' cut off at `min` and `max`. */
export interface Spread {
  readonly dist: string
  readonly min: number
  readonly max: number
  /** Lognormal only. */
  readonly median?: number
  readonly sigma?: number
}

const TRIES_MAX = 32

/** One draw. A lognormal value outside the limits is drawn again, for clamping would heap values at the limits. */
export function draw(spread: Spread, random: Random): number {
  if (spread.dist === 'int') return random.integer(spread.min, spread.max)
  if (spread.dist === 'uniform') return random.uniform(spread.min, spread.max)
  const { median, sigma } = lognormalOf(spread)
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const value = random.lognormal(median, sigma)
    if (value >= spread.min && value <= spread.max) return value
  }
  return Math.min(spread.max, Math.max(spread.min, median))
}

/** One of the names, as often as its weight says. */
export function drawWeighted(weights: Readonly<Record<string, number>>, random: Random): string {
  const entries = Object.entries(weights)
  let left = random.unit() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries.at(-1)![0]
}

/** A lognormal draw known to exceed `floor`: what is left of a wait that began before anyone looked. */
export function drawAbove(spread: Spread, floor: number, random: Random): number {
  for (let tries = 0; tries < TRIES_MAX * TRIES_MAX; tries++) {
    const value = draw(spread, random)
    if (value > floor) return value
  }
  return Math.min(spread.max, floor)
}

/** Share of lognormal draws that exceed `value`, the cut at `min` and `max` taken into account. */
export function shareAbove(spread: Spread, value: number): number {
  const { median, sigma } = lognormalOf(spread)
  const below = (x: number): number => normalShare(Math.log(x / median) / sigma)
  const kept = below(spread.max) - below(spread.min)
  const x = Math.min(spread.max, Math.max(spread.min, value))
  return (below(spread.max) - below(x)) / kept
}

/** Share of a standard normal below `z`, to 2e-4 (Page 1977). */
const normalShare = (z: number): number => 1 / (1 + Math.exp(-1.5976 * z - 0.070565992 * z ** 3))

function lognormalOf(spread: Spread): { median: number; sigma: number } {
  if (spread.dist !== 'lognormal' || spread.median === undefined || spread.sigma === undefined) {
    throw new RangeError(`expected int, uniform, or lognormal with median and sigma, got ${spread.dist}`)
  }
  return { median: spread.median, sigma: spread.sigma }
}
