import type { Logger } from 'pino'
import type { ProducerStatus } from '#infra/service/status.ts'
import type { Schedule } from '#services/producer/schedule.ts'
import { byRate, bySpeed, type Due, type DueContext, type Limits, unlimited, unpaced } from './due.ts'
import { FatalError } from './fatal-error.ts'
import type { Lane } from './lane.ts'

export interface GeneratorSettings {
  readonly lanes: readonly Lane[]
  /** The schedule of a live clock that starts at this moment of simulated time. */
  readonly schedule: (liveFromMs: number) => Schedule
  readonly transactionRecordsMax: number
  readonly lingerMs: number
  /** Start the live clock only when `goLive` is called, so that readers can catch up with the history first. */
  readonly holdLive: boolean
  readonly nowMs: () => number
  readonly log: Logger
}

/** How far the lanes of this process have come; counts as in ProducerStatus. */
export type GeneratorStatus = Omit<ProducerStatus, 'service' | 'ackLatencyMs'>

/** Pacing aims at this grid: a timer that fires late does not make the next one later. */
const TICK_MS = 5
/** Generated in one go before other work gets its turn. */
const BURST_RECORDS_MAX = 500
/** A lane without records tells the time this often. */
const TELL_TIME_MS = 250
const RECOVERY_PAUSE_MS = 500

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Drives the lanes of this process: history at full speed, then the live clock.
 *
 * Behaviour:
 * - the schedule is open loop: what is due is due, whatever the broker does; records leave late with the moment at
 *   which they were meant to leave, and what cannot leave at all by the end is the shortfall;
 * - each lane delivers by itself, one transaction at a time; a lane whose delivery failed goes back to its last commit
 *   and repeats from there.
 */
export class Generator {
  readonly #settings: GeneratorSettings
  readonly #end = Promise.withResolvers<void>()
  #phase: GeneratorStatus['phase'] = 'history'
  #due: Due
  #liveSinceMs: number | null = null
  /** Of each lane, the transactions before the live part of this process. */
  #baseline: number[] = []
  #mayGoLive: boolean
  #limits = unlimited
  #stopping = false
  #deliveries: Promise<void>[] = []
  #finalScheduled: number | undefined
  #frozenMs: number | undefined

  constructor(settings: GeneratorSettings) {
    this.#settings = settings
    this.#mayGoLive = !settings.holdLive
    this.#due = unpaced(this.#context, { ...unlimited, untilMs: settings.lanes[0]?.source.liveFromMs ?? 0 })
    this.#end.promise.catch(() => {})
  }

  /** Ends when `stop` has finished; fails with what cannot be recovered from. */
  get done(): Promise<void> {
    return this.#end.promise
  }

  async start(): Promise<void> {
    const { lanes } = this.#settings
    try {
      await Promise.all(lanes.map((lane) => this.#open(lane)))
    } catch (error) {
      await Promise.all(lanes.map((lane) => lane.close()))
      throw error
    }
    this.#deliveries = lanes.map((lane) => this.#deliverForEver(lane))
    void this.#pump()
  }

  /** Lets the live clock start once history is done; the live part then ends generating where the limits say. */
  goLive(limits: Partial<Limits> = {}): void {
    this.#limits = { ...unlimited, ...limits }
    this.#mayGoLive = true
  }

  /**
   * Stops the schedule now, generates what was due and has room, brings all lanes to the same simulated time and
   * commits everything. What was due and had no room stays behind: it is the shortfall.
   */
  async drain(): Promise<void> {
    if (this.#phase === 'drained' || this.#stopping) return
    const { lanes, nowMs } = this.#settings
    const wasLive = this.#phase === 'live'
    this.#frozenMs = nowMs()
    this.#finalScheduled = this.#due.scheduled()
    this.#phase = 'drained'
    while (wasLive && this.#burst() > 0);
    const isBehind = this.#due.scheduled() > this.#sumLive((lane) => lane.source.transactions)
    // Later than every transaction, so that nothing downstream waits for another one of the same moment.
    const after = 1 + Math.max(...lanes.map((lane) => lane.lastGeneratedMs))
    const reached = Math.max(wasLive && !isBehind ? this.#due.timeReachedMs() : Number.NEGATIVE_INFINITY, after)
    if (reached > Number.NEGATIVE_INFINITY) await Promise.all(lanes.map((lane) => this.#fill(lane, reached)))
    this.#finalScheduled = Math.max(
      this.#finalScheduled,
      this.#sumLive((lane) => lane.source.transactions),
    )
    await this.#whileWaiting(() => lanes.some((lane) => !lane.isEmpty || lane.committed < lane.source.transactions))
  }

  async stop(): Promise<void> {
    await this.drain()
    this.#stopping = true
    await Promise.all(this.#deliveries)
    await Promise.all(this.#settings.lanes.map((lane) => lane.close()))
    this.#end.resolve()
  }

  get status(): GeneratorStatus {
    const { lanes } = this.#settings
    const live = this.#liveSinceMs !== null
    const scheduled = this.#finalScheduled ?? (live ? this.#due.scheduled() : 0)
    const generated = this.#sumLive((lane) => lane.source.transactions)
    const acked = this.#sumLive((lane) => lane.committed)
    return {
      ready: lanes.every((lane) => lane.isOpen),
      phase: this.#phase,
      clockMs: Math.max(lanes[0]!.source.historyFromMs, this.#reachedMs()),
      historyFromMs: lanes[0]!.source.historyFromMs,
      liveFromMs: lanes[0]!.source.liveFromMs,
      liveSinceMs: this.#liveSinceMs,
      scheduled,
      sent: live ? this.#sumLive((lane) => lane.source.transactions - lane.waiting) : 0,
      acked: live ? acked : 0,
      shortfall: live ? Math.max(0, scheduled - (this.#phase === 'drained' ? acked : generated)) : 0,
      ackedAtMs: live && acked > 0 ? Math.max(...lanes.map((lane) => lane.ackedAtMs)) : null,
      transactions: lanes.reduce((sum, lane) => sum + lane.committed, 0),
    }
  }

  get #context(): DueContext {
    return {
      lanes: this.#settings.lanes,
      hasRoom: (lane) => lane.isOpen && lane.waiting < 2 * this.#settings.transactionRecordsMax,
      generatedLive: () => this.#sumLive((lane) => lane.source.transactions),
      nowMs: () => this.#frozenMs ?? this.#settings.nowMs(),
    }
  }

  #sumLive(count: (lane: Lane) => number): number {
    return this.#settings.lanes.reduce((sum, lane, i) => sum + Math.max(0, count(lane) - (this.#baseline[i] ?? 0)), 0)
  }

  #reachedMs(): number {
    const lasts = this.#settings.lanes.map((lane) => lane.lastGeneratedMs)
    return this.#phase === 'live' ? Math.max(this.#due.timeReachedMs(), ...lasts) : Math.max(...lasts)
  }

  async #pump(): Promise<void> {
    while (!this.#stopping && this.#phase !== 'drained') {
      const generated = this.#burst()
      if (this.#phase === 'live') this.#tellIdleTime()
      else if (generated === 0) await this.#leaveHistory()
      if (generated === BURST_RECORDS_MAX) await new Promise((resolve) => setImmediate(resolve))
      else await wait(TICK_MS - (this.#settings.nowMs() % TICK_MS))
    }
  }

  #burst(): number {
    for (let n = 0; n < BURST_RECORDS_MAX; n++) {
      const lane = this.#due.next()
      if (lane === undefined) return n
      lane.generate(this.#due.intendedAtMs(lane))
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
    this.#due = this.#liveDue(this.#liveSinceMs)
    this.#phase = 'live'
  }

  #liveDue(sinceMs: number): Due {
    const { lanes } = this.#settings
    const nextMs = Math.min(...lanes.map((lane) => lane.source.peekMs()))
    const schedule = this.#settings.schedule(Math.max(lanes[0]!.source.liveFromMs, nextMs))
    if (schedule.dueTimeMs !== undefined) return bySpeed(this.#context, this.#limits, schedule, sinceMs)
    if (schedule.dueCount !== undefined) return byRate(this.#context, this.#limits, schedule, sinceMs)
    return unpaced(this.#context, this.#limits)
  }

  /** Lets the time of silent lanes go on: timers and merges downstream wait for the slowest. */
  #tellIdleTime(): void {
    const nowMs = this.#settings.nowMs()
    for (const lane of this.#settings.lanes) {
      if (!lane.isEmpty || !lane.isOpen || nowMs - lane.deliveredAtMs < TELL_TIME_MS) continue
      const reached = Math.min(this.#due.timeReachedMs(), lane.source.peekMs())
      if (reached > lane.toldMs) lane.tellTime(reached)
    }
  }

  /** Generates what a lane still has before `reachedMs`, and tells that time. */
  async #fill(lane: Lane, reachedMs: number): Promise<void> {
    for (;;) {
      await this.#whileWaiting(() => !this.#context.hasRoom(lane))
      if (this.#stopping) return
      if (lane.source.peekMs() >= reachedMs) return lane.tellTime(reachedMs)
      lane.generate(this.#liveSinceMs === null ? null : this.#due.intendedAtMs(lane))
    }
  }

  async #whileWaiting(condition: () => boolean): Promise<void> {
    while (condition() && !this.#stopping) await wait(TICK_MS)
  }

  async #deliverForEver(lane: Lane): Promise<void> {
    const { lingerMs, nowMs, transactionRecordsMax } = this.#settings
    while (!this.#stopping) {
      const startedMs = nowMs()
      if (lane.isEmpty) {
        await wait(TICK_MS)
        continue
      }
      try {
        await lane.deliver()
      } catch (error) {
        await this.#reopen(lane, error)
      }
      if (lane.waiting < transactionRecordsMax) await wait(Math.max(0, lingerMs - (nowMs() - startedMs)))
    }
  }

  async #reopen(lane: Lane, error: unknown): Promise<void> {
    const { log } = this.#settings
    log.warn({ err: error, partition: lane.partition }, 'a delivery failed; going back to the last commit')
    await lane.close()
    try {
      await this.#open(lane)
    } catch (fatal) {
      this.#stopping = true
      this.#end.reject(fatal)
    }
  }

  /** Tries until it works: a broker that has just started finds its coordinators late. */
  async #open(lane: Lane): Promise<void> {
    while (!this.#stopping) {
      try {
        return await lane.open()
      } catch (error) {
        if (error instanceof FatalError) throw error
        this.#settings.log.warn({ err: error, partition: lane.partition }, 'the lane did not open; trying again')
        await wait(RECOVERY_PAUSE_MS)
      }
    }
  }
}
