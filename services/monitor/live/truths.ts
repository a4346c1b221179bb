import type { FraudType, GroundTruth, ModusOperandi } from '#schemas/types.ts'
import { BoundedMap } from './bounded-map.ts'

/** What the truth says of an alerted transaction. `unknown`: its truth has not been read yet. */
export type Truth =
  | { readonly kind: 'fraud'; readonly type: FraudType; readonly modus: ModusOperandi }
  | { readonly kind: 'twin'; readonly of: FraudType }
  | { readonly kind: 'genuine' }
  | { readonly kind: 'unknown' }

/** A campaign of fraud, as far as it has come. */
export interface CampaignView {
  readonly id: string
  readonly type: FraudType
  readonly modus: ModusOperandi
  readonly customerId: string
  readonly firstFraudMs: number
  /** Fraudulent transactions so far, and what they took, paise. */
  readonly frauds: number
  readonly lossMinor: number
  /** Event time of the first of its transactions that was alerted; null while none was. */
  readonly firstAlertMs: number | null
}

/** Frauds and innocent doubles, alerted transactions, and campaigns that are remembered. */
const REMEMBERED_MAX = 20_000
const CAMPAIGNS_MAX = 500

type Known = Exclude<Truth, { readonly kind: 'genuine' | 'unknown' }> & {
  readonly campaign: string | null
  readonly timeMs: number
}

/** Brings truth and alerts together for people who look on, in whatever order they come. Not part of the fold's state. */
export class Truths {
  readonly #known = new BoundedMap<string, Known>(REMEMBERED_MAX)
  readonly #alertedMs = new BoundedMap<string, number>(REMEMBERED_MAX)
  readonly #campaigns = new BoundedMap<string, CampaignView>(CAMPAIGNS_MAX)
  /** Event time up to which something may have been forgotten. */
  #forgottenMs = Number.NEGATIVE_INFINITY

  judge(customerId: string, truth: GroundTruth, timeMs: number): void {
    const known = knownOf(truth, timeMs)
    if (known === undefined) return
    const forgotten = this.#known.put(truth.transaction_id, known)
    if (forgotten !== undefined) this.#forgottenMs = Math.max(this.#forgottenMs, forgotten.timeMs)
    if (known.kind === 'fraud' && known.campaign !== null) this.#moveCampaign(known.campaign, customerId, truth, timeMs)
  }

  alerted(transactionId: string, timeMs: number): void {
    this.#alertedMs.put(transactionId, timeMs)
    const campaign = this.#campaigns.get(this.#known.get(transactionId)?.campaign ?? '')
    if (campaign !== undefined)
      this.#campaigns.put(campaign.id, { ...campaign, firstAlertMs: earlier(campaign, timeMs) })
  }

  /** `truthTimeMs`: up to which event time all truth has been read. */
  of(transactionId: string, timeMs: number, truthTimeMs: number): Truth {
    const known = this.#known.get(transactionId)
    if (known === undefined) return { kind: this.#forgottenMs < timeMs && timeMs < truthTimeMs ? 'genuine' : 'unknown' }
    return known.kind === 'fraud'
      ? { kind: known.kind, type: known.type, modus: known.modus }
      : { kind: known.kind, of: known.of }
  }

  /** Those that moved last, newest first. */
  campaigns(count: number): CampaignView[] {
    return this.#campaigns.values().slice(-count).reverse()
  }

  #moveCampaign(id: string, customerId: string, truth: GroundTruth, timeMs: number): void {
    const before = this.#campaigns.get(id)
    const alertedMs = this.#alertedMs.get(truth.transaction_id)
    const campaign: CampaignView = {
      id,
      type: truth.fraud_type,
      modus: truth.modus_operandi,
      customerId: before?.customerId ?? customerId,
      firstFraudMs: Math.min(before?.firstFraudMs ?? timeMs, timeMs),
      frauds: (before?.frauds ?? 0) + 1,
      lossMinor: (before?.lossMinor ?? 0) + truth.loss_minor,
      firstAlertMs: before?.firstAlertMs ?? null,
    }
    this.#campaigns.put(
      id,
      alertedMs === undefined ? campaign : { ...campaign, firstAlertMs: earlier(campaign, alertedMs) },
    )
  }
}

const earlier = ({ firstAlertMs }: CampaignView, timeMs: number): number => Math.min(firstAlertMs ?? timeMs, timeMs)

function knownOf(truth: GroundTruth, timeMs: number): Known | undefined {
  const { is_fraud, fraud_type: type, modus_operandi: modus, campaign_id: campaign, benign_twin_of: of } = truth
  if (is_fraud) return { kind: 'fraud', type, modus, campaign, timeMs }
  return of === null ? undefined : { kind: 'twin', of, campaign: null, timeMs }
}
