/** The part of kafkajs that keeps a connection's requests until they may be sent. */
interface RequestQueue {
  /** Those that may not yet. */
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

type Queue<Options> = new (options: Options) => RequestQueue

/**
 * Lets a connection rest when no request waits.
 *
 * Whenever kafkajs 2.2.4 has looked at what waits it plans to look again, also when nothing does, and then in the past,
 * which Node takes for a millisecond and warns of. So every open connection was awake a thousand times a second. A request
 * that has to wait plans a look by itself.
 */
export const restingQueue = <Options>(own: Queue<Options>): Queue<Options> =>
  class extends own {
    override scheduleCheckPendingRequests(): void {
      if (this.pending.length > 0) super.scheduleCheckPendingRequests()
    }
  }
