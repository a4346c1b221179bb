import type { PaceChange } from '#infra/service/status.ts'
import type { Control } from '#schemas/types.ts'
import { type Commanded, commandedBy, orderText } from '#services/producer/commanded.ts'
import type { Schedule } from '#services/producer/schedule.ts'
import type { Settings } from '#services/settings.ts'
import { byRate, bySpeed, type Due, type DueContext, type Limits, takingOver, unlimited, unpaced } from './due.ts'
import type { AnyLane } from './lane.ts'

type Pace = Settings['pace']

/** The schedule of this process's share of a pace, for a simulated clock that starts at this moment. */
export type ScheduleOf = (pace: Pace, fromMs: number) => Schedule

/** A part of the live time under one pace. */
interface Stretch {
  readonly schedule: Schedule
  /** Wall-clock moment at which the schedule begins. */
  readonly sinceMs: number
  /** Live transactions that were due before it. */
  readonly countFrom: number
  /** Wall-clock moment after which nothing more becomes due by it, once there is one. */
  endMs: number | null
}

/**
 * What is due: history at once, then the live part at the pace of the scenario or of the newest command.
 *
 * Behaviour:
 * - A command takes effect at once and without a jump: the new pace goes on from the simulated moment, and from the
 *   number of transactions, that the old one has come to. What was due before keeps the moment that was meant for it.
 * - While paused nothing becomes due, so nothing falls short; the same pace then goes on where it stood, a course of
 *   stages included.
 * - A command that came before the live part shapes its beginning; the newest one wins.
 */
export class LivePace implements Due {
  readonly #context: DueContext
  readonly #scheduleOf: ScheduleOf
  readonly #scenario: Pace
  #commanded: Commanded
  #heard: string | undefined
  #limits = unlimited
  #stretch: Stretch | undefined
  #due: Due
  #changes: readonly PaceChange[] = []

  constructor(context: DueContext, scheduleOf: ScheduleOf, scenario: Pace) {
    this.#context = context
    this.#scheduleOf = scheduleOf
    this.#scenario = scenario
    this.#commanded = { pace: scenario, isPaused: false }
    this.#due = unpaced(context, { ...unlimited, untilMs: context.lanes[0]?.source.liveFromMs ?? 0 })
  }

  get commanded(): Commanded {
    return this.#commanded
  }

  /** What was commanded in the live part, or is in force since its beginning. */
  get changes(): readonly PaceChange[] {
    return this.#changes
  }

  next(): AnyLane | undefined {
    return this.#due.next()
  }

  intendedAtMs(lane: AnyLane): number | null {
    return this.#due.intendedAtMs(lane)
  }

  timeReachedMs(): number {
    return this.#due.timeReachedMs()
  }

  scheduled(): number {
    return this.#due.scheduled()
  }

  /** The live part starts at this wall-clock moment, and ends generating where the limits say. */
  begin(sinceMs: number, limits: Limits): void {
    const { lanes } = this.#context
    const nextMs = Math.min(...lanes.map((lane) => lane.source.peekMs()))
    const fromMs = Math.max(lanes[0]!.source.liveFromMs, nextMs)
    this.#limits = limits
    this.#stretch = {
      schedule: this.#scheduleOf(this.#commanded.pace, fromMs),
      sinceMs,
      countFrom: 0,
      endMs: this.#commanded.isPaused ? sinceMs : null,
    }
    this.#due = this.#open(this.#stretch)
    if (this.#heard !== undefined) this.#note(this.#heard, sinceMs, fromMs)
  }

  /** Follows a command; null takes the newest one back. Answers with what is wrong with it: it is then not followed. */
  command(control: Control | null): readonly string[] {
    const next = commandedBy(control, this.#commanded, this.#scenario)
    if (!('pace' in next)) return next
    const order = orderText(control)
    this.#heard = control === null ? undefined : order
    if (this.#stretch !== undefined) this.#change(this.#stretch, next, order)
    this.#commanded = next
    return []
  }

  #change(stretch: Stretch, next: Commanded, order: string): void {
    const { pace, isPaused } = this.#commanded
    const isSamePace = JSON.stringify(pace) === JSON.stringify(next.pace)
    if (isSamePace && isPaused === next.isPaused) return
    const nowMs = this.#context.nowMs()
    const stoppedMs = stretch.endMs ?? nowMs
    stretch.endMs = stoppedMs
    const before = this.#due
    if (!next.isPaused) {
      this.#stretch = isSamePace
        ? { ...stretch, sinceMs: stretch.sinceMs + nowMs - stoppedMs, endMs: null }
        : {
            schedule: this.#scheduleOf(next.pace, this.#fromMs(next.pace, before)),
            sinceMs: nowMs,
            countFrom: before.scheduled(),
            endMs: null,
          }
      this.#due = takingOver(this.#open(this.#stretch), before, this.#context)
    }
    this.#note(order, nowMs, before.timeReachedMs())
  }

  #open(stretch: Stretch): Due {
    const { schedule, sinceMs, countFrom } = stretch
    const context = { ...this.#context, nowMs: () => stretch.endMs ?? this.#context.nowMs() }
    if (schedule.dueTimeMs !== undefined) return bySpeed(context, this.#limits, schedule, sinceMs)
    if (schedule.dueCount !== undefined) return byRate(context, this.#limits, schedule, sinceMs, countFrom)
    const due = unpaced(context, this.#limits)
    return { ...due, next: () => (stretch.endMs === null ? due.next() : undefined) }
  }

  /** The simulated moment from which a pace goes on: what is due by now happens before it, and nothing else does. */
  #fromMs(pace: Pace, before: Due): number {
    const { lanes, generatedLive } = this.#context
    const left = before.scheduled() - generatedLive()
    const isEnough = (timeMs: number): boolean =>
      lanes.reduce((sum, lane) => sum + lane.source.countDue(timeMs - 1), 0) >= left
    const reachedMs = before.timeReachedMs()
    // Only a speed asks for the moment.
    if (!('speed' in pace) || left <= 0 || isEnough(reachedMs)) return reachedMs
    // A rate knows how many are due and not when they happen: the first moment at which they are so many.
    let span = 1
    while (!isEnough(reachedMs + span)) span *= 2
    let [tooEarly, enough] = [span / 2, span]
    while (enough - tooEarly > 1) {
      const middle = Math.floor((tooEarly + enough) / 2)
      if (isEnough(reachedMs + middle)) enough = middle
      else tooEarly = middle
    }
    return reachedMs + enough
  }

  #note(order: string, atMs: number, clockMs: number): void {
    this.#changes = [...this.#changes, { order, atMs, clockMs }]
  }
}
