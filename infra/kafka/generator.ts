import type { DeliveryFigures } from '#infra/observability/producer-metrics.ts'
import type { ProducerStatus } from '#infra/service/status.ts'
import type { Control } from '#schemas/types.ts'
import type { Settings } from '#services/settings.ts'
import { Deliveries, type DeliverySettings, TICK_MS, wait } from './deliveries.ts'
import { type Limits, unlimited } from './due.ts'
import type { AnyLane } from './lane.ts'
import { LivePace, type ScheduleOf } from './live-pace.ts'

export interface GeneratorSettings extends DeliverySettings {
  /** Of the live part, until a command says otherwise. */
  readonly pace: Settings['pace']
  readonly schedule: ScheduleOf
}

/** How far the lanes of this process have come; counts as in ProducerStatus. */
export type GeneratorStatus = Omit<ProducerStatus, 'service' | 'ackLatencyMs'>

/** Generated in one go before other work gets its turn. */
const BURST_RECORDS_MAX = 500
/** A lane without records tells the time this often. */
const TELL_TIME_MS = 250

/**
 * Drives the lanes of this process: history at full speed, then the live clock.
 *
 * Behaviour:
 * - the schedule is open loop: what is due is due, whatever the broker does; records leave late with the moment at
 *   which they were meant to leave, and what cannot leave at all by the end is the shortfall;
 * - what the lanes have generated is delivered meanwhile, and only so much is generated as there is room for.
 */
export class Generator {
  readonly #settings: GeneratorSettings
  readonly #pace: LivePace
  readonly #deliveries: Deliveries
  readonly #end = Promise.withResolvers<void>()
  #phase: GeneratorStatus['phase'] = 'history'
  #liveSinceMs: number | null = null
  /** Of each lane, the transactions before the live part of this process. */
  #baseline: number[] = []
  #mayGoLive = false
  #limits = unlimited
  #isStarted = false
  #stopping = false
  #finalScheduled: number | undefined
  #frozenMs: number | undefined

  constructor(settings: GeneratorSettings) {
    this.#settings = settings
    const { lanes } = settings
    const context = {
      lanes,
      hasRoom: (lane: AnyLane) => this.#hasRoom(lane),
      generatedLive: () => this.#sumLive((lane) => lane.source.transactions),
      nowMs: () => this.#frozenMs ?? settings.nowMs(),
    }
    this.#deliveries = new Deliveries(settings)
    this.#pace = new LivePace(context, settings.schedule, settings.pace)
    this.#end.promise.catch(() => {})
  }

  /** Ends when `stop` has finished; fails with what cannot be recovered from. */
  get done(): Promise<void> {
    return this.#end.promise
  }

  async start(): Promise<void> {
    await this.#deliveries.start((fatal) => {
      this.#stopping = true
      this.#end.reject(fatal)
    })
    this.#isStarted = true
    void this.#pump()
  }

  /** Lets the live clock start, once history is done; the live part then ends generating where the limits say. */
  goLive(limits: Partial<Limits> = {}): void {
    this.#limits = { ...unlimited, ...limits }
    this.#mayGoLive = true
  }

  /** Follows a command of the topic `control`; null takes the newest one back. Answers with what is wrong with it. */
  command(control: Control | null): readonly string[] {
    return this.#pace.command(control)
  }

  /**
   * Stops the schedule now, generates what was due and has room, brings all lanes to the same simulated time and
   * commits everything. What was due and had no room stays behind: it is the shortfall. Before the lanes are open nobody
   * knows where they stand, and nothing happens: ask again.
   */
  async drain(): Promise<void> {
    if (!this.#isStarted || this.#phase === 'drained' || this.#stopping) return
    const { lanes, nowMs } = this.#settings
    const wasLive = this.#phase === 'live'
    this.#frozenMs = nowMs()
    this.#finalScheduled = this.#pace.scheduled()
    this.#phase = 'drained'
    while (wasLive && this.#burst() > 0);
    const isBehind = this.#pace.scheduled() > this.#sumLive((lane) => lane.source.transactions)
    // Later than every transaction, so that nothing downstream waits for another one of the same moment.
    const after = 1 + Math.max(...lanes.map((lane) => lane.source.lastMs))
    const reached = Math.max(wasLive && !isBehind ? this.#pace.timeReachedMs() : Number.NEGATIVE_INFINITY, after)
    await Promise.all(lanes.map((lane) => this.#fill(lane, reached)))
    this.#finalScheduled = Math.max(
      this.#finalScheduled,
      this.#sumLive((lane) => lane.source.transactions),
    )
    await this.#whileWaiting(() => lanes.some((lane) => !lane.isEmpty || lane.committed < lane.source.transactions))
  }

  async stop(): Promise<void> {
    await this.drain()
    this.#stopping = true
    await this.#deliveries.stop()
    this.#end.resolve()
  }

  get status(): GeneratorStatus {
    const { lanes } = this.#settings
    const live = this.#liveSinceMs !== null
    const scheduled = this.#finalScheduled ?? (live ? this.#pace.scheduled() : 0)
    const generated = this.#sumLive((lane) => lane.source.transactions)
    const acked = this.#sumLive((lane) => lane.committed)
    return {
      ready: lanes.every((lane) => lane.isOpen),
      phase: this.#phase,
      clockMs: Math.max(lanes[0]!.source.historyFromMs, this.#reachedMs()),
      historyFromMs: lanes[0]!.source.historyFromMs,
      liveFromMs: lanes[0]!.source.liveFromMs,
      liveSinceMs: this.#liveSinceMs,
      ...this.#pace.commanded,
      paceChanges: this.#pace.changes,
      scheduled,
      sent: live ? this.#sumLive((lane) => lane.source.transactions - lane.waiting) : 0,
      acked: live ? acked : 0,
      shortfall: live ? Math.max(0, scheduled - (this.#phase === 'drained' ? acked : generated)) : 0,
      ackedAtMs: live && acked > 0 ? Math.max(...lanes.map((lane) => lane.ackedAtMs)) : null,
      transactions: lanes.reduce((sum, lane) => sum + lane.committed, 0),
    }
  }

  get deliveries(): DeliveryFigures {
    return this.#deliveries.figures
  }

  #hasRoom(lane: AnyLane): boolean {
    return lane.isOpen && lane.waiting < 2 * this.#settings.transactionRecordsMax
  }

  #sumLive(count: (lane: AnyLane) => number): number {
    return this.#settings.lanes.reduce((sum, lane, i) => sum + Math.max(0, count(lane) - (this.#baseline[i] ?? 0)), 0)
  }

  #reachedMs(): number {
    const lasts = this.#settings.lanes.map((lane) => lane.source.lastMs)
    return this.#phase === 'live' ? Math.max(this.#pace.timeReachedMs(), ...lasts) : Math.max(...lasts)
  }

  async #pump(): Promise<void> {
    while (!this.#stopping && this.#phase !== 'drained') {
      const generated = this.#burst()
      if (this.#phase === 'live') this.#tellIdleTime()
      else if (generated === 0) await this.#leaveHistory()
      // Pacing aims at a grid: a timer that fires late does not make the next one later.
      if (generated === BURST_RECORDS_MAX) await new Promise((resolve) => setImmediate(resolve))
      else await wait(TICK_MS - (this.#settings.nowMs() % TICK_MS))
    }
  }

  #burst(): number {
    for (let n = 0; n < BURST_RECORDS_MAX; n++) {
      const lane = this.#pace.next()
      if (lane === undefined) return n
      lane.generate(this.#pace.intendedAtMs(lane))
    }
    return BURST_RECORDS_MAX
  }

  async #leaveHistory(): Promise<void> {
    const { lanes, nowMs } = this.#settings
    const liveFromMs = lanes[0]!.source.liveFromMs
    if (lanes.some((lane) => !lane.isOpen || lane.source.peekMs() < liveFromMs)) return
    this.#phase = 'held'
    for (const lane of lanes) if (lane.toldMs < liveFromMs) lane.tellTime(liveFromMs)
    if (!this.#mayGoLive || lanes.some((lane) => !lane.isEmpty)) return
    this.#baseline = lanes.map((lane) => lane.source.transactions)
    this.#liveSinceMs = nowMs()
    this.#pace.begin(this.#liveSinceMs, this.#limits)
    this.#phase = 'live'
  }

  /** Lets the time of silent lanes go on: timers and merges downstream wait for the slowest. */
  #tellIdleTime(): void {
    const nowMs = this.#settings.nowMs()
    for (const lane of this.#settings.lanes) {
      if (!lane.isEmpty || !lane.isOpen || nowMs - lane.deliveredAtMs < TELL_TIME_MS) continue
      const reached = Math.min(this.#pace.timeReachedMs(), lane.source.peekMs())
      if (reached > lane.toldMs) lane.tellTime(reached)
    }
  }

  /** Generates what a lane still has before `reachedMs`, and tells that time. */
  async #fill(lane: AnyLane, reachedMs: number): Promise<void> {
    for (;;) {
      await this.#whileWaiting(() => !this.#hasRoom(lane))
      if (this.#stopping) return
      if (lane.source.peekMs() >= reachedMs) return lane.tellTime(reachedMs)
      lane.generate(this.#liveSinceMs === null ? null : this.#pace.intendedAtMs(lane))
    }
  }

  async #whileWaiting(condition: () => boolean): Promise<void> {
    while (condition() && !this.#stopping) await wait(TICK_MS)
  }
}
