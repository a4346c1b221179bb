import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Control, CustomerEvent, DeliveryFault, FraudReport, GroundTruth, Transaction } from '#schemas/types.ts'
import type { CheckpointEntry } from '#services/checkpoint.ts'
import type { Damage } from '#services/fold.ts'
import type { Account } from '#services/fraud-injector/account.ts'
import { fraudInjector, type InjectorInputs } from '#services/fraud-injector/fold.ts'
import type { FraudMethod } from '#services/fraud-injector/method.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import type { InjectorTotals } from '#services/fraud-injector/totals.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { defaultSettings, type Settings } from '#services/settings.ts'

/** One transaction that came out, with its truth. */
export interface Labelled {
  readonly tx: Transaction
  readonly truth: GroundTruth
}

/** The injector on one partition, with everything it sends kept. */
export class InjectorRun {
  readonly transactions: Transaction[] = []
  readonly truths: GroundTruth[] = []
  readonly reports: FraudReport[] = []
  readonly events: CustomerEvent[] = []
  readonly faults: DeliveryFault[] = []
  /** Those among the transactions whose bytes are damaged. */
  readonly damaged = new Set<Transaction>()
  /** Times told of transactions, and of reports. */
  readonly watermarks: TopicRecords['watermarks'][] = []
  readonly reportTimes: TopicRecords['watermarks'][] = []
  /** Topic, key, timestamp and value of all that was sent, as text. */
  readonly sent: string[] = []
  readonly keepText: boolean
  #fold: PartitionFold<Account, InjectorTotals, InjectorInputs>
  readonly #make: () => PartitionFold<Account, InjectorTotals, InjectorInputs>
  readonly #saved = new Map<string, CheckpointEntry>()
  readonly #sides = new Map<string, () => void>()

  constructor(settings: Settings, options: { methods?: readonly FraudMethod[]; keepText?: boolean } = {}) {
    const fold = fraudInjector(settings, options.methods ?? methods)
    this.keepText = options.keepText ?? false
    this.#make = () =>
      new PartitionFold(fold, 0, 1, (topic, key, value, ms, _partition, damage) =>
        this.#keep(topic, key, value, ms, damage),
      )
    this.#fold = this.#make()
  }

  get totals(): InjectorTotals {
    return this.#fold.shared
  }

  genuine(tx: Transaction): void {
    this.#fold.process({ topic: 'transactions.genuine', key: tx.customer_id, value: tx, timestampMs: tx.event_time })
  }

  watermark(timeMs: number, records = this.totals.consumed): void {
    const value = { topic: 'transactions.genuine', records, time: timeMs }
    this.#fold.process({ topic: 'watermarks', key: 'transactions.genuine', value, timestampMs: timeMs })
  }

  /** A command of the topic `control`, or (null) one taken back; answers with what is wrong with it. */
  control(key: string, control: Control | null): readonly string[] {
    const { entry, mistakes } = this.#fold.applySide('control', key, control, null)
    this.#sides.set(entry.key, () => this.#fold.applySide('control', key, control, null))
    return mistakes
  }

  /** A genuine record that nobody can read. */
  refuse(): void {
    this.#fold.refuse('transactions.genuine')
  }

  endOfBatch(): void {
    this.#fold.endOfBatch()
  }

  /** Saves, forgets everything, and takes it up again from what was saved. */
  restart(): void {
    for (const entry of this.#fold.checkpoint()) this.#saved.set(entry.key, entry)
    this.#fold = this.#make()
    this.#fold.restore(this.#saved.values())
    // As the task runner does: what was in force is told again.
    for (const tell of this.#sides.values()) tell()
  }

  get labelled(): Labelled[] {
    return this.transactions.map((tx, i) => ({ tx, truth: this.truths[i]! }))
  }

  #told(watermark: TopicRecords['watermarks']): void {
    const told = watermark.topic === 'fraud-reports' ? this.reportTimes : this.watermarks
    told.push(watermark)
  }

  #keep<Name extends TopicName>(
    topic: Name,
    key: string,
    value: TopicRecords[Name],
    timestampMs: number,
    damage?: Damage,
  ): void {
    if (this.keepText) this.sent.push(JSON.stringify([topic, key, timestampMs, value, damage]))
    if (damage !== undefined) this.damaged.add(value as Transaction)
    if (topic === 'transactions') this.transactions.push(value as Transaction)
    else if (topic === 'ground-truth') this.truths.push(value as GroundTruth)
    else if (topic === 'fraud-reports') this.reports.push(value as FraudReport)
    else if (topic === 'customer-events') this.events.push(value as CustomerEvent)
    else if (topic === 'delivery-faults') this.faults.push(value as DeliveryFault)
    else if (topic === 'watermarks') this.#told(value as TopicRecords['watermarks'])
  }
}

/** Settings with a seed and fraud settings of a test's own. */
export const injectorSettings = (seed: string, fraud: Partial<Settings['fraud']> = {}): Settings => ({
  ...defaultSettings,
  seed,
  partitions: 1,
  fraud: { ...defaultSettings.fraud, ...fraud },
})
