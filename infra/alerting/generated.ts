import { stringify } from 'yaml'
import { grafanaRules } from './grafana-rules.ts'
import { prometheusRules, prometheusRuleTests } from './prometheus-rules.ts'
import { alertmanagerConfig } from './routing.ts'
import { alertRules } from './rules.ts'

const head = '# Made from infra/alerting by `npm run observability`.\n'

const yaml = (content: unknown): string => head + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })

/** The files that are made from the alert rules and their routing, by their path under infra/. */
export const alertingFiles = (): Readonly<Record<string, string>> => ({
  'prometheus/rules.yml': yaml(prometheusRules(alertRules)),
  'prometheus/rules.test.yml': yaml(prometheusRuleTests(alertRules, 'rules.yml')),
  'grafana/provisioning/alerting/rules.yaml': yaml(grafanaRules(alertRules)),
  'alertmanager/alertmanager.yml': yaml(alertmanagerConfig()),
})
