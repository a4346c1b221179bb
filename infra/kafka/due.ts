import type { Schedule } from '#services/producer/schedule.ts'
import type { AnyLane } from './lane.ts'

/** Decides which transaction may be generated now, and when it was meant to leave. */
export interface Due {
  /** The lane whose next transaction is due, or undefined when nothing is due or the one that is has no room. */
  next(): AnyLane | undefined
  /** For the transaction that `next` found: wall-clock moment, or null when there is none. */
  intendedAtMs(lane: AnyLane): number | null
  /** Simulated time up to which everything due has been told, provided that nothing waits. */
  timeReachedMs(): number
  /** Live transactions of this process due so far, by the schedule alone. */
  scheduled(): number
}

/** Where the live part ends by itself. */
export interface Limits {
  /** Simulated time, exclusive. */
  readonly untilMs: number
  readonly transactions: number
}

export const unlimited: Limits = { untilMs: Number.POSITIVE_INFINITY, transactions: Number.POSITIVE_INFINITY }

/** Lanes that are not paced may run ahead of the slowest by this much simulated time: the scorer waits for the slowest. */
const AHEAD_MAX_MS = 600_000

export interface DueContext {
  readonly lanes: readonly AnyLane[]
  readonly hasRoom: (lane: AnyLane) => boolean
  /** Transactions generated in the live part, by all lanes. */
  readonly generatedLive: () => number
  /** Wall clock, milliseconds; stands still once the stream is being drained. */
  readonly nowMs: () => number
}

const earliest = (lanes: readonly AnyLane[]): AnyLane =>
  lanes.reduce((a, b) => (b.source.peekMs() < a.source.peekMs() ? b : a))

/** As fast as it goes, up to a moment of simulated time, the lanes side by side. */
export function unpaced({ lanes, hasRoom, generatedLive }: DueContext, limits: Limits): Due {
  const { untilMs } = limits
  let horizon = Number.NEGATIVE_INFINITY
  const within = (): AnyLane | undefined => lanes.find((lane) => lane.source.peekMs() < horizon && hasRoom(lane))
  return limited(generatedLive, limits, {
    next() {
      const lane = within()
      if (lane !== undefined) return lane
      // Time goes on: a horizon of before is no further than allowed.
      horizon = Math.min(untilMs, earliest(lanes).source.peekMs() + AHEAD_MAX_MS)
      return within()
    },
    intendedAtMs: () => null,
    timeReachedMs: () => Math.min(untilMs, earliest(lanes).source.peekMs()),
    scheduled: generatedLive,
  })
}

/** By simulated time: what has happened by now on the simulated clock is due. */
export function bySpeed(context: DueContext, limits: Limits, schedule: Schedule, sinceMs: number): Due {
  const { lanes, hasRoom, generatedLive, nowMs } = context
  const dueMs = (): number => Math.min(limits.untilMs, Math.floor(schedule.dueTimeMs!(nowMs() - sinceMs)))
  return limited(generatedLive, limits, {
    next() {
      const due = dueMs()
      return lanes.find((lane) => lane.source.peekMs() < due && hasRoom(lane))
    },
    intendedAtMs: (lane) => Math.round(sinceMs + schedule.momentOfTime!(lane.source.peekMs())),
    timeReachedMs: dueMs,
    scheduled: () => generatedLive() + lanes.reduce((sum, lane) => sum + lane.source.countDue(dueMs() - 1), 0),
  })
}

/**
 * By count: the n-th transaction of all lanes together, in the order of simulated time, is due at its moment. The
 * schedule counts on from `countFrom`, which were due before it began.
 */
export function byRate(
  context: DueContext,
  limits: Limits,
  schedule: Schedule,
  sinceMs: number,
  countFrom: number,
): Due {
  const { lanes, hasRoom, generatedLive, nowMs } = context
  const isOver = (): boolean => earliest(lanes).source.peekMs() >= limits.untilMs
  const dueCount = (): number => countFrom + Math.floor(schedule.dueCount!(nowMs() - sinceMs))
  return limited(generatedLive, limits, {
    next() {
      if (isOver() || generatedLive() >= dueCount()) return undefined
      const lane = earliest(lanes)
      return hasRoom(lane) ? lane : undefined
    },
    intendedAtMs: () => Math.round(sinceMs + schedule.momentOfCount!(generatedLive() + 1 - countFrom)),
    timeReachedMs: () => Math.min(limits.untilMs, earliest(lanes).source.peekMs()),
    scheduled: () => (isOver() ? generatedLive() : dueCount()),
  })
}

/** A due that goes on where another one, whose clock has stopped, had come to: what that one left behind comes first. */
export function takingOver(due: Due, before: Due, { generatedLive }: DueContext): Due {
  const count = before.scheduled()
  const inCharge = (): Due => (generatedLive() < count ? before : due)
  return { ...due, next: () => inCharge().next(), intendedAtMs: (lane) => inCharge().intendedAtMs(lane) }
}

/** Nothing is due beyond so many transactions. */
function limited(generatedLive: () => number, { transactions }: Limits, due: Due): Due {
  if (transactions === Number.POSITIVE_INFINITY) return due
  return {
    ...due,
    next: () => (generatedLive() >= transactions ? undefined : due.next()),
    scheduled: () => Math.min(transactions, due.scheduled()),
  }
}
