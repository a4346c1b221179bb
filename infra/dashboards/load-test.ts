import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './layout.ts'
import { heatmap, lines, stat } from './panels.ts'
import { buckets, now, over, overs, perSecond, quantile } from './queries.ts'

const quantiles = (histogram: string): Record<string, string> =>
  Object.fromEntries([0.5, 0.95, 0.99].map((q) => [`p${q * 100}`, quantile(q, histogram)]))

/** A load test: open loop, so what was asked for stands beside what was done. */
export const loadTest = () =>
  dashboard({
    uid: 'rupeestream-load',
    title: 'Rupeestream: load test',
    description: 'What the schedule asked for, what was sent, what Kafka acknowledged, and how late.',
    rows: [
      {
        height: 4,
        panels: [
          stat(
            ['Asked', 'Payments a second that the schedule asks for.'],
            units.EventsPerSecond,
            over(perSecond('rupeestream_producer_scheduled_total')),
          ),
          stat(
            ['Acknowledged', 'Payments a second that Kafka has committed.'],
            units.EventsPerSecond,
            over(perSecond('rupeestream_producer_acked_total')),
          ),
          stat(
            ['Shortfall', 'Payments that were due and are not sent.'],
            units.Short,
            now('sum(rupeestream_producer_shortfall)'),
          ),
          stat(
            ['Schedule lag', 'Age of the oldest payment that was due and is not committed.'],
            units.Seconds,
            over('max(rupeestream_producer_schedule_lag_seconds)'),
          ),
          stat(
            ['Within 1 s', 'Share of alerts that came within a second of the moment their payment was meant to leave.'],
            units.PercentUnit,
            over(
              'sum(rate(rupeestream_stage_latency_seconds_bucket{stage="alerted",le=~"1|1.0"}[$__rate_interval])) / sum(rate(rupeestream_stage_latency_seconds_count{stage="alerted"}[$__rate_interval]))',
            ),
          ),
          stat(
            ['Simulated clock', 'How far the stream has come.'],
            units.DatetimeISO,
            now('1000 * max(rupeestream_producer_simulated_time_seconds)'),
          ),
        ],
      },
      {
        height: 9,
        panels: [
          lines(
            [
              'Asked, sent, acknowledged',
              'Payments a second: what is asked and not acknowledged waits, or falls short.',
            ],
            units.EventsPerSecond,
            overs({
              asked: perSecond('rupeestream_producer_scheduled_total'),
              sent: perSecond('rupeestream_producer_sent_total'),
              acknowledged: perSecond('rupeestream_producer_acked_total'),
            }),
          ),
          lines(
            ['Behind the schedule', 'Payments due and not sent, and sent and not acknowledged.'],
            units.Short,
            overs({
              shortfall: 'sum(rupeestream_producer_shortfall)',
              'in flight': 'sum(rupeestream_producer_sent_total) - sum(rupeestream_producer_acked_total)',
            }),
          ),
        ],
      },
      {
        height: 9,
        panels: [
          lines(
            [
              'Intended moment to acknowledgement',
              'Waiting for a slow broker included: nothing is left out because it was late.',
            ],
            units.Seconds,
            overs(quantiles('rupeestream_producer_ack_latency_seconds')),
          ),
          lines(
            ['Intended moment to each stage, p99', 'Injected, scored and alerted.'],
            units.Seconds,
            overs({ '{{stage}}': quantile(0.99, 'rupeestream_stage_latency_seconds', 'stage') }),
          ),
        ],
      },
      {
        height: 9,
        panels: [
          heatmap(
            ['Acknowledgement latency', 'How many payments took how long from the intended moment to the commit.'],
            units.Seconds,
            buckets('sum by (le) (increase(rupeestream_producer_ack_latency_seconds_bucket[$__rate_interval]))'),
          ),
          lines(
            ['Deliveries', 'Kafka transactions of the producer a second, by how they ended.'],
            units.EventsPerSecond,
            overs({ '{{outcome}}': perSecond('rupeestream_producer_deliveries_total', 'outcome') }),
          ),
        ],
      },
    ],
  })
