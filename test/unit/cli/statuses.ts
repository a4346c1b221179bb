import type { InjectorStatus, MonitorStatus, ProducerStatus, ScorerStatus } from '#infra/service/status.ts'
import type { AlertView } from '#services/monitor/latest-alerts.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'

/** 2025-10-13, 03:00 IST. */
export const LIVE_FROM_MS = Date.UTC(2025, 9, 12, 21, 30)

export const producer: ProducerStatus = {
  service: 'producer',
  ready: true,
  phase: 'live',
  clockMs: LIVE_FROM_MS + 402 * MINUTE_MS,
  historyFromMs: LIVE_FROM_MS - 14 * DAY_MS,
  liveFromMs: LIVE_FROM_MS,
  liveSinceMs: 1_000_000,
  pace: { speed: 600 },
  isPaused: false,
  paceChanges: [],
  scheduled: 12_345,
  sent: 12_340,
  acked: 12_300,
  shortfall: 5,
  ackedAtMs: 1_024_600,
  ackLatencyMs: { p50: 30, p95: 48, p99: 61, max: 240 },
  transactions: 152_300,
}

export const injector: InjectorStatus = {
  service: 'fraud-injector',
  ready: true,
  consumed: 152_250,
  transactions: 153_000,
  delivered: 153_000,
  faults: {},
  fraud: 1_530,
  byType: { VELOCITY_ABUSE: 700, ACCOUNT_TAKEOVER: 630, CARD_CLONING: 200 },
  campaigns: { VELOCITY_ABUSE: 120, ACCOUNT_TAKEOVER: 95, CARD_CLONING: 40 },
  activeCampaigns: { VELOCITY_ABUSE: 3 },
  anomalous: 7_600,
  anomalies: { BEHAVIORAL: 4_200, GEOGRAPHIC: 1_700, TEMPORAL: 1_500, AMOUNT: 1_600 },
}

export const scorer: ScorerStatus = {
  service: 'scorer',
  ready: true,
  scored: 152_900,
  duplicates: 0,
  tooLate: 0,
  alerts: { velocity: 420, anomaly: 210, fraud: 840 },
  keys: { customers: 5_000, entities: 21_000 },
  evicted: { customers: 0, entities: 0, payments: 0, answers: 0, questions: 0, reports: 0 },
}

export const latestAlert = (index: number): AlertView => ({
  kind: 'FRAUD',
  severity: index % 2 === 0 ? 'CRITICAL' : 'HIGH',
  eventTimeMs: LIVE_FROM_MS + index * MINUTE_MS,
  customerId: `CUST000000${index}`,
  text: 'A new device pays a new payee far more than this customer does. Amount to the 95th percentile: 12 (ordinary: 1)',
  reasons: [{ feature: 'amount_ratio_p95_30d', value: 12.345, baseline: 1 }],
  amountMinor: 49_999_00,
  city: 'Mumbai',
})

export const monitor: MonitorStatus = {
  service: 'monitor',
  ready: true,
  judged: 153_000,
  scored: 152_880,
  quality: {
    precision: 0.614,
    recall: 0.72,
    byType: {
      VELOCITY_ABUSE: { fraud: 700, detected: 560 },
      ACCOUNT_TAKEOVER: { fraud: 630, detected: 315 },
      CARD_CLONING: { fraud: 200, detected: 20 },
    },
    medianTimeToDetectMs: 4 * MINUTE_MS,
  },
  cases: { opened: 1_200, open: 14, cooling: 60, closed: 1_126, newest: [] },
  alertsBySeverity: { CRITICAL: 140, HIGH: 700, MEDIUM: 420, LOW: 210 },
  latencyMs: { p50: 120, p95: 300, p99: 1_200 },
  latestAlerts: [0, 1, 2, 3, 4, 5, 6].map(latestAlert),
  metricsUrl: 'http://127.0.0.1:9400/metrics',
  pageUrl: 'http://127.0.0.1:9500',
}

export const statuses = { producer, 'fraud-injector': injector, scorer, monitor }
