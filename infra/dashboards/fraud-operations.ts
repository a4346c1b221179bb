import {
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  MapLayerOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { PanelBuilder as GeoMap, MapViewConfigBuilder } from '@grafana/grafana-foundation-sdk/geomap'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { ruleNamed } from '../alerting/rules.ts'
import { dashboard } from './layout.ts'
import { lines, signal, stacked, stat, table, timeline } from './panels.ts'
import { now, over, overs, rows, sql } from './queries.ts'

const newestAlerts = `SELECT received_at AS time, severity, rule_id AS rule, customer_id AS customer, city, amount, score, text, case_id
FROM alerts
WHERE $__timeFilter(received_at)
ORDER BY received_at DESC, alert_id
LIMIT 50`

const newestCases = `SELECT case_id, state, severity, customer_id AS customer, rule_id AS rule, city, alerts, amount, opened_at, last_alert_at
FROM cases
ORDER BY last_alert_at DESC, case_id
LIMIT 50`

const alertsByCity = `SELECT city, latitude, longitude, count(*) AS alerts, sum(amount) AS amount
FROM alerts
WHERE $__timeFilter(received_at) AND latitude IS NOT NULL
GROUP BY city, latitude, longitude`

const map = new GeoMap()
  .title('Alerts by city')
  .description('Where the alerted payments of the time shown were made: the larger, the more. From PostgreSQL.')
  .unit(units.Short)
  .view(new MapViewConfigBuilder().id('coords').lat(22).lon(80).zoom(4))
  .layers([
    new MapLayerOptionsBuilder()
      .type('markers')
      .name('Alerts')
      .config({ style: { size: { field: 'alerts', min: 4, max: 30 }, color: { fixed: 'red' }, opacity: 0.5 } })
      .location(
        new FrameGeometrySourceBuilder()
          .mode(FrameGeometrySourceMode.Coords)
          .latitude('latitude')
          .longitude('longitude'),
      )
      .tooltip(true),
  ])
  .targets([sql(alertsByCity)])

/** What somebody who looks after fraud has open all day. */
export const fraudOperations = () =>
  dashboard({
    uid: 'rupeestream-fraud',
    title: 'Rupeestream: fraud operations',
    description: 'What fires now, and the truth beside it: of a simulated stream one knows both.',
    rows: [
      {
        height: 4,
        panels: [
          stat(
            ['Rules firing', 'Alert rules of both groups that fire now.'],
            units.Short,
            now('count(ALERTS{alertstate="firing"}) or vector(0)'),
          ),
          stat(
            ['Alerts a minute', 'Alerts of all rules, live payments only.'],
            units.Short,
            over('60 * sum(rate(rupeestream_monitor_alerts_total[$__rate_interval]))'),
          ),
          stat(
            ['Alerted money a minute', 'Sum of the payments that alerts were raised on.'],
            units.IndianRupee,
            over('60 * sum(rate(rupeestream_monitor_alerted_rupees_total[$__rate_interval]))'),
          ),
          stat(
            ['Open cases', 'Cases with an alert within the last hour of simulated time.'],
            units.Short,
            now('sum(rupeestream_monitor_cases{state="open"})'),
          ),
          stat(
            ['Campaigns under way', 'The truth: campaigns of fraud that have begun and are not over.'],
            units.Short,
            now('sum(rupeestream_injector_active_campaigns)'),
          ),
          stat(
            ['Payment to alert, p99', 'From the moment a payment was meant to leave to the arrival of its alert.'],
            units.Seconds,
            over(
              'histogram_quantile(0.99, sum by (le) (rate(rupeestream_stage_latency_seconds_bucket{stage="alerted"}[$__rate_interval])))',
            ),
          ),
        ],
      },
      {
        height: 6,
        panels: [
          timeline(
            [
              'The truth: campaigns under way',
              'How many campaigns of each type are under way; red while there is one.',
            ],
            over('sum by (type) (rupeestream_injector_active_campaigns)', '{{type}}'),
          ),
        ],
      },
      {
        height: 6,
        panels: [
          timeline(
            ['The rules: what fires', 'When each alert rule fired, under the truth that it should follow.'],
            over('sum by (alertname) (ALERTS{alertstate="firing"})', '{{alertname}}'),
          ),
        ],
      },
      {
        height: 7,
        panels: [
          signal(ruleNamed('FraudBurst'), units.Short, '{{type}}'),
          signal(ruleNamed('CardTestingBot'), units.Short, 'customers'),
          signal(ruleNamed('PrecisionDrop'), units.PercentUnit, 'precision'),
          signal(ruleNamed('RecallDrop'), units.PercentUnit, 'recall'),
        ],
      },
      {
        height: 8,
        widths: [8, 8, 8],
        panels: [
          table(
            ['Firing now', 'Alert rules that fire now, with the labels that say about what.'],
            rows('ALERTS{alertstate="firing"}'),
          ),
          stacked(
            ['Alerts by severity', 'Alerts a second, live payments only.'],
            units.EventsPerSecond,
            overs({ '{{severity}}': 'sum by (severity) (rate(rupeestream_monitor_alerts_total[$__rate_interval]))' }),
          ),
          lines(
            [
              'Cases',
              'Open: an alert within the last hour of simulated time. Cooling: within the last day. Then closed.',
            ],
            units.Short,
            overs({ '{{state}}': 'sum by (state) (rupeestream_monitor_cases)' }),
          ),
        ],
      },
      {
        height: 10,
        widths: [9, 15],
        panels: [
          map,
          table(
            ['Newest alerts', 'The newest 50 alerts of the time shown, with their reasons. From PostgreSQL.'],
            sql(newestAlerts),
          ),
        ],
      },
      {
        height: 9,
        panels: [
          table(
            ['Newest cases', 'The 50 cases with the newest alerts: one a customer and cause. From PostgreSQL.'],
            sql(newestCases),
          ),
        ],
      },
    ],
  })
