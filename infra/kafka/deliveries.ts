import type { Logger } from 'pino'
import type { DeliveryFigures } from '#infra/observability/producer-metrics.ts'
import { fatalOf } from './fatal-error.ts'
import type { AnyLane } from './lane.ts'

export interface DeliverySettings {
  readonly lanes: readonly AnyLane[]
  readonly transactionRecordsMax: number
  readonly lingerMs: number
  readonly nowMs: () => number
  readonly log: Logger
}

/** How often those who wait look again. */
export const TICK_MS = 5
const RECOVERY_PAUSE_MS = 500

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Delivers what waits in the lanes, each lane by itself, one transaction at a time. A lane whose delivery failed goes
 * back to its last commit and repeats from there.
 */
export class Deliveries {
  readonly #settings: DeliverySettings
  #running: Promise<void>[] = []
  #stopping = false
  #committed = 0
  #aborted = 0

  constructor(settings: DeliverySettings) {
    this.#settings = settings
  }

  /** Opens the lanes and begins to deliver. `onFatal` hears of what cannot be recovered from. */
  async start(onFatal: (error: unknown) => void): Promise<void> {
    const { lanes } = this.#settings
    try {
      await Promise.all(lanes.map((lane) => this.#open(lane)))
    } catch (error) {
      await this.#close()
      throw error
    }
    this.#running = lanes.map((lane) => this.#deliverForEver(lane, onFatal))
  }

  /** Kafka transactions so far, and how far behind the schedule they are. */
  get figures(): DeliveryFigures {
    const { lanes, nowMs } = this.#settings
    const oldest = lanes.flatMap(({ oldestIntendedMs }) => oldestIntendedMs ?? [])
    const scheduleLagMs = oldest.length === 0 ? 0 : Math.max(0, nowMs() - Math.min(...oldest))
    return { committed: this.#committed, aborted: this.#aborted, scheduleLagMs }
  }

  /** Ends what is under way and closes the lanes. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#running)
    await this.#close()
  }

  async #close(): Promise<void> {
    await Promise.all(this.#settings.lanes.map((lane) => lane.close()))
  }

  async #deliverForEver(lane: AnyLane, onFatal: (error: unknown) => void): Promise<void> {
    const { lingerMs, nowMs, transactionRecordsMax } = this.#settings
    while (!this.#stopping) {
      const startedMs = nowMs()
      if (lane.isEmpty) {
        await wait(TICK_MS)
        continue
      }
      try {
        await lane.deliver()
        this.#committed++
      } catch (error) {
        await this.#reopen(lane, error, onFatal)
      }
      if (lane.waiting < transactionRecordsMax) await wait(Math.max(0, lingerMs - (nowMs() - startedMs)))
    }
  }

  async #reopen(lane: AnyLane, error: unknown, onFatal: (error: unknown) => void): Promise<void> {
    const { log } = this.#settings
    this.#aborted++
    log.warn({ err: error, partition: lane.partition }, 'a delivery failed; going back to the last commit')
    await lane.close()
    try {
      const refused = fatalOf(error)
      if (refused !== undefined) throw refused
      await this.#open(lane)
    } catch (fatal) {
      this.#stopping = true
      onFatal(fatal)
    }
  }

  /** Tries until it works: a broker that has just started finds its coordinators late. */
  async #open(lane: AnyLane): Promise<void> {
    while (!this.#stopping) {
      try {
        return await lane.open()
      } catch (error) {
        const fatal = fatalOf(error)
        if (fatal !== undefined) throw fatal
        this.#settings.log.warn({ err: error, partition: lane.partition }, 'the lane did not open; trying again')
        await wait(RECOVERY_PAUSE_MS)
      }
    }
  }
}
