import type { StatusBoard } from './status-board.ts'

/** Behind a stage that stands still for so long nothing is worth waiting. */
const STILL_MS_MAX = 20_000

/** Decides when a producer that is done with history may start the live clock. */
export class HistoryGate {
  #scored = -1
  #movedMs = Number.NEGATIVE_INFINITY

  /** `nowMs` is monotonic. True for as long as a producer waits that need not. */
  mayGoLive({ services, statuses, liveSinceMs }: StatusBoard, nowMs: number): boolean {
    const { producer, 'fraud-injector': injector, scorer, monitor } = statuses
    if (producer?.phase !== 'held') return false
    // A process that takes over in the live part has no history to wait for.
    if (liveSinceMs !== undefined) return true
    const hasReaders = services.some((name) => name !== 'producer')
    if (!hasReaders) return true
    const scored = scorer?.scored ?? 0
    if (scored !== this.#scored) {
      this.#scored = scored
      this.#movedMs = nowMs
    }
    const caughtUp =
      injector?.consumed === producer.transactions &&
      scored === injector.delivered &&
      monitor?.scored === scored &&
      monitor.judged === injector.transactions
    return caughtUp || nowMs - this.#movedMs > STILL_MS_MAX
  }
}
