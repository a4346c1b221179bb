import type {
  Alert,
  FraudReport,
  FraudSeverity,
  FraudType,
  GroundTruth,
  PaymentRail,
  Severity,
  Transaction,
} from '#schemas/types.ts'
import { isDisputable } from '#services/fraud-injector/types/friendly-fraud.ts'
import { customerNumber } from '#services/market/identifiers.ts'
import { featureList } from '#services/scorer/features.ts'
import { isOutgoing } from '#services/scorer/payment.ts'
import type { Dataset } from '../learning/dataset.ts'

/** In the order of their values. */
export const featureNames = featureList.map(({ name }) => name)

const WIDTH = featureNames.length

/** How bad an alert is; 0 for none. */
const ranks: Readonly<Record<Severity, number>> = { UNKNOWN: 1, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 }

/** The payments of a run, a column for each thing known of them: what the scorer saw, what it said, and what is true. */
export class Payments {
  readonly timesMs: number[] = []
  readonly customers: number[] = []
  readonly amountsMinor: number[] = []
  /** NONE for a genuine payment. */
  readonly types: FraudType[] = []
  readonly severities: FraudSeverity[] = []
  /** 1 for a payment of an innocent double. */
  readonly twins: number[] = []
  /** The number of the campaign that a payment belongs to, of a fraud or of a double; 0 for none. */
  readonly campaigns: number[] = []
  /** 1 for an attempt to pay: the scorer judges no money that comes in, and no detector is held against it. */
  readonly judged: number[] = []
  readonly rails: PaymentRail[] = []
  /** 1 for a purchase that its own buyer could dispute: what friendly fraud is held against, being one of them. */
  readonly disputable: number[] = []
  /** The rank of the worst alert, 0 to 4. */
  readonly alerts: number[] = []
  readonly #reports: { readonly row: number; readonly timeMs: number; readonly isFraud: boolean }[] = []
  readonly #rows = new Map<string, number>()
  readonly #campaigns = new Map<string, number>()
  #features = new Float32Array(1024 * WIDTH)
  #known = { truths: 0, features: 0 }

  get count(): number {
    return this.timesMs.length
  }

  transaction(tx: Transaction): void {
    this.#rows.set(tx.transaction_id, this.count)
    this.timesMs.push(tx.event_time)
    this.customers.push(customerNumber(tx.customer_id))
    this.amountsMinor.push(tx.amount_minor)
    this.types.push('NONE')
    this.severities.push('NONE')
    this.twins.push(0)
    this.campaigns.push(0)
    this.judged.push(isOutgoing(tx) ? 1 : 0)
    this.rails.push(tx.payment_rail)
    this.disputable.push(isDisputable(tx) ? 1 : 0)
    this.alerts.push(0)
  }

  truth(truth: GroundTruth): void {
    const row = this.#rowOf(truth.transaction_id)
    this.types[row] = truth.is_fraud ? truth.fraud_type : 'NONE'
    this.severities[row] = truth.fraud_severity
    this.twins[row] = truth.benign_twin_of !== null && !truth.is_fraud ? 1 : 0
    this.campaigns[row] = this.#campaignOf(truth.campaign_id)
    this.#known.truths++
  }

  /** `values` as in a record of features. */
  features(transactionId: string, values: Uint8Array): void {
    const row = this.#rowOf(transactionId)
    if (this.#features.length < (row + 1) * WIDTH) {
      const larger = new Float32Array(2 * this.count * WIDTH)
      larger.set(this.#features)
      this.#features = larger
    }
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
    for (let i = 0; i < WIDTH; i++) this.#features[row * WIDTH + i] = view.getFloat32(i * 4, true)
    this.#known.features++
  }

  /** Counts for all payments of its cause. */
  alert({ transactions, severity }: Pick<Alert, 'transactions' | 'severity'>): void {
    for (const { transaction_id } of transactions) {
      const row = this.#rowOf(transaction_id)
      this.alerts[row] = Math.max(this.alerts[row]!, ranks[severity])
    }
  }

  report({ transaction_id, report_time, claimed_type }: FraudReport): void {
    this.#reports.push({
      row: this.#rowOf(transaction_id),
      timeMs: report_time,
      isFraud: claimed_type !== 'NONE',
    })
  }

  /** Throws when a payment lacks its truth or its features: the figures would be of others than they say. */
  checkComplete(): void {
    const { truths, features } = this.#known
    if (truths === this.count && features === this.count) return
    throw new Error(`${this.count} payments, but ${truths} truths and ${features} rows of features`)
  }

  row(row: number): Float32Array {
    return this.#features.subarray(row * WIDTH, (row + 1) * WIDTH)
  }

  /** The payments of a time, from `fromMs` up to but without `toMs`: those that are judged, or those that are not. */
  within(fromMs: number, toMs: number, judged: 0 | 1 = 1): Uint32Array {
    const rows: number[] = []
    for (let row = 0; row < this.count; row++) {
      if (this.judged[row] === judged && this.timesMs[row]! >= fromMs && this.timesMs[row]! < toMs) rows.push(row)
    }
    return Uint32Array.from(rows)
  }

  /** 1 for each payment of these that had been reported as fraud by a moment, as its newest report by then says. */
  reportedBy(atMs: number, rows: Uint32Array): Uint8Array {
    const reported = new Uint8Array(this.count)
    for (const { row, timeMs, isFraud } of this.#reports) if (timeMs <= atMs) reported[row] = isFraud ? 1 : 0
    return Uint8Array.from(rows, (row) => reported[row]!)
  }

  /** 1 for each payment of these that is fraud. */
  frauds(rows: Uint32Array): Uint8Array {
    return Uint8Array.from(rows, (row) => (this.types[row] === 'NONE' ? 0 : 1))
  }

  /** The features of these payments, with labels. */
  dataset(rows: Uint32Array, labels: Uint8Array): Dataset {
    const values = new Float32Array(rows.length * WIDTH)
    for (const [i, row] of rows.entries()) values.set(this.row(row), i * WIDTH)
    return { names: featureNames, values, labels }
  }

  #campaignOf(id: string | null): number {
    if (id === null) return 0
    const number = this.#campaigns.get(id) ?? this.#campaigns.size + 1
    this.#campaigns.set(id, number)
    return number
  }

  #rowOf(transactionId: string): number {
    const row = this.#rows.get(transactionId)
    if (row === undefined) throw new Error(`nothing is known of transaction ${transactionId}`)
    return row
  }
}
