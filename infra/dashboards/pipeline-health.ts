import * as units from '@grafana/grafana-foundation-sdk/units'
import { ruleNamed } from '../alerting/rules.ts'
import { dashboard } from './layout.ts'
import { lines, signal, stat, table, timeline } from './panels.ts'
import { now, over, overs, perSecond, rows } from './queries.ts'

/** Whether the machinery runs: for who is on call. */
export const pipelineHealth = () =>
  dashboard({
    uid: 'rupeestream-pipeline',
    title: 'Rupeestream: pipeline health',
    description: 'Services, consumer groups and transactions.',
    rows: [
      {
        height: 4,
        panels: [
          stat(
            ['Services up', 'Services that Prometheus reaches, of four in a run of npm start.'],
            units.Short,
            now('sum(up{job="rupeestream"})'),
          ),
          stat(
            ['Ready', 'Services whose partitions are assigned, restored and caught up; the producer has none.'],
            units.Short,
            now('sum(rupeestream_task_ready)'),
          ),
          stat(
            ['Records waiting', 'Lag of all consumer groups together.'],
            units.Short,
            over('sum(kafka_consumergroup_lag)'),
          ),
          stat(
            ['Dead letters', 'Records put aside by the services that run.'],
            units.Short,
            now('sum(rupeestream_task_dead_letters_total)'),
          ),
          stat(
            ['Aborted transactions', 'Kafka transactions that had to be done again by the services that run.'],
            units.Short,
            now(
              'sum(rupeestream_task_aborted_transactions_total) + sum(rupeestream_producer_deliveries_total{outcome="aborted"})',
            ),
          ),
          stat(
            ['Oldest checkpoint', 'What a restart would have to fold again, at the most.'],
            units.Seconds,
            over('max(rupeestream_task_checkpoint_age_seconds)'),
          ),
        ],
      },
      {
        height: 8,
        panels: [
          lines(
            [
              'Payments by stage',
              'Payments a second at each stage: the lines lie on each other while nothing falls behind.',
            ],
            units.EventsPerSecond,
            overs({
              produced: perSecond('rupeestream_producer_transactions_total'),
              injected: perSecond('rupeestream_injector_transactions_total'),
              scored: perSecond('rupeestream_scorer_scored_total'),
              judged: perSecond('rupeestream_monitor_judged_total'),
            }),
          ),
          signal(ruleNamed('ConsumerLag'), units.Short, '{{consumergroup}}'),
        ],
      },
      {
        height: 8,
        panels: [
          lines(
            ['Committed transactions', 'Kafka transactions a second, by service.'],
            units.EventsPerSecond,
            overs({
              '{{instance}}': perSecond('rupeestream_task_transaction_duration_seconds_count', 'instance'),
              producer: perSecond('rupeestream_producer_deliveries_total{outcome="committed"}'),
            }),
          ),
          lines(
            ['Duration of a transaction, p95', 'From its begin to its commit, by service.'],
            units.Seconds,
            overs({
              '{{instance}}':
                'histogram_quantile(0.95, sum by (le, instance) (rate(rupeestream_task_transaction_duration_seconds_bucket[$__rate_interval])))',
            }),
          ),
          lines(
            [
              'Time to fold a record',
              'Decoding, folding and encoding, by topic: scorer.answers is where features and score are computed.',
            ],
            units.Seconds,
            overs({
              '{{topic}}':
                'sum by (topic) (rate(rupeestream_task_fold_seconds_total[$__rate_interval])) / (sum by (topic) (rate(rupeestream_task_consumed_records_total[$__rate_interval])) > 0)',
            }),
          ),
        ],
      },
      {
        height: 7,
        panels: [
          lines(
            ['Dead letters', 'Records put aside a second, by cause.'],
            units.EventsPerSecond,
            overs({ '{{cause}}': perSecond('rupeestream_task_dead_letters_total', 'cause') }),
          ),
          lines(
            ['Age of checkpoints', 'Of the oldest partition of each service: a saw, as high as runner.checkpointMs.'],
            units.Seconds,
            overs({ '{{instance}}': 'max by (instance) (rupeestream_task_checkpoint_age_seconds)' }),
          ),
          timeline(
            ['Ready', 'When each service was ready; 0 while it restores or catches up.'],
            over('sum by (instance) (rupeestream_task_ready)', '{{instance}}'),
          ),
        ],
      },
      {
        height: 7,
        panels: [
          lines(
            ['Memory', 'Resident memory by service.'],
            units.BytesIEC,
            overs({ '{{instance}}': 'sum by (instance) (process_resident_memory_bytes)' }),
          ),
          lines(
            ['Processor', 'Cores in use by service.'],
            units.Short,
            overs({ '{{instance}}': perSecond('process_cpu_seconds_total', 'instance') }),
          ),
          lines(
            ['Event loop lag, p99', 'How long a timer waits for its turn, by service.'],
            units.Seconds,
            overs({ '{{instance}}': 'max by (instance) (nodejs_eventloop_lag_p99_seconds)' }),
          ),
        ],
      },
      {
        height: 6,
        panels: [
          table(
            ['What runs', 'Version of each service, of Node, and when it started.'],
            rows(
              'process_start_time_seconds * on (instance) group_left (service, version, node) rupeestream_build_info',
            ),
          ),
          table(
            ['Which run', 'Seed, topic prefix and partitions.'],
            rows('max by (seed, topic_prefix, partitions) (rupeestream_run_info)'),
          ),
        ],
      },
    ],
  })
