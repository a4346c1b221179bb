import { type AlertGroup, type AlertRule, conditionOf, type Series } from './alert-rule.ts'

const groups: readonly AlertGroup[] = ['domain', 'operations']

/** The labels and annotations of what a rule raises, in Prometheus as in Grafana. */
export const textsOf = ({ group, severity, summary, description }: AlertRule) => ({
  labels: { group, severity },
  annotations: { summary, description },
})

/** Prometheus's rule file, as an object. */
export const prometheusRules = (rules: readonly AlertRule[]) => ({
  groups: groups.map((name) => ({
    name,
    rules: rules
      .filter(({ group }) => group === name)
      .map((rule) => ({ alert: rule.name, expr: conditionOf(rule), for: rule.holdsFor, ...textsOf(rule) })),
  })),
})

/** When promtool looks, of the ten minutes that each test has. */
const AT = '10m'
/**
 * From sample to sample, and from evaluation to evaluation. Since Prometheus 3 a range such as 1m no longer holds the
 * sample at its beginning, so samples as far apart as the range would be one at a time, and nothing to compare.
 */
const INTERVAL = '15s'

/** promtool's tests of that file: each rule with samples on which it fires, and with such on which it does not. */
export const prometheusRuleTests = (rules: readonly AlertRule[], ruleFile: string) => ({
  rule_files: [ruleFile],
  evaluation_interval: INTERVAL,
  tests: rules.flatMap((rule) => [ruleTest(rule, rule.fires, true), ruleTest(rule, rule.silent, false)]),
})

function ruleTest(rule: AlertRule, inputs: readonly Series[], fires: boolean) {
  const { labels, annotations } = textsOf(rule)
  const filled = Object.entries(rule.labels).reduce(
    (text, [label, value]) => text.replaceAll(`{{ $labels.${label} }}`, value),
    annotations.summary,
  )
  const alert = { exp_labels: { ...labels, ...rule.labels }, exp_annotations: { ...annotations, summary: filled } }
  return {
    name: `${rule.name} ${fires ? 'fires' : 'is silent'}`,
    interval: INTERVAL,
    input_series: inputs,
    alert_rule_test: [{ eval_time: AT, alertname: rule.name, exp_alerts: fires ? [alert] : [] }],
  }
}
