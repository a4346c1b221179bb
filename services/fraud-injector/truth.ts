import type { FraudSeverity, GroundTruth, Transaction } from '#schemas/types.ts'
import { signedAmountMinor } from '../market/statement.ts'
import type { Campaign } from './account.ts'
import { type AnomalyLabel, noLabel } from './anomalies/label.ts'
import type { FraudTypeRow } from './fraud-types.ts'
import type { FraudMethod, Mark } from './method.ts'

const RUPEE = 100

/** What holds for a payment that nobody touched; everything else is said on top of it. */
export const genuineTruth = (tx: Transaction, seed: string, label: AnomalyLabel = noLabel): GroundTruth => ({
  transaction_id: tx.transaction_id,
  label_version: 1,
  is_fraud: false,
  fraud_type: 'NONE',
  modus_operandi: 'NONE',
  fraud_confidence: 0,
  fraud_severity: 'NONE',
  fraud_reason: '',
  fraud_evidence: {},
  campaign_id: null,
  ring_id: null,
  campaign_phase: '',
  phase_seq: 0,
  actor_role: 'NONE',
  authorised_by_customer: true,
  combination: 'NONE',
  compromise_time: null,
  report_time: null,
  loss_minor: 0,
  recovered_minor: 0,
  anomaly_types: label.anomaly_types,
  anomaly_severity: label.anomaly_severity,
  benign_twin_of: null,
  injector_seed: seed,
})

/** An odd payment of an honest customer, and why it is made. */
export const benignTruth = (tx: Transaction, cause: string, seed: string): GroundTruth => ({
  ...genuineTruth(tx, seed),
  actor_role: 'CUSTOMER',
  fraud_evidence: { benign_cause: cause },
})

/** A genuine record that a campaign touched: where a card was copied, a payment that failed because of it. */
export function markedTruth(
  tx: Transaction,
  mark: Mark,
  campaign: Campaign,
  method: FraudMethod,
  seed: string,
): GroundTruth {
  return {
    ...(mark.isFraud ? fraudTruth(tx, campaign, method, seed) : genuineTruth(tx, seed)),
    fraud_evidence: mark.isFraud ? { ...mark.evidence, ...combinedEvidence(campaign) } : mark.evidence,
    campaign_id: campaign.id,
    ring_id: campaign.ringId,
    campaign_phase: mark.phase,
    phase_seq: mark.sequence,
    actor_role: mark.role,
    compromise_time: campaign.compromiseMs,
    benign_twin_of: campaign.twin ? campaign.type : null,
  }
}

/** An inserted payment of an innocent double. */
export const twinTruth = (tx: Transaction, campaign: Campaign, seed: string): GroundTruth => ({
  ...genuineTruth(tx, seed),
  campaign_id: campaign.id,
  actor_role: 'CUSTOMER',
  benign_twin_of: campaign.type,
})

/** A fraudulent payment; evidence, phase and number are the caller's. */
export function fraudTruth(tx: Transaction, campaign: Campaign, method: FraudMethod, seed: string): GroundTruth {
  const loss = lossMinor(tx, method.row)
  return {
    ...genuineTruth(tx, seed),
    is_fraud: true,
    fraud_type: campaign.type,
    modus_operandi: campaign.modus,
    fraud_confidence: campaign.confidence,
    fraud_severity: severity(campaign.grossMinor),
    fraud_reason: method.reason(campaign),
    campaign_id: campaign.id,
    ring_id: campaign.ringId,
    actor_role: method.row.actorRole,
    authorised_by_customer: method.row.authorisedByCustomer,
    combination: campaign.combination,
    compromise_time: campaign.compromiseMs,
    report_time: reportMs(campaign, tx.event_time),
    loss_minor: loss,
    recovered_minor: Math.round(loss * campaign.recoveredShare),
  }
}

/** What tells of the campaigns that this one hangs together with. */
export const combinedEvidence = ({ follows, stage }: Campaign): Record<string, string> => ({
  ...(follows === null ? {} : { follows_campaign: follows }),
  ...(stage === 0 ? {} : { stage: String(stage) }),
})
/** Paise of an amount, of a refund or of another record, that somebody loses. */
export const lostOf = (amountMinor: number, refund: boolean, { lostOnRefunds, lossShare }: FraudTypeRow): number =>
  refund === (lostOnRefunds ?? false) ? Math.round(amountMinor * (lossShare ?? 1)) : 0

/** Paise that a record costs somebody: what leaves the account, or comes back to it without a right. */
export function lossMinor(tx: Transaction, row: FraudTypeRow): number {
  const moved = signedAmountMinor(tx)
  const refund = tx.event_type === 'REFUND'
  return moved === 0 || (moved > 0 && !refund) ? 0 : lostOf(tx.amount_minor, refund, row)
}

/** By what the campaign is after, paise. */
export function severity(grossMinor: number): FraudSeverity {
  if (grossMinor < 1_000 * RUPEE) return 'LOW'
  if (grossMinor < 10_000 * RUPEE) return 'MEDIUM'
  return grossMinor < 100_000 * RUPEE ? 'HIGH' : 'CRITICAL'
}

/** The bank tells of an attempt on a blocked account a minute later. */
const NOTICE_MS = 60_000

/** When a payment of the campaign is reported: all together, when the victim notices, but none before it happened. */
export const reportMs = (campaign: Campaign, eventMs: number): number =>
  Math.max(campaign.noticedMs, eventMs + NOTICE_MS)
