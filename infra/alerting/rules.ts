import type { AlertRule, Series } from './alert-rule.ts'

const series = (name: string, values: string): Series => ({ series: name, values })

/** Labels of the scrapes in the tests. */
const monitor = 'job="rupeestream",instance="monitor"'

/** About the stream. Limits are choices for a demo of some hundred payments a second. */
const domain: readonly AlertRule[] = [
  {
    name: 'FraudBurst',
    group: 'domain',
    severity: 'warning',
    value: 'sum by (type) (increase(rupeestream_monitor_fraud_detected_total[1m]))',
    operator: '>',
    limit: 20,
    holdsFor: '0s',
    summary: 'Many frauds of one type are being found: {{ $labels.type }}',
    description:
      'More than 20 payments within a minute were fraud of this type, and found. Look at the cases of the last minutes: one campaign with many victims, or a new wave of many.',
    fires: [series(`rupeestream_monitor_fraud_detected_total{${monitor},type="ACCOUNT_TAKEOVER"}`, '0+8x40')],
    labels: { type: 'ACCOUNT_TAKEOVER' },
    silent: [series(`rupeestream_monitor_fraud_detected_total{${monitor},type="ACCOUNT_TAKEOVER"}`, '0+2x40')],
  },
  {
    name: 'CardTestingBot',
    group: 'domain',
    severity: 'critical',
    value: 'sum(increase(rupeestream_monitor_alerts_total{rule="decline-wave-at-merchant"}[1m]))',
    operator: '>',
    limit: 10,
    holdsFor: '0s',
    summary: 'A bot seems to be trying cards',
    description:
      'More than 10 customers within a minute had a small payment at a merchant where many cards are declined. Find the merchant in the alerts and let it ask for a second factor.',
    fires: [
      series(
        `rupeestream_monitor_alerts_total{${monitor},rule="decline-wave-at-merchant",severity="MEDIUM"}`,
        '0+4x40',
      ),
    ],
    labels: {},
    silent: [
      series(
        `rupeestream_monitor_alerts_total{${monitor},rule="decline-wave-at-merchant",severity="MEDIUM"}`,
        '0+1x40',
      ),
    ],
  },
  {
    name: 'PrecisionDrop',
    group: 'domain',
    severity: 'warning',
    value:
      'sum(increase(rupeestream_monitor_true_positives_total[5m])) / (sum(increase(rupeestream_monitor_alerted_transactions_total[5m])) > 50)',
    operator: '<',
    limit: 0.05,
    holdsFor: '2m',
    summary: 'Most alerts are false',
    description:
      'Of the payments alerted in the last five minutes, more than 50, fewer than one in twenty was fraud. Ordinary life may have changed (a festival), or a rule was made too wide.',
    fires: [
      series(`rupeestream_monitor_true_positives_total{${monitor}}`, '0+1x40'),
      series(`rupeestream_monitor_alerted_transactions_total{${monitor}}`, '0+100x40'),
    ],
    labels: {},
    silent: [
      series(`rupeestream_monitor_true_positives_total{${monitor}}`, '0+1x40'),
      series(`rupeestream_monitor_alerted_transactions_total{${monitor}}`, '0+5x40'),
    ],
  },
  {
    name: 'RecallDrop',
    group: 'domain',
    severity: 'warning',
    value:
      'sum(increase(rupeestream_monitor_fraud_detected_total[5m])) / (sum(increase(rupeestream_monitor_fraud_total[5m])) > 20)',
    operator: '<',
    limit: 0.3,
    holdsFor: '2m',
    summary: 'Most frauds are missed',
    description:
      'Of the frauds of the last five minutes, more than 20, fewer than three in ten were found. Fraud may have become harder to see (fraud.difficulty), be of another type, or a rule may be paused.',
    fires: [
      series(`rupeestream_monitor_fraud_detected_total{${monitor},type="MULE_ACCOUNT"}`, '0+1x40'),
      series(`rupeestream_monitor_fraud_total{${monitor},type="MULE_ACCOUNT"}`, '0+30x40'),
    ],
    labels: {},
    silent: [
      series(`rupeestream_monitor_fraud_detected_total{${monitor},type="MULE_ACCOUNT"}`, '0+20x40'),
      series(`rupeestream_monitor_fraud_total{${monitor},type="MULE_ACCOUNT"}`, '0+30x40'),
    ],
  },
]

/** About the machinery. */
const operations: readonly AlertRule[] = [
  {
    name: 'Shortfall',
    group: 'operations',
    severity: 'warning',
    value: 'sum(rupeestream_producer_shortfall)',
    operator: '>',
    limit: 1_000,
    holdsFor: '1m',
    summary: 'The producer does not keep up with its schedule',
    description:
      'More than 1,000 payments that were due have not been sent for a minute. The broker is slow or away, or more was asked for than this machine makes: lower the rate, or add a shard.',
    fires: [series('rupeestream_producer_shortfall{job="rupeestream",instance="producer"}', '5000x40')],
    labels: {},
    silent: [series('rupeestream_producer_shortfall{job="rupeestream",instance="producer"}', '200x40')],
  },
  {
    name: 'ConsumerLag',
    group: 'operations',
    severity: 'warning',
    value: 'sum by (consumergroup) (kafka_consumergroup_lag)',
    operator: '>',
    limit: 50_000,
    holdsFor: '2m',
    summary: 'A consumer group falls behind: {{ $labels.consumergroup }}',
    description:
      'More than 50,000 records have been waiting for two minutes. Its service is down, restarting, or too slow: look at its readiness and at the time that folding takes.',
    fires: [
      series(
        `kafka_consumergroup_lag{${monitor},consumergroup="scorer.customer",topic="transactions",partition="0"}`,
        '90000x40',
      ),
    ],
    labels: { consumergroup: 'scorer.customer' },
    silent: [
      series(
        `kafka_consumergroup_lag{${monitor},consumergroup="scorer.customer",topic="transactions",partition="0"}`,
        '900x40',
      ),
    ],
  },
  {
    name: 'DeadLetters',
    group: 'operations',
    severity: 'warning',
    value: 'sum by (cause) (increase(rupeestream_task_dead_letters_total[5m]))',
    operator: '>',
    limit: 0,
    holdsFor: '0s',
    summary: 'Records are put aside: {{ $labels.cause }}',
    description:
      'Records that cannot be read or handled have gone to dead-letters. They say why: `rupeestream tail dead-letters`. With disorder.corrupt above 0 this is meant to happen.',
    fires: [
      series('rupeestream_task_dead_letters_total{job="rupeestream",instance="scorer",cause="CORRUPT"}', '0x30 1x9'),
    ],
    labels: { cause: 'CORRUPT' },
    silent: [
      series('rupeestream_task_dead_letters_total{job="rupeestream",instance="scorer",cause="CORRUPT"}', '7x40'),
    ],
  },
  {
    name: 'AbortedTransactions',
    group: 'operations',
    severity: 'warning',
    value: 'sum by (instance) (increase(rupeestream_task_aborted_transactions_total[5m]))',
    operator: '>',
    limit: 10,
    holdsFor: '1m',
    summary: 'Transactions are given up again and again by {{ $labels.instance }}',
    description:
      'More than ten Kafka transactions within five minutes had to be done again. Nothing is lost, but something is wrong between the service and the broker: look into its log.',
    fires: [series('rupeestream_task_aborted_transactions_total{job="rupeestream",instance="scorer"}', '0+1x40')],
    labels: { instance: 'scorer' },
    silent: [series('rupeestream_task_aborted_transactions_total{job="rupeestream",instance="scorer"}', '0x24 4x15')],
  },
  {
    name: 'RestartLoop',
    group: 'operations',
    severity: 'critical',
    value: 'changes(process_start_time_seconds{job="rupeestream"}[10m])',
    operator: '>',
    limit: 2,
    holdsFor: '0s',
    summary: '{{ $labels.instance }} restarts again and again',
    description:
      'Three restarts within ten minutes. The last lines of its log say why; what kills it will most likely kill it again.',
    fires: [series('process_start_time_seconds{job="rupeestream",instance="scorer"}', '100x7 200x7 300x7 400x16')],
    labels: { instance: 'scorer', job: 'rupeestream' },
    silent: [series('process_start_time_seconds{job="rupeestream",instance="scorer"}', '100x15 300x24')],
  },
  {
    name: 'ServiceDown',
    group: 'operations',
    severity: 'critical',
    value: 'up{job="rupeestream"}',
    operator: '<',
    limit: 1,
    holdsFor: '30s',
    summary: '{{ $labels.instance }} does not answer',
    description: 'Prometheus has not reached the service for half a minute: it is down, or stands still.',
    fires: [series('up{job="rupeestream",instance="scorer"}', '1x16 0x23')],
    labels: { instance: 'scorer', job: 'rupeestream' },
    silent: [series('up{job="rupeestream",instance="scorer"}', '1x40')],
  },
  {
    name: 'NoTransactions',
    group: 'operations',
    severity: 'critical',
    value: 'sum(increase(rupeestream_scorer_scored_total[2m]))',
    operator: '<',
    limit: 1,
    holdsFor: '1m',
    summary: 'No payment is scored any more',
    description:
      'For two minutes nothing has come out of the scorer. See where it stops: sent and acknowledged by the producer, injected, scored. A stream that is paused by command looks the same.',
    fires: [series('rupeestream_scorer_scored_total{job="rupeestream",instance="scorer"}', '5000x40')],
    labels: {},
    silent: [series('rupeestream_scorer_scored_total{job="rupeestream",instance="scorer"}', '0+125x40')],
  },
]

/** Every alert rule there is. `npm run observability` writes Prometheus's and Grafana's files from it. */
export const alertRules: readonly AlertRule[] = [...domain, ...operations]

export const ruleNamed = (name: string): AlertRule => {
  const rule = alertRules.find((one) => one.name === name)
  if (rule === undefined) throw new RangeError(`no alert rule is called ${name}`)
  return rule
}
