import type { Settings } from '#services/settings.ts'
import type { ServiceName } from '../../service/run-service.ts'
import type { ProducerStatus } from '../../service/status.ts'
import { type Phase, paceInForce, type ViewModel } from '../view/model.ts'
import type { Screen } from '../view/screen.ts'
import { ackedPerSecond } from './report.ts'
import { StatusBoard } from './status-board.ts'

const phaseNames: Readonly<Record<ProducerStatus['phase'], Phase>> = {
  history: 'history',
  held: 'catching up',
  live: 'live',
  drained: 'draining',
}

/** Keeps what there is to show and shows it, every so often, until it is closed. */
export class Display {
  readonly board: StatusBoard
  readonly #screen: Screen
  readonly #settings: Settings
  readonly #beganMs = Date.now()
  readonly #timer: NodeJS.Timeout
  readonly #steps: string[] = []
  readonly #notes: string[] = []
  #page: string | undefined
  #ending: 'draining' | 'stopping' | undefined

  constructor(screen: Screen, settings: Settings, services: readonly ServiceName[]) {
    this.board = new StatusBoard(services)
    this.#screen = screen
    this.#settings = settings
    this.#timer = setInterval(() => this.#show(), screen.everyMs)
  }

  /** What the start-up does now. */
  step(text: string): void {
    this.#steps.push(text)
    this.#show()
  }

  note(text: string): void {
    this.#notes.push(text)
    this.#show()
  }

  /** Where the live page is. */
  page(address: string): void {
    this.#page = address
  }

  ending(phase: 'draining' | 'stopping'): void {
    this.#ending = phase
    this.#show()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#show()
    this.#screen.close()
  }

  get #phase(): Phase {
    const { producer } = this.board.statuses
    if (this.#ending !== undefined) return this.#ending
    return producer === undefined ? 'starting' : phaseNames[producer.phase]
  }

  #show(): void {
    const model: ViewModel = {
      phase: this.#phase,
      steps: this.#steps,
      notes: this.#notes,
      page: this.#page,
      seed: this.#settings.seed,
      pace: paceInForce(this.board.statuses.producer, this.#settings),
      elapsedMs: Date.now() - this.#beganMs,
      ackedPerSecond: ackedPerSecond(this.board),
      statuses: this.board.statuses,
    }
    this.#screen.show(model)
  }
}
