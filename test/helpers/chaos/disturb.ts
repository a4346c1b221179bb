import type { Stage, Verdict } from './stage.ts'
import { Victim, type VictimOrders } from './victim.ts'

const POLL_MS = 100
const PATIENCE_MS = 120_000
/** What is on its way is on its way for less, once all inputs are read: the counter needs a moment to see it. */
const DRY_MS = 10_000
/** Longer than any recovery: a fold that stands still for half a minute, its inputs cut off, has lost nothing yet. */
const QUIET_MS = 60_000

export type Orders = Partial<Omit<VictimOrders, 'service' | 'connection' | 'settings'>>

/** The processes of one disturbed run. Whatever happens, `end` leaves none behind. */
export class Disturbance {
  readonly #stage: Stage
  readonly #service: VictimOrders['service']
  readonly #connection: VictimOrders['connection']
  readonly #victims: Victim[] = []
  kills = 0

  constructor(stage: Stage, service: VictimOrders['service'], connection: VictimOrders['connection']) {
    this.#stage = stage
    this.#service = service
    this.#connection = connection
  }

  start(orders: Orders = {}): Victim {
    const { settings } = this.#stage
    const victim = new Victim({ service: this.#service, connection: this.#connection, settings, ...orders })
    this.#victims.push(victim)
    return victim
  }

  /** Starts a victim, waits until its fault has killed it. */
  async startAndLose(orders: Orders): Promise<void> {
    await this.startAndLoseAll([orders])
  }

  /** The same with several at a time: as one after the other dies, the others take over what was its. */
  async startAndLoseAll(orders: readonly Orders[]): Promise<void> {
    const victims = orders.map((each) => this.start(each))
    const alive = (): boolean => victims.some((victim) => victim.isAlive)
    await until(() => !alive() || this.#stage.outputsAreComplete, 'the fault did not strike')
    if (alive()) throw new Error('everything was done before the fault could strike')
    this.kills += victims.length
  }

  get transactions(): number {
    return this.#victims.reduce((sum, victim) => sum + victim.transactions, 0)
  }

  /** Lets the living finish the inputs, stops them, and says what is in the outputs. */
  async finish(): Promise<Verdict> {
    // Asking is itself a request that a broker in trouble may refuse: then the answer is not yet.
    await until(() => this.#stage.isDone().catch(() => false), 'the inputs are not consumed')
    await this.#settle()
    await this.end()
    return this.#stage.judge()
  }

  /** Until all outputs are there; when some never come, until none can come any more. */
  async #settle(): Promise<void> {
    let count = -1
    let quietSince = 0
    let drySince = 0
    while (!this.#stage.outputsAreComplete) {
      const isDry = await this.#stage.isDry().catch(() => false)
      const now = Date.now()
      const isNew = this.#stage.outputCount !== count
      if (isNew) quietSince = now
      if (isNew || !isDry) drySince = now
      if (now - quietSince > QUIET_MS || now - drySince > DRY_MS) return
      count = this.#stage.outputCount
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#victims.map((victim) => victim.stop()))
  }
}

/** Waits for a condition; fails after two minutes, which on any machine means never. */
export async function until(condition: () => boolean | Promise<boolean>, failure: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error(`${failure} after ${PATIENCE_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
