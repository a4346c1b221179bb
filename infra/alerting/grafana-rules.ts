import type { AlertRule } from './alert-rule.ts'
import { textsOf } from './prometheus-rules.ts'

/** The data source of Prometheus, as Grafana's provisioning names it. */
export const prometheusUid = 'prometheus'

const evaluator = { '>': 'gt', '<': 'lt' } as const

/** Seconds back that a query may look at. */
const RANGE_SECONDS = 600

/** Grafana's provisioning file of alert rules, as an object: the same conditions, evaluated by Grafana itself. */
export const grafanaRules = (rules: readonly AlertRule[]) => ({
  apiVersion: 1,
  groups: [...new Set(rules.map(({ group }) => group))].map((name) => ({
    orgId: 1,
    name,
    folder: 'Rupeestream',
    interval: '15s',
    rules: rules.filter(({ group }) => group === name).map(grafanaRule),
  })),
})

function grafanaRule(rule: AlertRule) {
  const { name, value, operator, limit, holdsFor } = rule
  const { labels, annotations } = textsOf(rule)
  return {
    uid: `rupeestream-${name.toLowerCase()}`,
    title: name,
    condition: 'B',
    data: [
      {
        refId: 'A',
        relativeTimeRange: { from: RANGE_SECONDS, to: 0 },
        datasourceUid: prometheusUid,
        model: { refId: 'A', expr: value, instant: true, range: false },
      },
      {
        refId: 'B',
        datasourceUid: '__expr__',
        model: {
          refId: 'B',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: evaluator[operator], params: [limit] } }],
        },
      },
    ],
    // As in Prometheus, where a condition about nothing raises nothing.
    noDataState: 'OK',
    execErrState: 'Error',
    for: holdsFor,
    labels,
    annotations,
  }
}
