import type { DueContext } from '#infra/kafka/due.ts'
import type { AnyLane } from '#infra/kafka/lane.ts'
import { LivePace, type ScheduleOf } from '#infra/kafka/live-pace.ts'
import { scheduleOf } from '#services/producer/schedule.ts'
import type { Settings } from '#services/settings.ts'

/** A transaction every so often, beginning with the live clock; goes nowhere. */
class Metronome {
  readonly #firstMs: number
  readonly #everyMs: number
  transactions = 0

  constructor(firstMs: number, everyMs: number) {
    this.#firstMs = firstMs
    this.#everyMs = everyMs
  }

  readonly liveFromMs = LIVE_FROM_MS
  peekMs = (): number => this.#firstMs + this.transactions * this.#everyMs
  countDue = (untilMs: number): number =>
    Math.max(0, Math.floor((untilMs - this.#firstMs) / this.#everyMs) + 1 - this.transactions)
}

export const LIVE_FROM_MS = 1_000_000_000

export interface Left {
  /** Event time, from the start of the live clock. */
  readonly timeMs: number
  readonly intendedMs: number | null
  readonly atMs: number
}

/** A live part whose clock is turned by hand: lanes with a transaction every second of simulated time, in turn. */
export class Clockwork {
  readonly pace: LivePace
  /** What has left, in order. */
  readonly left: Left[] = []
  readonly #context: DueContext
  readonly #metronomes: readonly Metronome[]
  #nowMs = 5_000
  #room = Number.POSITIVE_INFINITY

  constructor(scenario: Settings['pace'], schedule: ScheduleOf = scheduleOf, lanes = 2) {
    this.#metronomes = Array.from(
      { length: lanes },
      (_, lane) => new Metronome(LIVE_FROM_MS + 1_000 * lane, 1_000 * lanes),
    )
    this.#context = {
      lanes: this.#metronomes.map((source) => ({ source })) as unknown as readonly AnyLane[],
      hasRoom: () => this.#room > 0,
      generatedLive: () => this.#metronomes.reduce((sum, { transactions }) => sum + transactions, 0),
      nowMs: () => this.#nowMs,
    }
    this.pace = new LivePace(this.#context, schedule, scenario)
  }

  get nowMs(): number {
    return this.#nowMs
  }

  get scheduled(): number {
    return this.pace.scheduled()
  }

  /** Simulated time reached since the live part began. */
  get simulatedMs(): number {
    return this.pace.timeReachedMs() - LIVE_FROM_MS
  }

  /** From now on so many may leave; what is due and may not stays behind. */
  allow(room: number): void {
    this.#room = room
  }

  /** Lets wall-clock time pass, tick by tick, and what is due leave. */
  run(ms: number, tickMs = 5): void {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs; ) {
      this.#nowMs = Math.min(endMs, this.#nowMs + tickMs)
      this.flush()
    }
  }

  flush(): void {
    for (let lane = this.pace.next(); lane !== undefined; lane = this.pace.next()) {
      const source = lane.source as unknown as Metronome
      this.left.push({
        timeMs: source.peekMs() - LIVE_FROM_MS,
        intendedMs: this.pace.intendedAtMs(lane),
        atMs: this.#nowMs,
      })
      source.transactions++
      this.#room--
    }
  }
}
