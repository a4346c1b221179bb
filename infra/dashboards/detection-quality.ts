import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './layout.ts'
import { bars, lines, stacked, stat, table } from './panels.ts'
import { now, over, overs, rows } from './queries.ts'

const detected = 'sum by (type) (rupeestream_monitor_fraud_detected_total)'
const fraud = 'sum by (type) (rupeestream_monitor_fraud_total)'

/** How well the rules do, held against the truth. */
export const detectionQuality = () =>
  dashboard({
    uid: 'rupeestream-quality',
    title: 'Rupeestream: detection quality',
    description: 'Alerts held against ground-truth, over the live part of the run.',
    rows: [
      {
        height: 4,
        panels: [
          stat(
            ['Precision', 'Share of alerted payments that are fraud, since the live clock began.'],
            units.PercentUnit,
            over('rupeestream_monitor_precision_ratio'),
          ),
          stat(
            ['Recall', 'Share of frauds that were found, since the live clock began.'],
            units.PercentUnit,
            over('rupeestream_monitor_recall_ratio'),
          ),
          stat(
            ['Frauds', 'Frauds that truth tells of, since the live clock began.'],
            units.Short,
            now('sum(rupeestream_monitor_fraud_total)'),
          ),
          stat(
            ['Missed', 'Frauds without an alert of their own or just before. One may still be found.'],
            units.Short,
            now('sum(rupeestream_monitor_fraud_total) - sum(rupeestream_monitor_fraud_detected_total)'),
          ),
          stat(
            ['False positives', 'Alerted payments that are no fraud, or whose truth has not come yet.'],
            units.Short,
            now('sum(rupeestream_monitor_alerted_transactions_total) - sum(rupeestream_monitor_true_positives_total)'),
          ),
          stat(
            ['Time to detect, median', 'Event time from the first fraud of a campaign to its first alert.'],
            units.Seconds,
            now('histogram_quantile(0.5, sum by (le) (rupeestream_monitor_time_to_detect_seconds_bucket))'),
          ),
        ],
      },
      {
        height: 8,
        panels: [
          lines(
            ['Precision and recall of the last five minutes', 'As the alert rules see them.'],
            units.PercentUnit,
            overs({
              precision:
                'sum(increase(rupeestream_monitor_true_positives_total[5m])) / sum(increase(rupeestream_monitor_alerted_transactions_total[5m]))',
              recall:
                'sum(increase(rupeestream_monitor_fraud_detected_total[5m])) / sum(increase(rupeestream_monitor_fraud_total[5m]))',
            }),
          ),
          stacked(
            ['Alerted payments', 'True and false positives a second.'],
            units.EventsPerSecond,
            overs({
              true: 'sum(rate(rupeestream_monitor_true_positives_total[$__rate_interval]))',
              false:
                'sum(rate(rupeestream_monitor_alerted_transactions_total[$__rate_interval])) - sum(rate(rupeestream_monitor_true_positives_total[$__rate_interval]))',
            }),
          ),
        ],
      },
      {
        height: 11,
        panels: [
          bars(
            ['Recall by type', 'Share of the frauds of each type that were found.'],
            units.PercentUnit,
            now(`${detected} / (${fraud} > 0)`, '{{type}}'),
          ),
          bars(
            ['Missed by type', 'Frauds of each type that were not found.'],
            units.Short,
            now(`${fraud} - ${detected}`, '{{type}}'),
          ),
        ],
      },
      {
        height: 8,
        panels: [
          lines(
            ['Frauds by type', 'The truth: fraudulent payments a second.'],
            units.EventsPerSecond,
            overs({ '{{type}}': 'sum by (type) (rate(rupeestream_monitor_fraud_total[$__rate_interval])) > 0' }),
          ),
          lines(
            [
              'Time to detect',
              'Event time from a campaign’s first fraud to its first alert, over the whole live part.',
            ],
            units.Seconds,
            overs(
              Object.fromEntries(
                [0.5, 0.9].map((q) => [
                  `p${q * 100}`,
                  `histogram_quantile(${q}, sum by (le) (rupeestream_monitor_time_to_detect_seconds_bucket))`,
                ]),
              ),
            ),
          ),
        ],
      },
      {
        height: 10,
        panels: [
          table(
            ['Alerts by rule', 'Which rules have raised alerts since the live clock began, most first.'],
            rows('sort_desc(sum by (rule, severity) (rupeestream_monitor_alerts_total) > 0)'),
          ),
        ],
      },
    ],
  })
