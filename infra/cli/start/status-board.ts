import type { AckLatencySummary } from '../../kafka/ack-latency.ts'
import type { ServiceName } from '../../service/run-service.ts'
import type {
  InjectorStatus,
  MonitorStatus,
  ProducerStatus,
  ScorerStatus,
  ServiceStatus,
} from '../../service/status.ts'
import { serviceNames } from './services.ts'

/** The newest word of each service. */
export interface Statuses {
  readonly producer?: ProducerStatus
  readonly 'fraud-injector'?: InjectorStatus
  readonly scorer?: ScorerStatus
  readonly monitor?: MonitorStatus
}

type Before = Pick<ProducerStatus, 'scheduled' | 'sent' | 'acked' | 'ackedAtMs' | 'ackLatencyMs' | 'paceChanges'>

const none: Before = { scheduled: 0, sent: 0, acked: 0, ackedAtMs: null, ackLatencyMs: null, paceChanges: [] }

/**
 * Collects what the services say. The producer counts its live part by process, so what a process had reached is kept
 * when it is started again; everybody else counts by the data.
 */
export class StatusBoard {
  /** Those that the run is of. */
  readonly services: readonly ServiceName[]
  #statuses: Statuses = {}
  #producerBefore: Before = none
  #liveSinceMs: number | undefined

  constructor(services: readonly ServiceName[] = serviceNames) {
    this.services = services
  }

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
        ackedAtMs: status.ackedAtMs ?? before.ackedAtMs,
        paceChanges: [...before.paceChanges, ...status.paceChanges],
        ackLatencyMs: longerOf(before.ackLatencyMs, status.ackLatencyMs),
      },
    }
  }

  /** A process of this service ended and another one begins. */
  restarted(service: ServiceStatus['service']): void {
    const { producer } = this.#statuses
    if (service !== 'producer' || producer === undefined) return
    // What was due or sent but never committed is due again for the next process.
    const { acked, ackedAtMs, ackLatencyMs, paceChanges } = producer
    this.#producerBefore = { scheduled: acked, sent: acked, acked, ackedAtMs, ackLatencyMs, paceChanges }
  }
}

/** No percentile of two processes' payments together is above the greater of theirs. */
function longerOf(a: AckLatencySummary | null, b: AckLatencySummary | null): AckLatencySummary | null {
  if (a === null || b === null) return a ?? b
  return {
    p50: Math.max(a.p50, b.p50),
    p95: Math.max(a.p95, b.p95),
    p99: Math.max(a.p99, b.p99),
    max: Math.max(a.max, b.max),
  }
}
