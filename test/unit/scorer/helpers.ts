import { partitionOf } from '#schemas/partition.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { FraudReport, Transaction } from '#schemas/types.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Received } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import type { Random } from '#services/random.ts'
import { contextOf } from '#services/scorer/context-of.ts'
import { type CustomerInputs, customerFold } from '#services/scorer/customer-fold.ts'
import { type CustomerState, learn, newCustomerState } from '#services/scorer/customer-state.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import type { FeatureContext } from '#services/scorer/feature-context.ts'
import { computeOperands, operands } from '#services/scorer/operands.ts'
import { paymentOf } from '#services/scorer/payment.ts'
import { defaultSettings } from '#services/settings.ts'
import { NEVER_MS } from '#services/time.ts'

/** Monday 2025-10-13, noon in India. */
export const NOON = Date.parse('2025-10-13T06:30:00Z')

let made = 0

/** An ordinary UPI payment of 200 rupees at a QR code in Pune. */
export function transaction(overrides: Partial<Transaction> = {}): Transaction {
  const event_time = overrides.event_time ?? NOON
  return {
    transaction_id: `T${made++}`,
    event_type: 'AUTHORISATION',
    original_transaction_id: null,
    retrieval_reference_number: '000000000000',
    system_trace_audit_number: '000000',
    customer_id: 'CUST0000001',
    account_id: 'AC1',
    payment_rail: 'UPI',
    instrument_token: 'vpa-1',
    card_network: null,
    issuer_code: 'SBIN',
    amount_minor: 20_000,
    currency: 'INR',
    balance_after_minor: 1_000_000,
    credit_utilisation: null,
    emi_tenure_months: null,
    loyalty_points_delta: 0,
    event_time,
    local_time: event_time + 19_800_000,
    ingest_time: event_time + 100,
    settlement_date: 20_374,
    merchant_id: 'MER1',
    terminal_id: null,
    mcc: '5411',
    merchant_name: 'Corner shop',
    category: 'GROCERIES',
    subcategory: 'kirana',
    merchant_type: 'LOCAL',
    payee_id: null,
    city: 'Pune',
    state_code: 'MH',
    country_code: 'IN',
    lat: null,
    lon: null,
    location_type: 'HOME',
    shipping_city: null,
    shipping_address_hash: null,
    channel: 'QR',
    pos_entry_mode: null,
    authentication_method: 'UPI_PIN',
    device_id: 'DEV1',
    device_os: 'ANDROID',
    app_version: '1.0.0',
    ip_prefix: '10.0.0',
    status_response: { status: 'APPROVED', response_code: '00' },
    intended_at: null,
    ...overrides,
  }
}

export const declined = { status_response: { status: 'DECLINED', response_code: 'Z9' } } as const

export interface Answers {
  counterparty?: readonly number[]
  device?: readonly number[]
}

/** Lets one customer pay, one transaction after another, and returns what features of the last are computed from. */
export function contextOfLast(transactions: readonly Transaction[], answers: Answers = {}): FeatureContext {
  const customer: CustomerState = newCustomerState()
  const context = (one: Transaction): FeatureContext =>
    contextOf(paymentOf(one), customer, false, { counterparty: undefined, device: undefined, ...answers })
  for (const one of transactions.slice(0, -1)) learn(customer, context(one).payment)
  return context(transactions.at(-1)!)
}

/** Features and fields of the last of one customer's transactions by name. */
export function valuesOfLast(transactions: readonly Transaction[], answers: Answers = {}): Record<string, number> {
  const values = new Float64Array(operands.length)
  computeOperands(contextOfLast(transactions, answers), values)
  return Object.fromEntries(operands.map(({ name }, i) => [name, values[i]!]))
}

export interface Sent {
  readonly topic: TopicName
  readonly key: string
  readonly value: unknown
  readonly timestampMs: number
}

/** Both folds on all partitions, with the topics between them as queues. The generator decides who reads how much next. */
export class ScorerNetwork {
  readonly partitions: number
  /** What leaves the scorer, by partition, in order. */
  readonly out: Sent[][]
  readonly customers
  readonly entities
  readonly #random: Random
  readonly #inbox: Record<CustomerInputs | 'scorer.questions', Received[][]>
  readonly #checkpoints: Map<string, CheckpointEntry>[]

  constructor(partitions: number, random: Random, reports: readonly FraudReport[] = []) {
    const queues = () => Array.from({ length: partitions }, (): Received[] => [])
    this.partitions = partitions
    this.#random = random
    this.#inbox = {
      transactions: queues(),
      'scorer.answers': queues(),
      watermarks: queues(),
      'fraud-reports': queues(),
      'scorer.questions': queues(),
    }
    this.out = Array.from({ length: partitions }, () => [])
    this.#checkpoints = Array.from({ length: 2 * partitions }, () => new Map())
    this.customers = this.out.map((_, partition) => this.#customerPartition(partition))
    this.entities = this.out.map((_, partition) => this.#entityPartition(partition))
    this.#report(reports)
  }

  feed(transactions: readonly Transaction[]): void {
    for (const value of transactions) {
      const partition = partitionOf(value.customer_id, this.partitions)
      const record = { topic: 'transactions', key: value.customer_id, value, timestampMs: value.event_time } as const
      this.#inbox.transactions[partition]!.push(record)
    }
  }

  /** Says that no partition has records before `time` left, so that nothing waits for a silent one. */
  finish(time: number): void {
    for (const [partition, log] of this.#inbox.transactions.entries()) {
      const records = this.customers[partition]!.shared.consumed + log.length
      const value = { topic: 'transactions', records, time }
      this.#inbox.watermarks[partition]!.push({ topic: 'watermarks', key: value.topic, value, timestampMs: time })
    }
  }

  /** Works until all is read; `restart` replaces folds by ones restored from their checkpoints now and then. */
  run(restart = false): void {
    for (;;) {
      const waiting = Object.values(this.#inbox).flatMap((queues) =>
        queues.flatMap((queue, partition) => (queue.length > 0 ? [{ queue, partition }] : [])),
      )
      if (waiting.length === 0) return
      const { queue, partition } = this.#random.pick(waiting)
      const fold = queue[0]!.topic === 'scorer.questions' ? this.entities[partition]! : this.customers[partition]!
      // Reports are so few that they would all be read before the payments that have to wait for them.
      const count = queue[0]!.topic === 'fraud-reports' ? 1 : this.#random.integer(1, 40)
      for (const record of queue.splice(0, count)) fold.process(record as Received<never>)
      fold.endOfBatch()
      if (restart && this.#random.chance(0.2)) this.#restart(this.#random.below(this.partitions))
    }
  }

  /** Of reports the time just before each is told, by partition, and after the last that none follows. */
  #report(reports: readonly FraudReport[]): void {
    const tell = (partition: number, time: number): void => {
      const value = { topic: 'fraud-reports', records: this.#inbox['fraud-reports'][partition]!.length, time }
      this.#inbox.watermarks[partition]!.push({ topic: 'watermarks', key: value.topic, value, timestampMs: time })
    }
    for (const value of reports.toSorted((a, b) => a.report_time - b.report_time)) {
      const { customer_id: key, report_time: timestampMs } = value
      const partition = partitionOf(key, this.partitions)
      tell(partition, timestampMs - 1)
      this.#inbox['fraud-reports'][partition]!.push({ topic: 'fraud-reports', key, value, timestampMs })
    }
    for (let partition = 0; partition < this.partitions; partition++) tell(partition, NEVER_MS)
  }

  of(topic: TopicName): Sent[] {
    return this.out.flat().filter((sent) => sent.topic === topic)
  }

  #restart(partition: number): void {
    const saved = this.#save(2 * partition, this.customers[partition]!.checkpoint())
    this.customers[partition] = this.#customerPartition(partition)
    this.customers[partition]!.restore(saved)
    const savedEntities = this.#save(2 * partition + 1, this.entities[partition]!.checkpoint())
    this.entities[partition] = this.#entityPartition(partition)
    this.entities[partition]!.restore(savedEntities)
  }

  #save(slot: number, entries: CheckpointEntry[]): Iterable<CheckpointEntry> {
    for (const entry of entries) this.#checkpoints[slot]!.set(entry.key, entry)
    return this.#checkpoints[slot]!.values()
  }

  #customerPartition(partition: number) {
    return new PartitionFold(customerFold(defaultSettings), partition, this.partitions, this.#emitFrom(partition))
  }

  #entityPartition(partition: number) {
    const fold = entityFold(defaultSettings, this.partitions)
    return new PartitionFold(fold, partition, this.partitions, this.#emitFrom(partition))
  }

  #emitFrom(from: number) {
    return <Name extends TopicName>(
      topic: Name,
      key: string,
      value: TopicRecords[Name],
      timestampMs: number,
      to = partitionOf(key, this.partitions),
    ): void => {
      const record = { topic, key, value, timestampMs }
      if (topic === 'scorer.questions' || topic === 'scorer.answers') {
        this.#inbox[topic as 'scorer.questions' | 'scorer.answers'][to]!.push(record as Received)
      } else this.out[from]!.push(record)
    }
  }
}
