import type { Alert, FraudType, GroundTruth } from '#schemas/types.ts'
import type { Received } from '#services/fold.ts'
import type { MonitorShared } from '#services/monitor/counts.ts'
import { type MonitorInputs, monitorFold } from '#services/monitor/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { defaultSettings, liveFromMs as liveFrom } from '#services/settings.ts'

export type MonitorRecord = Received<MonitorInputs>

export const liveFromMs = liveFrom(defaultSettings)

export interface TruthOptions {
  readonly fraud?: FraudType
  readonly campaign?: string
  readonly twinOf?: FraudType
  readonly labelVersion?: number
}

const CUSTOMER = 'CUST0000001'

export function truth(id: string, timeMs: number, options: TruthOptions = {}, key = CUSTOMER): MonitorRecord {
  const value = {
    transaction_id: id,
    label_version: options.labelVersion ?? 1,
    is_fraud: options.fraud !== undefined,
    fraud_type: options.fraud ?? 'NONE',
    campaign_id: options.campaign ?? null,
    benign_twin_of: options.twinOf ?? null,
  } as GroundTruth
  return { topic: 'ground-truth', key, timestampMs: timeMs, value }
}

export function score(id: string, timeMs: number, key = CUSTOMER): MonitorRecord {
  const value = {
    transaction_id: id,
    customer_id: key,
    event_time: timeMs,
    score: 0.5,
    model_version: 'test',
    reasons: [],
    intended_at: null,
  }
  return { topic: 'scores', key, timestampMs: timeMs, value }
}

type AlertTopic = 'alerts.velocity' | 'alerts.anomaly' | 'alerts.fraud'

export function alert(
  id: string,
  timeMs: number,
  topic: AlertTopic = 'alerts.fraud',
  key = CUSTOMER,
  linked: readonly { readonly id: string; readonly timeMs: number }[] = [],
  group = id,
): MonitorRecord {
  const value: Alert = {
    alert_id: `${topic}/${id}`,
    transaction_id: id,
    customer_id: key,
    event_time: timeMs,
    kind: topic === 'alerts.fraud' ? 'FRAUD' : topic === 'alerts.anomaly' ? 'ANOMALY' : 'VELOCITY',
    rule_id: 'rule',
    severity: topic === 'alerts.fraud' ? 'HIGH' : 'LOW',
    score: 0.9,
    text: 'a rule fired',
    reasons: [],
    amount_minor: 100_00,
    payment_rail: 'UPI',
    city: 'Pune',
    history: timeMs < liveFromMs,
    intended_at: null,
    group_id: `${topic}/${group}`,
    transactions: [...linked, { id, timeMs }].map((one) => ({ transaction_id: one.id, event_time: one.timeMs })),
  }
  return { topic, key, timestampMs: timeMs, value }
}

const noOutput = () => {
  throw new Error('the monitor writes nothing')
}

export const monitorPartition = () => new PartitionFold(monitorFold(defaultSettings), 0, 1, noOutput)

/** The shared state after these records. */
export function fold(records: readonly MonitorRecord[]): MonitorShared {
  const partition = monitorPartition()
  for (const record of records) partition.process(record)
  return partition.shared
}
