import type { FraudReport, GroundTruth, Transaction } from '#schemas/types.ts'
import { HOUR_MS } from '#services/time.ts'

/** What is known of one campaign, or of one innocent double. */
export interface SeenCampaign {
  readonly type: GroundTruth['fraud_type']
  readonly twin: boolean
  readonly combination: GroundTruth['combination']
  readonly ringId: string | null
  readonly customers: Set<string>
  readonly firstMs: number
  lastMs: number
  transactions: number
  severity: GroundTruth['fraud_severity']
  lossMinor: number
  recoveredMinor: number
}

/** What an attacker has in common with others of a ring, for the graph: kind and id. */
export type Shared = readonly ['device' | 'payee' | 'merchant' | 'address', string]

const add = <Key>(counts: Map<Key, number>, key: Key, by = 1): Map<Key, number> =>
  counts.set(key, (counts.get(key) ?? 0) + by)

/** Counts what is needed of a labelled stream, record by record: campaigns are kept, transactions are not. */
export class FraudObserver {
  readonly campaigns = new Map<string, SeenCampaign>()
  readonly phases = new Map<string, number>()
  readonly severities = new Map<string, number>()
  /** Frauds of a type in an hour since 1970. */
  readonly hours = new Map<string, number>()
  /** Frauds, by type, that carry a family of anomaly; innocent transactions that do, under NONE. */
  readonly anomalies = new Map<string, number>()
  readonly reports = new Map<string, number>()
  /** Times that a member of a ring used what the ring shares: ring, customer, kind, id. */
  readonly uses = new Map<string, number>()
  transactions = 0
  fraud = 0
  firstMs = Number.POSITIVE_INFINITY
  lastMs = Number.NEGATIVE_INFINITY
  reportedLossMinor = 0
  reportedRecoveredMinor = 0

  truth(tx: Transaction, truth: GroundTruth): void {
    this.transactions++
    this.firstMs = Math.min(this.firstMs, tx.event_time)
    this.lastMs = Math.max(this.lastMs, tx.event_time)
    for (const family of new Set(truth.anomaly_types)) add(this.anomalies, `${truth.fraud_type}/${family}`)
    if (truth.anomaly_types.length > 0) add(this.anomalies, `${truth.fraud_type}/ANY`)
    if (truth.is_fraud) {
      this.fraud++
      add(this.phases, `${truth.fraud_type}/${truth.campaign_phase}`)
      add(this.severities, truth.fraud_severity)
      add(this.hours, `${truth.fraud_type}/${Math.floor(tx.event_time / HOUR_MS)}`)
      this.#ring(tx, truth)
    }
    if (truth.campaign_id !== null && (truth.is_fraud || truth.benign_twin_of !== null)) this.#campaign(tx, truth)
  }

  report({ report_type, claimed_type, version, amount_minor, recovered_minor }: FraudReport): void {
    if (version > 1) {
      add(this.reports, 'revised')
      this.reportedRecoveredMinor += recovered_minor
      return
    }
    add(this.reports, report_type)
    if (claimed_type === 'NONE') add(this.reports, 'claimed as no fraud')
    this.reportedLossMinor += amount_minor
  }

  #campaign(tx: Transaction, truth: GroundTruth): void {
    const known = this.campaigns.get(truth.campaign_id!)
    const campaign = known ?? {
      type: truth.is_fraud ? truth.fraud_type : truth.benign_twin_of!,
      twin: !truth.is_fraud,
      combination: truth.combination,
      ringId: truth.ring_id,
      customers: new Set<string>(),
      firstMs: tx.event_time,
      lastMs: tx.event_time,
      transactions: 0,
      severity: truth.fraud_severity,
      lossMinor: 0,
      recoveredMinor: 0,
    }
    if (known === undefined) this.campaigns.set(truth.campaign_id!, campaign)
    campaign.customers.add(tx.customer_id)
    campaign.lastMs = tx.event_time
    campaign.transactions++
    campaign.severity = truth.fraud_severity
    campaign.lossMinor += truth.loss_minor
    campaign.recoveredMinor += truth.recovered_minor
  }

  #ring(tx: Transaction, { ring_id }: GroundTruth): void {
    if (ring_id === null) return
    const shared: readonly (readonly [Shared[0], string | null])[] = [
      ['device', tx.device_id],
      ['payee', tx.payee_id],
      ['merchant', tx.merchant_id],
      ['address', tx.shipping_address_hash],
    ]
    for (const [kind, id] of shared) if (id !== null) add(this.uses, `${ring_id}\t${tx.customer_id}\t${kind}\t${id}`)
  }
}
