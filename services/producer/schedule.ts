import type { Settings } from '../settings.ts'
import { SECOND_MS } from '../time.ts'
import { type Stages, stagesOf } from './rate-shapes.ts'

/**
 * What is due after how much wall time: open loop, so that a slow sink never slows the schedule. By event time (a
 * speed), by number of records (a rate), or, with neither, everything at once.
 */
export interface Schedule {
  /** Event time that is due after `elapsedMs`, UTC milliseconds. */
  readonly dueTimeMs?: (elapsedMs: number) => number
  /** The inverse: elapsed milliseconds at which an event time is due. */
  readonly momentOfTime?: (eventMs: number) => number
  /** Records that are due after `elapsedMs`. */
  readonly dueCount?: (elapsedMs: number) => number
  /** The inverse: elapsed milliseconds at which the n-th record, counted from 1, is due; Infinity if it never is. */
  readonly momentOfCount?: (n: number) => number
}

type Pace = Settings['pace']

/** The schedule of a share of the settings' pace: rates are of the whole stream, `share` is this process's part of it. */
export function scheduleOf(pace: Pace, liveFromMs: number, share = 1): Schedule {
  if ('speed' in pace) return bySpeed(pace.speed, liveFromMs)
  if (!('rate' in pace)) return {}
  const { rate } = pace
  if (typeof rate === 'number') return byRate(rate * share)
  return byStages('shape' in rate ? stagesOf(rate) : rate, share)
}

/** Simulated time runs `speed` times as fast as the wall clock. */
const bySpeed = (speed: number, liveFromMs: number): Schedule => ({
  dueTimeMs: (elapsedMs) => liveFromMs + elapsedMs * speed,
  momentOfTime: (eventMs) => (eventMs - liveFromMs) / speed,
})

/** Records per second, constant. */
const byRate = (perSecond: number): Schedule => ({
  dueCount: (elapsedMs) => Math.floor((elapsedMs * perSecond) / SECOND_MS),
  momentOfCount: (n) => (n * SECOND_MS) / perSecond,
})

/** A stretch of time over which the rate changes in a straight line. */
interface Piece {
  readonly fromMs: number
  readonly lengthMs: number
  /** Records per millisecond at the start, and its change per millisecond. */
  readonly rate: number
  readonly slope: number
  /** Records due before the stretch begins. */
  readonly before: number
}

/** Piecewise linear; after its last stage it begins again (loop) or keeps the last rate. */
function byStages(course: Stages, share: number): Schedule {
  const pieces: Piece[] = []
  let fromMs = 0
  let before = 0
  let rate = (course.from * share) / SECOND_MS
  for (const stage of course.stages) {
    const to = (stage.to * share) / SECOND_MS
    if (stage.for > 0) pieces.push({ fromMs, lengthMs: stage.for, rate, slope: (to - rate) / stage.for, before })
    fromMs += stage.for
    before += ((rate + to) / 2) * stage.for
    rate = to
  }
  const cycle = { ms: fromMs, count: before, rate }
  const total = course.loop && fromMs > 0 ? looped(pieces, cycle) : held(pieces, cycle)
  return { dueCount: (elapsedMs) => Math.floor(total.count(elapsedMs) + ROUNDING), momentOfCount: total.moment }
}

/** Keeps a record from being due a tick late where its moment, computed from its number, came out a hair too early. */
const ROUNDING = 1e-6

interface Cycle {
  readonly ms: number
  readonly count: number
  readonly rate: number
}

interface Total {
  count(elapsedMs: number): number
  moment(n: number): number
}

const looped = (pieces: readonly Piece[], cycle: Cycle): Total => ({
  count: (elapsedMs) => {
    const rounds = Math.floor(elapsedMs / cycle.ms)
    return rounds * cycle.count + countIn(pieces, elapsedMs - rounds * cycle.ms)
  },
  moment: (n) => {
    if (cycle.count === 0) return Number.POSITIVE_INFINITY
    const rounds = Math.max(0, Math.ceil(n / cycle.count) - 1)
    return rounds * cycle.ms + momentIn(pieces, n - rounds * cycle.count)
  },
})

const held = (pieces: readonly Piece[], cycle: Cycle): Total => ({
  count: (elapsedMs) =>
    elapsedMs < cycle.ms ? countIn(pieces, elapsedMs) : cycle.count + (elapsedMs - cycle.ms) * cycle.rate,
  moment: (n) => {
    if (n <= cycle.count) return momentIn(pieces, n)
    return cycle.rate === 0 ? Number.POSITIVE_INFINITY : cycle.ms + (n - cycle.count) / cycle.rate
  },
})

function countIn(pieces: readonly Piece[], elapsedMs: number): number {
  const piece = pieces.findLast(({ fromMs }) => fromMs <= elapsedMs)
  if (piece === undefined) return 0
  const t = Math.min(elapsedMs - piece.fromMs, piece.lengthMs)
  return piece.before + piece.rate * t + (piece.slope * t * t) / 2
}

/** Solves rate t + slope t² / 2 = n for the piece in which the n-th record falls, in the form that keeps its digits. */
function momentIn(pieces: readonly Piece[], n: number): number {
  const piece = pieces.findLast(({ before }) => before < n)
  if (piece === undefined) return 0
  const { fromMs, lengthMs, rate, slope, before } = piece
  const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * (n - before)))
  return fromMs + Math.min(lengthMs, (2 * (n - before)) / (rate + root))
}
