import type {
  InjectorStatus,
  MonitorStatus,
  ProducerStatus,
  ScorerStatus,
  ServiceStatus,
} from '../../service/status.ts'

/** The newest word of each service. */
export interface Statuses {
  readonly producer?: ProducerStatus
  readonly 'fraud-injector'?: InjectorStatus
  readonly scorer?: ScorerStatus
  readonly monitor?: MonitorStatus
}

type LiveCounts = Pick<ProducerStatus, 'scheduled' | 'sent' | 'acked'>

const none: LiveCounts = { scheduled: 0, sent: 0, acked: 0 }

/**
 * Collects what the services say. The producer counts its live part by process, so what a process had reached is kept
 * when it is started again; everybody else counts by the data.
 */
export class StatusBoard {
  #statuses: Statuses = {}
  #producerBefore: LiveCounts = none
  #liveSinceMs: number | undefined

  get statuses(): Statuses {
    return this.#statuses
  }

  /** Wall-clock moment at which the live clock started, in whichever process. */
  get liveSinceMs(): number | undefined {
    return this.#liveSinceMs
  }

  update(status: ServiceStatus): void {
    if (status.service !== 'producer') {
      this.#statuses = { ...this.#statuses, [status.service]: status }
      return
    }
    this.#liveSinceMs ??= status.liveSinceMs ?? undefined
    const before = this.#producerBefore
    this.#statuses = {
      ...this.#statuses,
      producer: {
        ...status,
        scheduled: before.scheduled + status.scheduled,
        sent: before.sent + status.sent,
        acked: before.acked + status.acked,
      },
    }
  }

  /** A process of this service ended and another one begins. */
  restarted(service: ServiceStatus['service']): void {
    const { producer } = this.#statuses
    if (service !== 'producer' || producer === undefined) return
    // What was due or sent but never committed is due again for the next process.
    this.#producerBefore = { scheduled: producer.acked, sent: producer.acked, acked: producer.acked }
  }
}
