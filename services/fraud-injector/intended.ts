import type { Settings } from '../settings.ts'
import type { Anchor, InjectorTotals, Phase } from './totals.ts'

/** Wall-clock span over which the pace is taken: shorter ones drown in rounding to milliseconds. */
const SPAN_MS = 2_000

type Known = Pick<InjectorTotals, 'anchors' | 'phase'>

/**
 * The wall-clock moments meant for records that timers make. At a speed they are computed as the producer computes its
 * own, to the rounding: a point on the line between two rounded neighbours would miss by more than half a millisecond
 * now and then, and so be known for what it is.
 */
export class IntendedMoments {
  readonly #speed: number | null

  constructor({ pace }: Pick<Settings, 'pace'>) {
    this.#speed = 'speed' in pace ? pace.speed : null
  }

  /** Learns from a genuine record. */
  learn(known: Known, next: Anchor): void {
    known.anchors = addAnchor(known.anchors, next)
    known.phase = this.#speed === null ? null : narrow(known.phase, next, this.#speed)
  }

  /** Before the genuine record `next`. */
  before(known: Known, next: Anchor, timeMs: number): number | null {
    const last = known.anchors.at(-1)
    if (last === undefined || last.intendedMs === null || next.intendedMs === null) return null
    const onLine = this.#atSpeed(known, next, timeMs)
    if (onLine === null) return between(known.anchors, next, timeMs)
    return Math.min(next.intendedMs, Math.max(last.intendedMs, onLine))
  }

  /** After the last genuine record so far. */
  after({ anchors, phase }: Known, timeMs: number): number | null {
    const last = anchors.at(-1)
    if (phase === null || this.#speed === null) return beyond(anchors, timeMs)
    return Math.max(last?.intendedMs ?? 0, Math.round((phase.fromMs + phase.toMs) / 2 + timeMs / this.#speed))
  }

  #atSpeed({ anchors, phase }: Known, next: Anchor, timeMs: number): number | null {
    if (this.#speed === null || phase === null || !isAtSpeed(anchors, next, this.#speed)) return null
    const told = narrow(phase, next, this.#speed)
    return told === null ? null : Math.round((told.fromMs + told.toMs) / 2 + timeMs / this.#speed)
  }
}

/** Whether records of late keep the scenario's speed: a command may have changed it, and nobody tells the injector. */
function isAtSpeed([base]: readonly Anchor[], next: Anchor, speed: number): boolean {
  if (base === undefined || base.intendedMs === null || next.intendedMs === null) return true
  const elapsedMs = next.intendedMs - base.intendedMs
  // Both are rounded.
  return Math.abs(elapsedMs - (next.timeMs - base.timeMs) / speed) <= 1
}

/** Takes in a record. One that contradicts the others begins anew: the producer has been restarted. */
function narrow(phase: Phase | null, { timeMs, intendedMs }: Anchor, speed: number): Phase | null {
  if (intendedMs === null) return null
  const middle = intendedMs - timeMs / speed
  const fromMs = Math.max(phase?.fromMs ?? Number.NEGATIVE_INFINITY, middle - 0.5)
  const toMs = Math.min(phase?.toMs ?? Number.POSITIVE_INFINITY, middle + 0.5)
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: middle - 0.5, toMs: middle + 0.5 }
}

/** Adds a genuine record. The two that are kept span about two seconds of wall-clock time. */
export function addAnchor(anchors: readonly Anchor[], next: Anchor): Anchor[] {
  const [base, last] = [anchors[0], anchors.at(-1)]
  if (base === undefined || last === undefined || base.intendedMs === null || next.intendedMs === null) return [next]
  if (last.timeMs === next.timeMs) return [...anchors]
  const span = (last.intendedMs ?? 0) - base.intendedMs
  return [span > SPAN_MS ? last : base, next]
}

/** The wall-clock moment of a record made by a timer: on the line between the genuine records around it. */
export function between(anchors: readonly Anchor[], next: Anchor, timeMs: number): number | null {
  const last = anchors.at(-1)
  if (last === undefined || last.intendedMs === null || next.intendedMs === null) return null
  const share = next.timeMs === last.timeMs ? 1 : (timeMs - last.timeMs) / (next.timeMs - last.timeMs)
  return Math.round(last.intendedMs + share * (next.intendedMs - last.intendedMs))
}

/** The same when no genuine record has come since: on at the pace so far. */
export function beyond(anchors: readonly Anchor[], timeMs: number): number | null {
  const [base, last] = anchors
  if (base === undefined || last === undefined || base.intendedMs === null || last.intendedMs === null) return null
  const pace = (last.intendedMs - base.intendedMs) / (last.timeMs - base.timeMs)
  return Math.round(last.intendedMs + pace * (timeMs - last.timeMs))
}
